package io.kubescaler.plan;

import io.kubescaler.model.Node;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What passes work out of a pool's nodes, kept from one to the next for as long as it holds: thousands of nodes are as
 * they were when a single pod has come or gone. It saves work and alters no plan: with an empty memory every plan comes
 * out the same. A node that did not change is known again by being the same object. For one thread.
 */
final class PoolMemory {
    private Optional<PoolPolicy> policy = Optional.empty();
    private Optional<PoolDescription> cloud = Optional.empty();
    private Optional<Resources> template = Optional.empty();
    private Optional<Join> join = Optional.empty();
    private List<NodeFacts> facts = List.of();
    private List<Machine> machines = List.of();

    /** Brings it up to what was observed. */
    void observe(PoolPolicy policyNow, List<Node> nodes, PoolDescription cloudNow, Instant now) {
        if (!isStill(policy, policyNow) || !isStill(cloud, cloudNow)) {
            policy = Optional.of(policyNow);
            cloud = Optional.of(cloudNow);
            template = Slots.offer(cloudNow.template(), policyNow.slotSize());
            join = Optional.empty();
            facts = List.of();
        }
        facts = factsOf(nodes, policyNow);
        join = join.flatMap(it -> it.on(nodes));
        if (join.isEmpty()) {
            join = Optional.of(Join.of(nodes, cloudNow));
            machines = List.of();
        }
        machines = machinesOf(join.orElseThrow(), policyNow, now);
    }

    /** Returns what follows from each node alone, in the order of the nodes. */
    List<NodeFacts> facts() {
        return facts;
    }

    /** Returns the machines: those with a node by its name, then those without by instance id. */
    List<Machine> machines() {
        return machines;
    }

    /** Returns what a new node offers by the cloud's template; empty when it does not tell. */
    Optional<Resources> template() {
        return template;
    }

    /** Returns how nodes and instances are joined. */
    Join join() {
        return join.orElseThrow();
    }

    // comparing what is in thousands of nodes would be dearer than to work out anew what follows from a few
    @SuppressWarnings("ReferenceEquality")
    static boolean isSame(Node one, Node other) {
        return one == other;
    }

    private static <T> boolean isStill(Optional<T> before, T now) {
        return before.filter(it -> it.equals(now)).isPresent();
    }

    private List<NodeFacts> factsOf(List<Node> nodes, PoolPolicy policyNow) {
        List<NodeFacts> fresh = new ArrayList<>(nodes.size());
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            fresh.add(
                    i < facts.size() && isSame(facts.get(i).node(), node)
                            ? facts.get(i)
                            : new NodeFacts(
                                    node,
                                    Slots.free(node, policyNow.slotSize()),
                                    Slots.hint(node, template, policyNow.slotSize())));
        }
        return fresh;
    }

    private List<Machine> machinesOf(Join joined, PoolPolicy policyNow, Instant now) {
        List<Machine> fresh = new ArrayList<>(joined.pairs().size());
        for (int place = 0; place < joined.pairs().size(); place++) {
            Join.Pair pair = joined.pairs().get(place);
            fresh.add(
                    place < machines.size() && stillHolds(machines.get(place), pair)
                            ? machines.get(place)
                            : machine(place, pair, policyNow, now));
        }
        return fresh;
    }

    private boolean stillHolds(Machine machine, Join.Pair pair) {
        return !machine.changesWithTime()
                && (pair.position() == Join.NO_NODE
                        || machine.requireNode()
                                .equals(facts.get(pair.position()).node()));
    }

    private Machine machine(int place, Join.Pair pair, PoolPolicy policyNow, Instant now) {
        return pair.position() == Join.NO_NODE
                ? Machine.of(place, pair, policyNow, now)
                : Machine.of(place, facts.get(pair.position()), pair, policyNow, now);
    }
}
