package io.kubescaler.plan;

import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolHistory.Awaited;
import io.kubescaler.model.PoolHistory.Unlisted;
import io.kubescaler.model.PoolIdentities;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.model.ServersFound;
import io.kubescaler.model.Sightings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A pool as a pass finds it: its machines, their slots, and what is required. A side that could not be read counts as it
 * was read recently, else as empty.
 */
final class PoolView {
    private final PoolPolicy policy;
    private final PoolDescription cloud;
    private final Sightings sightings;
    private final Instant now;
    private final PoolMemory memory;
    private final Machines machines;
    private final Set<String> listedIds;
    private final Map<String, String> joined;
    private final Optional<String> ownNode;
    private final OptionalLong slotsPerNewNode;
    private final Demand demand;
    private final long required;
    private final ServersFound servers;
    private final Optional<Unlisted> unlisted;
    private final int unlistedExpected;

    private PoolView(
            PoolPolicy policy,
            ClusterState cluster,
            PoolDescription cloud,
            Sightings sightings,
            PoolHistory history,
            PoolMemory memory,
            Instant now) {
        this.policy = policy;
        this.cloud = cloud;
        this.sightings = sightings;
        this.now = now;
        this.memory = memory;
        memory.observe(policy, cluster, cloud, now);
        machines = memory.machines();
        endWaitsAheadOfTheClock(history);
        listedIds = memory.listedIds();
        joined = memory.joined();
        ownNode = cluster.ownNode();
        slotsPerNewNode = Slots.ofNewNode(memory.template(), machines.hints(), policy);
        // a failure stands until a node becomes Ready, and after a start nobody knows what was tried
        boolean triedInVain = history.growth().failures() == 0 && !history.isFirst();
        demand = Demand.of(policy, cluster, cloud.template(), slotsPerNewNode, triedInVain, now);
        required = policy.buffer() + demand.slots();
        servers = cluster.servers();
        unlisted = unlisted(cloud.size() - machines.listed(), history, now);
        // in both directions: the clock may have been set back since
        unlistedExpected = unlisted.filter(
                        it -> Duration.between(it.since(), now).abs().compareTo(policy.provisioningTimeout()) < 0)
                .map(Unlisted::nodes)
                .orElse(0);
    }

    // of a machine that was made later than now, only what this process has seen tells for how long it boots
    private void endWaitsAheadOfTheClock(PoolHistory history) {
        for (Machine machine : machines.in(NodeState.BOOTING)) {
            if (machine.isAhead(now) && machine.instance().isPresent()) {
                String id = machine.requireInstance().id();
                history.machines()
                        .flatMap(it -> it.awaited(id))
                        .map(Awaited::first)
                        .flatMap(first -> sightings.uptime().map(uptime -> uptime.minus(first)))
                        .filter(seen -> seen.compareTo(policy.provisioningTimeout()) >= 0)
                        .ifPresent(overdue -> machines.replace(machine.in(NodeState.UNREADY)));
            }
        }
    }

    static PoolView of(PoolPolicy policy, PoolSnapshot snapshot, PoolHistory history, PoolMemory memory, Instant now) {
        PoolDescription cloud = snapshot.cloud()
                .knownOrRecent()
                .orElseGet(() ->
                        new PoolDescription(0, List.of(), Optional.empty(), Optional.empty(), OptionalInt.empty()));
        ClusterState cluster = snapshot.cluster() instanceof Known<ClusterState> known
                ? known.value()
                : new ClusterState(List.of(), List.of(), ServersFound.of(0), Map.of());
        return new PoolView(policy, cluster, cloud, snapshot.sightings(), history, memory, now);
    }

    PoolDescription cloud() {
        return cloud;
    }

    /** Returns for how long the process that plans has seen things as they are. */
    Sightings sightings() {
        return sightings;
    }

    /** Returns those with a node by its name, then those without by instance id. */
    List<Machine> machines() {
        return machines.all();
    }

    /** Returns the machines in that state, in the order of all. */
    List<Machine> in(NodeState state) {
        return machines.in(state);
    }

    /** Returns the machines of that group, in the order of all. */
    List<Machine> in(Machines.Group group) {
        return machines.in(group);
    }

    /** Returns whether the scaler itself runs on that machine. */
    boolean isOwn(Machine machine) {
        return ownNode.isPresent()
                && machine.node().filter(it -> it.name().equals(ownNode.get())).isPresent();
    }

    /** Returns the ids of the instances that the cloud lists, those on their way out included. */
    Set<String> listedIds() {
        return listedIds;
    }

    /** Returns the UIDs of the nodes of the instances that have one, by instance id. */
    Map<String, String> joined() {
        return joined;
    }

    /** Returns what tells which nodes are machines of the pool. */
    PoolIdentities identities() {
        return memory.identities();
    }

    OptionalLong slotsPerNewNode() {
        return slotsPerNewNode;
    }

    /** Returns the servers that wait for a node. */
    Demand demand() {
        return demand;
    }

    /** Returns what was found of the pool's servers in the whole cluster. */
    ServersFound servers() {
        return servers;
    }

    /** Returns the slots that are needed: the buffer, and those that the servers fill which wait. */
    long required() {
        return required;
    }

    /** Returns the slots that are free now, on active nodes. */
    long free() {
        return machines.free();
    }

    /**
     * Returns the slots that are coming: on booting machines, on those that are Ready and may yet get what they lack, and
     * on those ordered that the cloud does not list yet.
     */
    long upcoming() {
        long upcoming = (unlistedExpected + incomplete()) * slotsPerNewNode.orElse(0);
        for (Machine machine : in(NodeState.BOOTING)) {
            upcoming += machine.slots(slotsPerNewNode);
        }
        return upcoming;
    }

    /** Returns the machines that boot, and those that are Ready and have not settled or may yet get what they lack. */
    List<Machine> coming() {
        return Stream.concat(
                        in(NodeState.BOOTING).stream(),
                        in(NodeState.ACTIVE).stream()
                                .filter(machine ->
                                        !Fitness.hasSettled(machine.requireNode(), now) || isIncomplete(machine)))
                .toList();
    }

    /** Returns how many of the nodes ordered that the cloud does not list yet are still expected. */
    int unlistedExpected() {
        return unlistedExpected;
    }

    /** Returns whether slots are coming, or machines of which nobody knows how many they will have. */
    boolean slotsAreComing() {
        return upcoming() > 0 || (slotsPerNewNode.isEmpty() && upcomingNodes() > 0);
    }

    /** Returns how many machines are coming. */
    int upcomingNodes() {
        return machines.count(NodeState.BOOTING) + unlistedExpected + incomplete();
    }

    private int incomplete() {
        int incomplete = 0;
        for (Machine machine : exceptional()) {
            incomplete += isIncomplete(machine) ? 1 : 0;
        }
        return incomplete;
    }

    // a device or its driver may come a while after the kubelet is Ready
    private boolean isIncomplete(Machine machine) {
        return machine.lacking().isPresent() && machine.age(now).compareTo(policy.provisioningTimeout()) < 0;
    }

    /**
     * Returns the active machines that have no slot, and have had the time to boot, in a pool whose nodes have some: they
     * came in vain.
     */
    List<Machine> withoutSlots() {
        return exceptional().isEmpty()
                ? List.of()
                : exceptional().stream()
                        .filter(machine -> !isIncomplete(machine))
                        .toList();
    }

    // where neither a node nor the template has a slot, it is the slot that is wrong
    private List<Machine> exceptional() {
        return slotsPerNewNode.orElse(0) > 0 ? in(Machines.Group.WITHOUT_SLOTS) : List.of();
    }

    /** Returns how many nodes take servers, now or when they have booted. */
    int takers() {
        return machines.count(NodeState.ACTIVE) - exceptional().size() + upcomingNodes();
    }

    /** Returns the nodes that the cloud has been asked for and does not list; empty when there are none. */
    Optional<Unlisted> unlisted() {
        return unlisted;
    }

    /** Returns how many machines the cloud lists that are not on their way out. */
    int listed() {
        return machines.listed();
    }

    private Optional<Unlisted> unlisted(int nodes, PoolHistory history, Instant now) {
        if (nodes <= 0) {
            return Optional.empty();
        }
        Instant since = history.unlisted()
                .filter(before -> nodes <= before.nodes() && cloud.size() <= before.size())
                .map(Unlisted::since)
                .orElse(now);
        return Optional.of(new Unlisted(nodes, cloud.size(), since));
    }
}
