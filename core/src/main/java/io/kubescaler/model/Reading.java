package io.kubescaler.model;

import java.util.Optional;

/**
 * The outcome of reading one side of a pool: the value, or why there is none. Immutable and thread-safe.
 *
 * @param <T> what was read
 */
public sealed interface Reading<T> {
    /** It was read, and is current. */
    record Known<T>(T value) implements Reading<T> {}

    /**
     * It could not be read, or what was read is too old to act on.
     *
     * @param why a sentence for people, without secrets
     * @param recent what was read last, when that is recent enough for what needs no fresh answer; empty otherwise
     */
    record Unreadable<T>(String why, Optional<T> recent) implements Reading<T> {}

    /** Returns the value, else what was read last when that is recent; empty when there is neither. */
    default Optional<T> knownOrRecent() {
        return this instanceof Known<T> known ? Optional.of(known.value()) : ((Unreadable<T>) this).recent();
    }

    /** Returns the reading of a value. */
    static <T> Reading<T> known(T value) {
        return new Known<>(value);
    }

    /** Returns the reading that failed for that reason. */
    static <T> Reading<T> unreadable(String why) {
        return new Unreadable<>(why, Optional.empty());
    }
}
