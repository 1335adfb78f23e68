package io.kubescaler.control;

import io.kubescaler.model.Instance;
import io.kubescaler.model.MachineIdentity;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolIdentities;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Looks for machines without a node in the pool among the other nodes of the cluster: a node may have lost the labels of
 * the selector. A look goes through all nodes for each such machine, so there is one in each interval, and one when a
 * further machine is without a node. For one thread.
 */
final class OtherNodes {
    private final Cluster cluster;
    private final LongSupplier nanoTime;
    private final Duration interval;
    private long lookedAtNanos;
    private Set<String> lookedFor = Set.of();
    private Set<String> found = Set.of();

    OtherNodes(Cluster cluster, LongSupplier nanoTime, Duration interval) {
        this.cluster = cluster;
        this.nanoTime = nanoTime;
        this.interval = interval;
    }

    /** Returns the ids of those machines that have, or may have, a node outside the pool. */
    Set<String> among(Set<String> withoutNode, PoolDescription pool) {
        long now = nanoTime.getAsLong();
        boolean known = lookedFor.containsAll(withoutNode) && now - lookedAtNanos < interval.toNanos();
        // what has got a node since is looked for anew when it loses that
        lookedFor = withoutNode;
        if (!known) {
            lookedAtNanos = now;
            PoolIdentities identities = PoolIdentities.of(pool);
            found = pool.instances().stream()
                    .filter(instance -> withoutNode.contains(instance.id()))
                    .filter(instance -> cluster.hasNode(new MachineIdentity(instance, identities)))
                    .map(Instance::id)
                    .collect(Collectors.toUnmodifiableSet());
        }
        return found.stream().filter(withoutNode::contains).collect(Collectors.toUnmodifiableSet());
    }
}
