package io.kubescaler.kubernetes.watch;

import java.time.Duration;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/** How long to pause after failures in a row: doubled each time, less up to a half at random. Not thread-safe. */
final class Backoff {
    private static final int MOST_DOUBLINGS = 30;

    private final Duration first;
    private final Duration longest;
    private final DoubleSupplier random;
    private int failures;

    /** @param random numbers from 0 to below 1 */
    Backoff(Duration first, Duration longest, DoubleSupplier random) {
        this.first = first;
        this.longest = longest;
        this.random = random;
    }

    /** Returns how many failures in a row there have been. */
    int failures() {
        return failures;
    }

    /** Starts anew: something worked. */
    void reset() {
        failures = 0;
    }

    /**
     * Returns the pause after one more failure.
     *
     * @param atLeast what the server asks for; empty when it does not
     */
    Duration next(Optional<Duration> atLeast) {
        Duration doubled = first.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        Duration full = doubled.compareTo(longest) > 0 ? longest : doubled;
        Duration pause = full.minusNanos((long) (full.toNanos() * random.getAsDouble() / 2));
        return atLeast.filter(asked -> asked.compareTo(pause) > 0).orElse(pause);
    }
}
