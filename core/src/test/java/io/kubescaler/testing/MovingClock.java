package io.kubescaler.testing;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/** A wall clock in UTC that starts at a given time and moves with a monotonic clock. Thread-safe if that is. */
public final class MovingClock extends Clock {
    private final Instant start;
    private final LongSupplier nanoTime;
    private final long origin;

    /**
     * @param start what it says first
     * @param nanoTime the clock that it moves with, in nanoseconds
     */
    public MovingClock(Instant start, LongSupplier nanoTime) {
        this.start = start;
        this.nanoTime = nanoTime;
        origin = nanoTime.getAsLong();
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new IllegalArgumentException("this clock has no zone but UTC");
    }

    @Override
    public Instant instant() {
        return start.plusNanos(nanoTime.getAsLong() - origin);
    }
}
