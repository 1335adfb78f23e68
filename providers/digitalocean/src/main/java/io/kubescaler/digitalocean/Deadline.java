package io.kubescaler.digitalocean;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The moment by which one call of the provider must have ended, however many requests it takes, and whether the call is
 * for an order, whose requests may use what is kept of the rate for orders. Immutable and thread-safe.
 */
final class Deadline {
    private final LongSupplier nanoTime;
    private final long end;
    private final Duration total;
    private final boolean forOrder;

    private Deadline(LongSupplier nanoTime, long end, Duration total, boolean forOrder) {
        this.nanoTime = nanoTime;
        this.end = end;
        this.total = total;
        this.forOrder = forOrder;
    }

    /** Returns the deadline so long from now, on a clock like {@link System#nanoTime}. */
    static Deadline in(Duration total, LongSupplier nanoTime) {
        return new Deadline(nanoTime, nanoTime.getAsLong() + total.toNanos(), total, false);
    }

    /** Returns the same deadline for a call that is for an order. */
    Deadline forOrders() {
        return new Deadline(nanoTime, end, total, true);
    }

    /** Returns whether the call is for an order. */
    boolean isForOrder() {
        return forOrder;
    }

    /** Returns the earlier of this deadline and the one so long from now. */
    Deadline atMost(Duration longest) {
        return longest.compareTo(remaining()) < 0
                ? new Deadline(nanoTime, nanoTime.getAsLong() + longest.toNanos(), longest, forOrder)
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
