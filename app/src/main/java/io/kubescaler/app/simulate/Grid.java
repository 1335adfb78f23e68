package io.kubescaler.app.simulate;

import io.kubescaler.simulated.DurationDistribution;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What is to be simulated: each buffer with each expiration, all else the same. Immutable and thread-safe.
 *
 * @param slotsPerNode how many servers a node takes; above 0
 * @param bootTime how long a machine takes from its order until its node is Ready
 * @param buffers slots that are to stand free; 0 or more
 * @param expirations how long an empty node is kept; 0 or more
 * @param minimum the fewest nodes; 0 or more
 * @param maximum the most nodes; at least {@code minimum} and at least 1
 * @param provisioningTimeout after how long the scaler gives a machine up; above 0
 * @param cordonDelay how long a surplus must have lasted before a node is set aside for it; 0 or more
 * @param seed where everything random comes from
 * @param pricePerHour what a node costs in an hour; empty when no cost is wanted
 */
record Grid(
        int slotsPerNode,
        DurationDistribution bootTime,
        List<Integer> buffers,
        List<Duration> expirations,
        int minimum,
        int maximum,
        Duration provisioningTimeout,
        Duration cordonDelay,
        long seed,
        OptionalDouble pricePerHour) {
    Grid {
        buffers = List.copyOf(buffers);
        expirations = List.copyOf(expirations);
    }

    /**
     * One of its policies.
     *
     * @param buffer slots that are to stand free
     * @param expiration how long an empty node is kept
     */
    record Cell(int buffer, Duration expiration) {}

    /** Returns its policies, by buffer and then by expiration, as they were given. */
    List<Cell> cells() {
        return buffers.stream()
                .flatMap(buffer -> expirations.stream().map(expiration -> new Cell(buffer, expiration)))
                .toList();
    }
}
