package io.kubescaler.app.kubernetes;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Says whether what has been watched may be relied on: it was listed completely, and the watch has shown signs of life
 * since, the last one not too long ago. Thread-safe.
 */
final class Freshness {
    private final String what;
    private final LongSupplier nanoTime;
    private final Duration bound;
    private boolean synced;
    private boolean closed;
    private long lists;
    private long aliveAtNanos;
    private Optional<String> trouble = Optional.empty();

    /**
     * @param what what is watched, in the plural
     * @param nanoTime a clock that never jumps, in nanoseconds
     * @param bound how old the last sign of life may be
     */
    Freshness(String what, LongSupplier nanoTime, Duration bound) {
        this.what = what;
        this.nanoTime = nanoTime;
        this.bound = bound;
        aliveAtNanos = nanoTime.getAsLong();
    }

    /** All is being listed; until that is done, what is there is a mixture. */
    synchronized void listing() {
        synced = false;
        lists++;
    }

    /** All has been listed. */
    synchronized void synced() {
        synced = true;
        alive();
    }

    /** The server has shown that it still tells of changes. */
    synchronized void alive() {
        aliveAtNanos = nanoTime.getAsLong();
        trouble = Optional.empty();
    }

    /** A request failed. */
    synchronized void failed(String why) {
        trouble = Optional.of(why);
    }

    /** Nothing is watched any more. */
    synchronized void closed() {
        closed = true;
    }

    /** Returns whether the last sign of life is older than the bound. */
    synchronized boolean silentForTooLong() {
        return silence().compareTo(bound) > 0;
    }

    /** Returns how often all has been listed: what was read while this changed may be a mixture. */
    synchronized long lists() {
        return lists;
    }

    /** Returns why the state may not be relied on; empty when it may. */
    synchronized Optional<String> whyNot() {
        String because = trouble.map(why -> ": " + why).orElse("");
        if (closed) {
            return Optional.of("the %s of the cluster are no longer watched".formatted(what));
        }
        if (!synced) {
            return Optional.of("the %s of the cluster %s%s"
                    .formatted(what, lists > 1 ? "are being listed anew" : "have not been read yet", because));
        }
        return silentForTooLong()
                ? Optional.of("nothing has been heard of the %s of the cluster for %d s%s"
                        .formatted(what, silence().toSeconds(), because))
                : Optional.empty();
    }

    private Duration silence() {
        return Duration.ofNanos(nanoTime.getAsLong() - aliveAtNanos);
    }
}
