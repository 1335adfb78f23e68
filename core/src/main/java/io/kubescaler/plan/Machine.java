package io.kubescaler.plan;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One machine of the pool: its Kubernetes node, its cloud instance, or both joined by identity.
 *
 * @param place its place among the machines of the pass
 * @param node the node; empty when the machine has not joined the cluster
 * @param instance the instance; empty when the cloud does not list the node
 * @param doubt why it is not certain that these two, and no others, are one machine; empty when it is. Such a machine
 *     is never set aside or deleted, since another one could die of it
 * @param state what it is to the scaler, by section 2 of the scaling semantics
 * @param room how many more servers fit on its node, whether it takes any or not; 0 without a node
 */
record Machine(
        int place,
        Optional<Node> node,
        Optional<Instance> instance,
        Optional<String> doubt,
        NodeState state,
        long room) {

    /** Returns a machine that has a node. */
    static Machine of(int place, NodeFacts facts, Join.Pair pair, PoolPolicy policy, Instant now) {
        Optional<Node> node = Optional.of(facts.node());
        NodeState state = stateOf(node, pair.instance(), policy, now);
        return new Machine(place, node, pair.instance(), pair.doubt(), state, facts.room());
    }

    /** Returns a machine that has none. */
    static Machine of(int place, Join.Pair pair, PoolPolicy policy, Instant now) {
        NodeState state = stateOf(Optional.empty(), pair.instance(), policy, now);
        return new Machine(place, Optional.empty(), pair.instance(), pair.doubt(), state, 0);
    }

    private static NodeState stateOf(Optional<Node> node, Optional<Instance> instance, PoolPolicy policy, Instant now) {
        if (isDeleting(instance)
                || node.map(it -> it.beingDeleted() || isMarkedDeleting(it)).orElse(false)) {
            return NodeState.DELETING;
        }
        if (node.map(Node::unschedulable).orElse(false)) {
            return node.orElseThrow().marks().cordonedAt().isPresent() ? NodeState.CORDONED : NodeState.HELD;
        }
        if (node.map(it -> Fitness.isReady(it, policy)).orElse(false)) {
            return NodeState.ACTIVE;
        }
        boolean failed = instance.map(it -> it.state() == Instance.State.FAILED).orElse(false);
        boolean young = age(node, instance, now).compareTo(policy.provisioningTimeout()) < 0;
        return young && !failed ? NodeState.BOOTING : NodeState.UNREADY;
    }

    // a node that a person made schedulable again, or whose cordon is not ours, is not being deleted by us
    private static boolean isMarkedDeleting(Node node) {
        return node.unschedulable()
                && node.marks().cordonedAt().isPresent()
                && node.marks().deletingAt().isPresent();
    }

    private static Duration age(Optional<Node> node, Optional<Instance> instance, Instant now) {
        return Duration.between(
                instance.map(Instance::createdAt)
                        .orElseGet(() -> node.orElseThrow().createdAt()),
                now);
    }

    Duration age(Instant now) {
        return age(node, instance, now);
    }

    /** Returns whether its state may become another by the mere passing of time. */
    boolean changesWithTime() {
        return state == NodeState.BOOTING || state == NodeState.UNREADY;
    }

    boolean is(NodeState other) {
        return state == other;
    }

    /** Returns whether it has been not Ready for longer than it had to boot, whether schedulable or not. */
    boolean isOverdue(PoolPolicy policy, Instant now) {
        return !is(NodeState.ACTIVE)
                && node.map(it -> !Fitness.isReady(it, policy)).orElse(true)
                && age(now).compareTo(policy.provisioningTimeout()) >= 0;
    }

    /** Returns whether its node, as far as it tells, was never Ready; true without a node. */
    boolean neverReady() {
        return node.map(Fitness::neverReady).orElse(true);
    }

    /** Returns whether the cloud says that it is on its way out. */
    boolean cloudIsDeleting() {
        return isDeleting(instance);
    }

    private static boolean isDeleting(Optional<Instance> instance) {
        return instance.map(it -> it.state() == Instance.State.DELETING).orElse(false);
    }

    boolean cloudSaysFailed() {
        return instance.map(it -> it.state() == Instance.State.FAILED).orElse(false);
    }

    /** Returns whether the cloud lists it and does not say that it is on its way out. */
    boolean countsTowardsSize() {
        return instance.isPresent() && !cloudIsDeleting();
    }

    /** Returns whether we set out to delete it and the cloud does not show it. */
    boolean deletionUnconfirmed() {
        return countsTowardsSize()
                && node.map(it -> !it.beingDeleted() && isMarkedDeleting(it)).orElse(false);
    }

    int servers() {
        return node.map(it -> it.load().servers()).orElse(0);
    }

    Node requireNode() {
        return node.orElseThrow();
    }

    Instance requireInstance() {
        return instance.orElseThrow();
    }

    /** Returns why it must not even be set aside, in words; empty when nothing speaks against it. */
    Optional<String> reasonToKeep() {
        return doubt.or(() -> node.filter(it -> it.marks().keep()).map(it -> "kubescaler.io/keep is \"true\""));
    }

    /** Returns what forbids its deletion, in words; empty when nothing does. */
    Optional<String> protection() {
        return reasonToKeep()
                .or(() -> node.flatMap(it -> it.load().doNotDisrupt()).map(pod -> "pod " + pod));
    }

    /** Returns the node's name, or the instance's id where there is no node. */
    String name() {
        return node.map(Node::name).orElseGet(() -> requireInstance().id());
    }
}
