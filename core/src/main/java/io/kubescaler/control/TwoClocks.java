package io.kubescaler.control;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Tells how long ago something was, by the clock that says more: one that never jumps may stand still while the machine
 * is suspended, and the wall clock goes on then. When the wall clock has been set back, neither can tell. Immutable and
 * thread-safe.
 *
 * @param nanoTime a clock that never jumps, in nanoseconds
 * @param wall the wall clock
 */
public record TwoClocks(LongSupplier nanoTime, InstantSource wall) {
    /** How long ago something was when that cannot be told: longer than anything is good for. */
    public static final Duration UNKNOWN = Duration.ofDays(365);

    // a wall clock that is a little wrong is not set back but slowed down
    private static final Duration SLOWED_DOWN = Duration.ofSeconds(1);

    /** A time on both clocks. */
    public record Moment(long nanos, Instant at) {}

    /** Returns the time. */
    public Moment now() {
        return new Moment(nanoTime.getAsLong(), wall.instant());
    }

    /**
     * Returns how long ago that was; {@link #UNKNOWN} when the wall clock has lost more than a second since then against
     * the other: it was set back, and that may hide for how long the machine was suspended.
     */
    public Duration since(Moment then) {
        Duration monotonic = Duration.ofNanos(nanoTime.getAsLong() - then.nanos());
        Duration byWall = Duration.between(then.at(), wall.instant());
        if (byWall.plus(SLOWED_DOWN).compareTo(monotonic) < 0) {
            return UNKNOWN;
        }
        return monotonic.compareTo(byWall) >= 0 ? monotonic : byWall;
    }
}
