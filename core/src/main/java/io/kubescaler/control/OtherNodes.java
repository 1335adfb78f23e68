package io.kubescaler.control;

import io.kubescaler.model.Instance;
import io.kubescaler.model.MachineIdentity;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolHistory.Awaited;
import io.kubescaler.model.PoolIdentities;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Looks for machines without a fit node in the pool among the other nodes of the cluster: a node may have lost the labels of
 * the selector, or a kubelet have registered anew without them. For one thread.
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

    /**
     * Returns the ids of those machines that have, or may have, a node outside the pool. One that has a node in the pool may be
     * another that tells its identity, or that tells none and hosts servers or protected pods; whatever else tells nothing must not keep it.
     */
    Set<String> among(Map<String, Awaited> awaited, PoolDescription pool) {
        Set<String> withNode = new HashSet<>();
        Set<String> withoutNode = new HashSet<>();
        awaited.forEach((id, machine) -> (machine.node().isPresent() ? withNode : withoutNode).add(id));
        Set<String> all = new HashSet<>(ofThoseWithout(withoutNode, pool));
        all.addAll(ofThoseWith(withNode, pool));
        return all;
    }

    // Each machine costs a walk over all nodes. So there is one look in each interval, and one more when a further
    // machine is without a node.
    private Set<String> ofThoseWithout(Set<String> withoutNode, PoolDescription pool) {
        long now = nanoTime.getAsLong();
        boolean known = lookedFor.containsAll(withoutNode) && now - lookedAtNanos < interval.toNanos();
        // what has got a node since is looked for anew when it loses that
        lookedFor = withoutNode;
        if (!known) {
            lookedAtNanos = now;
            PoolIdentities identities = PoolIdentities.of(pool);
            Set<String> those = new HashSet<>();
            for (Instance instance : instances(withoutNode, pool)) {
                if (cluster.hasNode(new MachineIdentity(instance, identities))) {
                    those.add(instance.id());
                }
            }
            found = those;
        }
        Set<String> still = new HashSet<>(found);
        still.retainAll(withoutNode);
        return still;
    }

    private Set<String> ofThoseWith(Set<String> withNode, PoolDescription pool) {
        // as in nearly every pass
        if (withNode.isEmpty()) {
            return Set.of();
        }
        List<Instance> instances = instances(withNode, pool);
        List<Node> outside = cluster.nodesOutside(PoolIdentities.of(pool.instanceIdLabel(), instances));
        if (outside.isEmpty()) {
            return Set.of();
        }
        PoolIdentities identities = PoolIdentities.of(pool);
        Set<String> those = new HashSet<>();
        for (Instance instance : instances) {
            MachineIdentity machine = new MachineIdentity(instance, identities);
            if (outside.stream()
                    .anyMatch(node -> machine.is(node) || (machine.mayBe(node) && !machine.isOlder(node)))) {
                those.add(instance.id());
            }
        }
        return those;
    }

    private static List<Instance> instances(Set<String> ids, PoolDescription pool) {
        return pool.instances().stream()
                .filter(instance -> ids.contains(instance.id()))
                .toList();
    }
}
