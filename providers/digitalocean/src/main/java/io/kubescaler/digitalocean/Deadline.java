package io.kubescaler.digitalocean;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The moment by which one call of the provider must have ended, however many requests it takes. Immutable and
 * thread-safe.
 */
final class Deadline {
    private final LongSupplier nanoTime;
    private final long end;
    private final Duration total;

    private Deadline(LongSupplier nanoTime, long end, Duration total) {
        this.nanoTime = nanoTime;
        this.end = end;
        this.total = total;
    }

    /** Returns the deadline so long from now, on a clock like {@link System#nanoTime}. */
    static Deadline in(Duration total, LongSupplier nanoTime) {
        return new Deadline(nanoTime, nanoTime.getAsLong() + total.toNanos(), total);
    }

    /** Returns the earlier of this deadline and the one so long from now. */
    Deadline atMost(Duration longest) {
        return longest.compareTo(remaining()) < 0 ? in(longest, nanoTime) : this;
    }

    /** Returns how much time is left, 0 when it is over. */
    Duration remaining() {
        return Duration.ofNanos(Math.max(0, end - nanoTime.getAsLong()));
    }

    /** Returns whether no time is left. */
    boolean isOver() {
        return remaining().isZero();
    }

    /** Returns how long it was from the start to the end. */
    Duration total() {
        return total;
    }
}
