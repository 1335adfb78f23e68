package io.kubescaler.plan;

import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading.Known;
import java.time.Duration;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A pool as a pass finds it: its machines, their slots, and what is required. A side that could not be read counts as
 * empty; the pass then decides nothing.
 */
final class PoolView {
    private final PoolPolicy policy;
    private final PoolDescription cloud;
    private final List<Machine> machines;
    private final OptionalLong slotsPerNewNode;
    // by identity: a machine is one object in one pass
    private final IdentityHashMap<Machine, Long> slots = new IdentityHashMap<>();
    private final int unplaced;
    private final int listed;
    private final int unlisted;
    private final Optional<Instant> unlistedSince;
    private final int unlistedExpected;

    private PoolView(PoolPolicy policy, ClusterState cluster, PoolDescription cloud, PoolHistory history, Instant now) {
        this.policy = policy;
        this.cloud = cloud;
        machines = Machines.join(cluster.nodes(), cloud, policy, now);
        slotsPerNewNode = Slots.ofNewNode(cloud.template(), cluster.nodes(), policy);
        machines.forEach(machine -> slots.put(machine, slotsOf(machine)));
        unplaced = Demand.unplaced(cluster, cloud.template(), policy.selector());
        listed = (int) machines.stream().filter(Machine::countsTowardsSize).count();
        unlisted = Math.max(0, cloud.size() - listed);
        unlistedSince = unlistedSince(history, now);
        // in both directions: the clock may have been set back since
        boolean inTime = unlistedSince
                .map(since -> Duration.between(since, now).abs().compareTo(policy.provisioningTimeout()) < 0)
                .orElse(false);
        unlistedExpected = inTime ? unlisted : 0;
    }

    static PoolView of(PoolPolicy policy, PoolSnapshot snapshot, PoolHistory history, Instant now) {
        PoolDescription cloud = snapshot.cloud() instanceof Known<PoolDescription> known
                ? known.value()
                : new PoolDescription(0, List.of(), Optional.empty(), Optional.empty(), OptionalInt.empty());
        ClusterState cluster = snapshot.cluster() instanceof Known<ClusterState> known
                ? known.value()
                : new ClusterState(List.of(), List.of());
        return new PoolView(policy, cluster, cloud, history, now);
    }

    PoolDescription cloud() {
        return cloud;
    }

    /** Returns those with a node by its name, then those without by instance id. */
    List<Machine> machines() {
        return machines;
    }

    OptionalLong slotsPerNewNode() {
        return slotsPerNewNode;
    }

    int unplaced() {
        return unplaced;
    }

    long required() {
        return (long) policy.buffer() + unplaced;
    }

    /** Returns the slots that are free now, on active nodes. */
    long free() {
        return sumSlots(NodeState.ACTIVE);
    }

    /** Returns the slots that are coming: on booting machines, and on those ordered that the cloud does not list yet. */
    long upcoming() {
        return sumSlots(NodeState.BOOTING) + unlistedExpected * slotsPerNewNode.orElse(0);
    }

    /** Returns how many machines are coming. */
    int upcomingNodes() {
        return count(NodeState.BOOTING) + unlistedExpected;
    }

    /** Returns how many nodes take servers, now or when they have booted. */
    int takers() {
        return count(NodeState.ACTIVE) + upcomingNodes();
    }

    /** Returns how many nodes the cloud has been asked for and does not list. */
    int unlisted() {
        return unlisted;
    }

    /** Returns since when that number has not grown; empty when it is 0. */
    Optional<Instant> unlistedSince() {
        return unlistedSince;
    }

    /** Returns how many machines the cloud lists that are not on their way out. */
    int listed() {
        return listed;
    }

    /** Returns a machine's free slots when it is active, those to come when it is booting, else 0. */
    long slots(Machine machine) {
        return slots.getOrDefault(machine, 0L);
    }

    private Optional<Instant> unlistedSince(PoolHistory history, Instant now) {
        if (unlisted == 0) {
            return Optional.empty();
        }
        return unlisted > history.unlisted() ? Optional.of(now) : history.unlistedSince();
    }

    private long slotsOf(Machine machine) {
        return switch (machine.state()) {
            case ACTIVE -> Slots.free(machine.requireNode(), policy.slotSize());
            case BOOTING -> upcomingSlots(machine);
            case CORDONED, HELD, UNREADY, DELETING -> 0;
        };
    }

    // a node that has registered tells its own room, but its DaemonSets are still to come
    private long upcomingSlots(Machine machine) {
        long own = machine.node()
                .filter(node -> !node.allocatable().isEmpty())
                .map(node -> Slots.free(node, policy.slotSize()))
                .orElse(Long.MAX_VALUE);
        long expected = slotsPerNewNode.orElse(own == Long.MAX_VALUE ? 0 : own);
        return Math.min(own, expected);
    }

    private long sumSlots(NodeState state) {
        return machines.stream()
                .filter(machine -> machine.is(state))
                .mapToLong(this::slots)
                .sum();
    }

    private int count(NodeState state) {
        return (int) machines.stream().filter(machine -> machine.is(state)).count();
    }
}
