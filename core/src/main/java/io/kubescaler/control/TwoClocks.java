package io.kubescaler.control;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Tells how long ago something was, by the clock that says more: one that never jumps may stand still while the machine
 * is suspended, and one that goes on then may be set back. Immutable and thread-safe.
 *
 * @param nanoTime a clock that never jumps, in nanoseconds
 * @param wall the wall clock
 */
public record TwoClocks(LongSupplier nanoTime, InstantSource wall) {
    /** A time on both clocks. */
    public record Moment(long nanos, Instant at) {}

    /** Returns the time. */
    public Moment now() {
        return new Moment(nanoTime.getAsLong(), wall.instant());
    }

    /** Returns how long ago that was. */
    public Duration since(Moment then) {
        Duration monotonic = Duration.ofNanos(nanoTime.getAsLong() - then.nanos());
        Duration byWall = Duration.between(then.at(), wall.instant());
        return monotonic.compareTo(byWall) >= 0 ? monotonic : byWall;
    }
}
