package io.kubescaler.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the user asks of a pool. Immutable and thread-safe.
 *
 * @param pool the pool's name
 * @param selector which nodes are the pool's
 * @param serverSelector which pods are its dedicated servers
 * @param protectedPods which other pods keep their node as a server does, on the nodes of any pool; none of them is demand
 * @param slotSize what one server asks for; CPU at least. {@link Resources#PODS} = 1 is added to it
 * @param buffer how many slots must stand free; 0 or more
 * @param minimum the fewest nodes; 0 or more
 * @param maximum the most nodes; at least {@code minimum} and at least 1
 * @param emptyNodeExpiration how long a cordoned node must have been without servers before it is deleted; 0 or more
 * @param provisioningTimeout after how long a machine that is not Ready is no longer expected; above 0
 * @param cordonDelay how long a surplus must have lasted before a node is cordoned for it; 0 or more
 * @param startupTaints keys of taints that a node carries until it is fit for servers
 * @param nodeAllocatable what a new node offers, for a pool of which neither the cloud nor a node tells: CPU and
 *     whatever else is known of it; empty when not configured
 * @param otherPools the other pools of the same configuration
 */
public record PoolPolicy(
        String pool,
        LabelSelector selector,
        LabelSelector serverSelector,
        List<LabelSelector> protectedPods,
        Resources slotSize,
        int buffer,
        int minimum,
        int maximum,
        Duration emptyNodeExpiration,
        Duration provisioningTimeout,
        Duration cordonDelay,
        Set<String> startupTaints,
        Optional<Resources> nodeAllocatable,
        List<OtherPool> otherPools) {

    /**
     * Another pool, to which a server may belong that this one does not take.
     *
     * @param selector which nodes are its own
     * @param serverSelector which pods are its dedicated servers
     */
    public record OtherPool(LabelSelector selector, LabelSelector serverSelector) {}

    public PoolPolicy {
        require(slotSize.get(Resources.CPU) > 0, "slotSize names no CPU: " + slotSize);
        require(buffer >= 0, "buffer is %d; it cannot be below 0".formatted(buffer));
        require(minimum >= 0, "minimum is %d; it cannot be below 0".formatted(minimum));
        require(maximum >= 1, "maximum is %d; it must be at least 1".formatted(maximum));
        require(minimum <= maximum, "minimum %d is above maximum %d".formatted(minimum, maximum));
        require(!emptyNodeExpiration.isNegative(), "emptyNodeExpiration is negative: " + emptyNodeExpiration);
        require(
                !provisioningTimeout.isNegative() && !provisioningTimeout.isZero(),
                "provisioningTimeout must be above 0: " + provisioningTimeout);
        require(!cordonDelay.isNegative(), "cordonDelay is negative: " + cordonDelay);
        nodeAllocatable.ifPresent(it -> require(it.get(Resources.CPU) > 0, "nodeAllocatable names no CPU: " + it));
        slotSize = slotSize.with(Resources.PODS, 1);
        protectedPods = List.copyOf(protectedPods);
        startupTaints = Set.copyOf(startupTaints);
        otherPools = List.copyOf(otherPools);
    }

    /** Returns this policy for a pool that is one of several. */
    public PoolPolicy beside(List<OtherPool> others) {
        return new PoolPolicy(
                pool,
                selector,
                serverSelector,
                protectedPods,
                slotSize,
                buffer,
                minimum,
                maximum,
                emptyNodeExpiration,
                provisioningTimeout,
                cordonDelay,
                startupTaints,
                nodeAllocatable,
                others);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
