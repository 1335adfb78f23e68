package io.kubescaler.plan;

import io.kubescaler.model.Node;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolIdentities;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Resources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What passes work out of a pool's nodes, kept from one to the next for as long as it holds: thousands of nodes are as
 * they were when a single pod has come or gone. It saves work and alters no plan: with an empty memory every plan comes
 * out the same. A node that did not change is known again by being the same object. For one thread.
 */
final class PoolMemory {
    private Optional<PoolPolicy> policy = Optional.empty();
    private Optional<PoolDescription> cloud = Optional.empty();
    private Optional<Resources> template = Optional.empty();
    private List<Node> nodes = List.of();
    private Map<String, String> shared = Map.of();
    // by position, as the last pass found them
    private final BitSet changed = new BitSet();
    // of the cloud's answer, once they are asked for
    private Optional<PoolIdentities> identities = Optional.empty();
    private Join join = new Join(Optional.empty(), List.of(), Set.of(), Map.of());
    // by the position of the node
    private int[] places = {};
    private Machines machines = new Machines(List.of());

    /** Brings it up to what was observed. */
    void observe(PoolPolicy policyNow, ClusterState cluster, PoolDescription cloudNow, Instant now) {
        List<Node> nodesNow = cluster.nodes();
        boolean kept = isStill(policy, policyNow)
                && isStill(cloud, cloudNow)
                && shared.equals(cluster.shared())
                && holdsFor(nodesNow);
        // should it break off half-way, the next pass begins anew
        policy = Optional.empty();
        shared = cluster.shared();
        if (kept) {
            update(nodesNow, policyNow, now);
        } else {
            begin(nodesNow, policyNow, cloudNow, now);
        }
        policy = Optional.of(policyNow);
        cloud = Optional.of(cloudNow);
        nodes = nodesNow;
    }

    /** Returns the machines: those with a node by its name, then those without by instance id. */
    Machines machines() {
        return machines;
    }

    /** Returns what a new node offers by the cloud's template; empty when it does not tell. */
    Optional<Resources> template() {
        return template;
    }

    /** Returns the ids of the instances that the cloud lists, those on their way out included. */
    Set<String> listedIds() {
        return join.listed();
    }

    /** Returns the UIDs of the nodes of the instances that have one, by instance id. */
    Map<String, String> joined() {
        return join.joined();
    }

    /** Returns what tells which nodes are machines of the pool. */
    PoolIdentities identities() {
        if (identities.isEmpty()) {
            identities = Optional.of(PoolIdentities.of(cloud.orElseThrow()));
        }
        return identities.get();
    }

    private static <T> boolean isStill(Optional<T> before, T now) {
        return before.filter(it -> it.equals(now)).isPresent();
    }

    // comparing what is in thousands of nodes would be dearer than to work out anew what follows from a few
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(Object one, Object other) {
        return one == other;
    }

    // leaves in changed which of the nodes are others than they were
    private boolean holdsFor(List<Node> nodesNow) {
        changed.clear();
        if (isSame(nodes, nodesNow)) {
            return true;
        }
        boolean holds = nodes.size() == nodesNow.size();
        for (int i = 0; holds && i < nodes.size(); i++) {
            if (!isSame(nodes.get(i), nodesNow.get(i))) {
                changed.set(i);
                holds = join.holdsFor(nodes.get(i), nodesNow.get(i));
            }
        }
        return holds;
    }

    private void begin(List<Node> nodesNow, PoolPolicy policyNow, PoolDescription cloudNow, Instant now) {
        template = Slots.offer(cloudNow.template(), policyNow.slotSize());
        identities = Optional.empty();
        join = Join.of(nodesNow, cloudNow);
        places = new int[nodesNow.size()];
        List<Machine> all = new ArrayList<>(join.pairs().size());
        for (Join.Pair pair : join.pairs()) {
            int place = all.size();
            if (pair.position() == Join.NO_NODE) {
                all.add(Machine.of(place, pair, policyNow, now));
            } else {
                places[pair.position()] = place;
                all.add(machine(place, nodesNow.get(pair.position()), pair, policyNow, now));
            }
        }
        machines = new Machines(all);
    }

    private void update(List<Node> nodesNow, PoolPolicy policyNow, Instant now) {
        for (int i = changed.nextSetBit(0); i >= 0; i = changed.nextSetBit(i + 1)) {
            int place = places[i];
            Join.Pair pair = join.pairs().get(place);
            machines.replace(machine(place, nodesNow.get(i), pair, policyNow, now));
        }
        // what time alone may change
        machines.in(NodeState.BOOTING).forEach(machine -> age(machine, policyNow, now));
        machines.in(NodeState.UNREADY).forEach(machine -> age(machine, policyNow, now));
    }

    private Machine machine(int place, Node node, Join.Pair pair, PoolPolicy policyNow, Instant now) {
        return Machine.of(place, node, pair, Optional.ofNullable(shared.get(node.name())), policyNow, template, now);
    }

    private void age(Machine machine, PoolPolicy policyNow, Instant now) {
        Machine aged = machine.at(now, policyNow);
        if (aged.state() != machine.state()) {
            machines.replace(aged);
        }
    }
}
