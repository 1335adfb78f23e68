package io.kubescaler.app.simulate;

import java.time.Duration;
import java.util.List;

/**
 * What a policy did with a trace. Immutable and thread-safe.
 *
 * @param cell the policy
 * @param waits how long each server waited for room, shortest first; one that never had any waited until the end
 * @param machineTime how long all machines together existed, from their order to their end
 * @param peakNodes the most nodes at once
 * @param passes how many passes the controller made
 * @param nodesOrdered how many nodes were ordered, those of the start not included
 * @param changes how often a node was set aside or taken back
 */
record Outcome(
        Grid.Cell cell,
        List<Duration> waits,
        Duration machineTime,
        int peakNodes,
        long passes,
        long nodesOrdered,
        long changes) {
    private static final Duration SECOND = Duration.ofSeconds(1);

    Outcome {
        waits = waits.stream().sorted().toList();
    }

    /** Returns how many servers found no room at once. */
    long waited() {
        return waits.stream().filter(wait -> !wait.isZero()).count();
    }

    /** Returns how many servers waited for more than a second. */
    long waitedOverOneSecond() {
        return waits.stream().filter(wait -> wait.compareTo(SECOND) > 0).count();
    }

    /** Returns the share of servers that found no room at once; 0 to 1. */
    double waitShare() {
        return (double) waited() / waits.size();
    }

    /**
     * Returns how long such a share of all servers waited at most; most wait for nothing.
     *
     * @param share above 0; 0.5 for the median, 1 for the longest wait
     */
    Duration waitOf(double share) {
        return waits.get((int) Math.ceil(share * waits.size()) - 1);
    }

    /** Returns how many node-hours it took. */
    double nodeHours() {
        return machineTime.toNanos() / 3.6e12;
    }
}
