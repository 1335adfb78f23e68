package io.kubescaler.digitalocean;

import io.kubescaler.digitalocean.RequestLimiter.Use;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The moment by which one call of the provider must have ended, however many requests it takes, and what the call is for,
 * which says what part of the rate its requests may use. Immutable and thread-safe.
 */
final class Deadline {
    private final LongSupplier nanoTime;
    private final long end;
    private final Duration total;
    private final Use use;

    private Deadline(LongSupplier nanoTime, long end, Duration total, Use use) {
        this.nanoTime = nanoTime;
        this.end = end;
        this.total = total;
        this.use = use;
    }

    /** Returns the deadline so long from now, on a clock like {@link System#nanoTime}. */
    static Deadline in(Duration total, LongSupplier nanoTime) {
        return new Deadline(nanoTime, nanoTime.getAsLong() + total.toNanos(), total, Use.READ);
    }

    /** Returns the same deadline for a call that is for something else. */
    Deadline forUse(Use other) {
        return new Deadline(nanoTime, end, total, other);
    }

    /** Returns what the call is for: reading, unless said otherwise. */
    Use use() {
        return use;
    }

    /** Returns the earlier of this deadline and the one so long from now. */
    Deadline atMost(Duration longest) {
        return longest.compareTo(remaining()) < 0
                ? new Deadline(nanoTime, nanoTime.getAsLong() + longest.toNanos(), longest, use)
                : this;
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
