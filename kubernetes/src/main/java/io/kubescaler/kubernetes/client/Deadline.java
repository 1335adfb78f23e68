package io.kubescaler.kubernetes.client;

import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/** The moment by which one call must have ended, however many requests it takes. Immutable and thread-safe. */
public final class Deadline {
    private final LongSupplier nanoTime;
    private final Duration total;
    private final long endNanos;

    private Deadline(LongSupplier nanoTime, Duration total) {
        this.nanoTime = nanoTime;
        this.total = total;
        this.endNanos = nanoTime.getAsLong() + total.toNanos();
    }

    /** Returns the deadline so long from now, on a clock that never jumps, in nanoseconds. */
    public static Deadline in(Duration total, LongSupplier nanoTime) {
        return new Deadline(nanoTime, total);
    }

    /**
     * Returns how long the next request may take: as long as is given, or less where less is left.
     *
     * @throws IOException when no time is left
     */
    public Duration atMost(Duration one) throws IOException {
        Duration left = Duration.ofNanos(endNanos - nanoTime.getAsLong());
        // requests are limited in whole milliseconds
        if (left.toMillis() <= 0) {
            throw new IOException("it took longer than %d s as a whole".formatted(total.toSeconds()));
        }
        return left.compareTo(one) < 0 ? left : one;
    }
}
