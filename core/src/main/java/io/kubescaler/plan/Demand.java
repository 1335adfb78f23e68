package io.kubescaler.plan;

import io.kubescaler.model.Node;
import io.kubescaler.model.NodeTemplate;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolPolicy.OtherPool;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Resources;
import io.kubescaler.model.Taint;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** The servers that wait for a node, as far as they are this pool's. Made for one pass. */
final class Demand {
    private final PoolPolicy policy;
    private final Placement placement;
    private final OptionalLong slotsPerNewNode;
    private final Set<Taint> taints;
    private final List<WaitingServers> placeable = new ArrayList<>();
    private final List<Refused> refused = new ArrayList<>();
    private boolean mayArrive;

    /**
     * Servers that cannot be placed on a node of the pool, and nobody else is known to take.
     *
     * @param why what is in their way, in words
     */
    record Refused(WaitingServers servers, String why) {}

    private Demand(PoolPolicy policy, Placement placement, OptionalLong slotsPerNewNode, Set<Taint> taints) {
        this.policy = policy;
        this.placement = placement;
        this.slotsPerNewNode = slotsPerNewNode;
        this.taints = taints;
    }

    /**
     * Looks at the servers that are on no node.
     *
     * @param slotsPerNewNode slots that a new node will have; empty when not known
     * @param triedInVain whether, for all that is known, nodes came when they were ordered for servers that still wait
     */
    static Demand of(
            PoolPolicy policy,
            ClusterState cluster,
            Optional<NodeTemplate> template,
            OptionalLong slotsPerNewNode,
            boolean triedInVain,
            Instant now) {
        // nearly every pass finds none
        List<Node> nodes = cluster.unplaced().isEmpty() ? List.of() : cluster.nodes();
        NewNode newNode = new NewNode(policy, nodes, template, now);
        Demand demand = new Demand(
                policy,
                new Placement(policy, nodes, newNode, triedInVain, now),
                slotsPerNewNode,
                taints(policy, nodes, now));
        WaitingServers.of(cluster.unplaced(), policy.otherPools()).forEach(servers -> demand.add(servers, now));
        demand.mayArrive = anyMayArrive(cluster.unplaced(), policy) || anyMayArrive(cluster.otherUnplaced(), policy);
        return demand;
    }

    private static boolean anyMayArrive(List<Pod> unplaced, PoolPolicy policy) {
        for (Pod pod : unplaced) {
            if (WaitingServers.isForTheScheduler(pod)
                    && !pod.waiting().constraints().exclude(policy.selector())) {
                return true;
            }
        }
        return false;
    }

    private static Set<Taint> taints(PoolPolicy policy, List<Node> nodes, Instant now) {
        Set<Taint> taints = new HashSet<>();
        for (Node node : nodes) {
            if (Fitness.hasSettled(node, now)) {
                taints.addAll(Fitness.lastingTaints(node.taints(), policy));
            }
        }
        return taints;
    }

    private void add(WaitingServers servers, Instant now) {
        Optional<String> obstacle = placement.obstacle(servers);
        if (obstacle.isEmpty()) {
            placeable.add(servers);
        } else if (isOurs(servers, now)) {
            refused.add(new Refused(servers, obstacle.get()));
        }
    }

    // one that asks for the nodes of another pool is that one's; of one that any may take, each says so when all have
    // had
    // their time
    private boolean isOurs(WaitingServers servers, Instant now) {
        boolean maySomeOther = policy.otherPools().stream().anyMatch(other -> mayTake(other, servers));
        return !maySomeOther
                || (!servers.constraints().exclude(policy.selector())
                        && hasWaited(servers, policy.provisioningTimeout(), now));
    }

    private static boolean mayTake(OtherPool other, WaitingServers servers) {
        return servers.oldest().isServer(other.serverSelector())
                && !servers.constraints().exclude(other.selector());
    }

    /** Returns whether the oldest of them has waited for so long. */
    static boolean hasWaited(WaitingServers servers, Duration duration, Instant now) {
        return servers.since()
                .filter(since -> Duration.between(since, now).compareTo(duration) >= 0)
                .isPresent();
    }

    /** Returns how many servers wait that could be placed on a node of the pool. */
    int servers() {
        int servers = 0;
        for (WaitingServers kind : placeable) {
            servers += kind.count();
        }
        return servers;
    }

    /** Returns how many slots these fill together. */
    long slots() {
        long slots = 0;
        for (WaitingServers servers : placeable) {
            slots += slotsEach(servers) * servers.count();
        }
        return slots;
    }

    /** Returns how many slots one of them fills: no more than an empty node has, since it fits on one. */
    long slotsEach(WaitingServers servers) {
        return Math.min(servers.slotsEach(policy.slotSize()), Math.max(1, slotsPerNewNode.orElse(Long.MAX_VALUE)));
    }

    /** Returns those that could be placed on a node of the pool, longest waiting first. */
    List<WaitingServers> placeable() {
        return placeable;
    }

    /** Returns those of them that not just any free slot of the pool takes. */
    List<WaitingServers> choosy() {
        return placeable.isEmpty()
                ? placeable
                : placeable.stream().filter(this::isChoosy).toList();
    }

    private boolean isChoosy(WaitingServers servers) {
        return policy.slotSize().timesFits(servers.requests(), Resources.NONE) == 0
                || servers.constraints().affinity().isPresent()
                || !policy.selector()
                        .requiredLabels()
                        .entrySet()
                        .containsAll(servers.constraints().nodeSelector().entrySet())
                || servers.constraints().keptOutBy(taints).isPresent();
    }

    /** Returns those that the pool cannot take and that nobody else is known to, longest waiting first. */
    List<Refused> refused() {
        return refused;
    }

    /** Returns what is known of where servers could be placed. */
    Placement placement() {
        return placement;
    }

    /**
     * Returns whether the scheduler may have chosen a node of the pool already for one of them, or for another pod that
     * would keep it.
     */
    boolean mayArrive() {
        return mayArrive;
    }

    /** Returns since when the one has waited that has waited longest; empty when none waits or it is not known. */
    Optional<Instant> since() {
        // nearly every pass finds none
        return placeable.isEmpty() && refused.isEmpty()
                ? Optional.empty()
                : Stream.concat(placeable.stream(), refused.stream().map(Refused::servers))
                        .map(WaitingServers::since)
                        .flatMap(Optional::stream)
                        .min(Instant::compareTo);
    }
}
