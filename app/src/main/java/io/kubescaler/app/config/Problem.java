package io.kubescaler.app.config;

import java.util.Optional;

/**
 * One thing wrong with the configuration. Holds no secrets. Immutable and thread-safe.
 *
 * @param key the key, below {@code kubescaler}, such as {@code node-pools[0].buffer-slot-size}; empty when the trouble
 *     is with a whole source, such as a file that cannot be read
 * @param value the value that was given; empty when none was, or when it must not be shown
 * @param origin where it came from: {@code FILE:LINE}, {@code variable NAME}, {@code --set} or {@code default}; for a
 *     missing key, where it may be set
 * @param message what is wrong and what would be right, as a clause that follows the key and the value
 */
public record Problem(String key, Optional<String> value, String origin, String message) {
    /** Returns the problem in one line. */
    @Override
    public String toString() {
        String subject =
                key + value.map(text -> key.isEmpty() ? text : " = " + text).orElse("");
        return origin + ": " + (subject.isEmpty() ? "" : subject + " ") + message;
    }
}
