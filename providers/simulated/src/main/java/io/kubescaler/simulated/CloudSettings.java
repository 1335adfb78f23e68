package io.kubescaler.simulated;

import io.kubescaler.model.Resources;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How a simulated cloud and its one pool behave. Immutable and thread-safe.
 *
 * @param pool the pool's name; its nodes are named after it
 * @param initialSize the machines that the pool has at the start, all running
 * @param bootTime how long a machine takes from its order until its node registers
 * @param deletionTime how long a machine stays after its deletion was taken
 * @param stuckShare the share of machines that never come up and never say so; 0 to 1
 * @param failedShare the share of machines that fail when they should come up; 0 to 1, with the stuck ones at most 1
 * @param quota the most nodes that the pool may have; empty when there is no limit
 * @param requestsPerMinute how many requests the cloud takes in a minute; empty when there is no limit
 * @param allocatable what pods may use of a node, {@link Resources#PODS} included
 * @param labels the labels of each node
 */
public record CloudSettings(
        String pool,
        int initialSize,
        DurationDistribution bootTime,
        DurationDistribution deletionTime,
        double stuckShare,
        double failedShare,
        OptionalInt quota,
        OptionalInt requestsPerMinute,
        Resources allocatable,
        Map<String, String> labels) {

    public CloudSettings {
        require(initialSize >= 0, "the initial size is %d; it cannot be below 0".formatted(initialSize));
        require(
                stuckShare >= 0 && failedShare >= 0 && stuckShare + failedShare <= 1,
                "the shares of stuck (%s) and failed machines (%s) must be between 0 and 1, also together"
                        .formatted(stuckShare, failedShare));
        require(
                quota.orElse(initialSize) >= initialSize,
                "the quota is %d; it cannot be below the initial size %d".formatted(quota.orElse(0), initialSize));
        require(
                requestsPerMinute.orElse(1) >= 1,
                "the rate limit is %d; it must be at least 1".formatted(requestsPerMinute.orElse(0)));
        labels = Map.copyOf(labels);
    }

    /** Returns a pool that boots in a minute, deletes in 20 seconds, never fails and has no limits. */
    public static CloudSettings of(String pool, int initialSize, Resources allocatable, Map<String, String> labels) {
        return new CloudSettings(
                pool,
                initialSize,
                DurationRange.constant(Duration.ofMinutes(1)),
                DurationRange.constant(Duration.ofSeconds(20)),
                0,
                0,
                OptionalInt.empty(),
                OptionalInt.empty(),
                allocatable,
                labels);
    }

    /** Returns these settings with other times. */
    public CloudSettings withTimes(DurationDistribution boot, DurationDistribution deletion) {
        return new CloudSettings(
                pool,
                initialSize,
                boot,
                deletion,
                stuckShare,
                failedShare,
                quota,
                requestsPerMinute,
                allocatable,
                labels);
    }

    /** Returns these settings with other shares of machines that never come. */
    public CloudSettings withShares(double stuck, double failed) {
        return new CloudSettings(
                pool,
                initialSize,
                bootTime,
                deletionTime,
                stuck,
                failed,
                quota,
                requestsPerMinute,
                allocatable,
                labels);
    }

    /** Returns these settings with other limits. */
    public CloudSettings withLimits(OptionalInt nodes, OptionalInt requestsEachMinute) {
        return new CloudSettings(
                pool,
                initialSize,
                bootTime,
                deletionTime,
                stuckShare,
                failedShare,
                nodes,
                requestsEachMinute,
                allocatable,
                labels);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
