package io.kubescaler.plan;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One machine of the pool: its Kubernetes node, its cloud instance, or both joined by identity.
 *
 * @param place its place among the machines of the pass
 * @param node the node; empty when the machine has not joined the cluster
 * @param instance the instance; empty when the cloud does not list the node
 * @param doubt why it is not certain that these two, and no others, are one machine; empty when it is. Such a machine
 *     is never set aside or deleted, since another one could die of it
 * @param shared the other configured pools that select its node too; empty when none does. Such a machine is neither set
 *     aside, taken back nor deleted
 * @param state what it is to the scaler, by section 2 of the scaling semantics
 * @param room how many more servers fit on its node, whether it takes any or not; 0 without a node
 * @param fit whether servers could run on its node now, were it schedulable; false without a node
 * @param lacking what keeps its node from having a single slot, even without servers, by {@link Slots#lacking}
 * @param newNode what its node tells of the slots that a new one will have
 */
record Machine(
        int place,
        Optional<Node> node,
        Optional<Instance> instance,
        Optional<String> doubt,
        Optional<String> shared,
        NodeState state,
        long room,
        boolean fit,
        Optional<String> lacking,
        Slots.Hint newNode) {
    /** A node that is older was not Ready of late when it looks as if it never had been; see {@link Fitness#neverReady}. */
    private static final Duration EARLY = Duration.ofMinutes(5);

    /**
     * Returns a machine that has a node.
     *
     * @param shared the other configured pools that select its node too; empty when none does
     * @param template what a new node offers, by {@link Slots#offer}
     */
    static Machine of(
            int place,
            Node node,
            Join.Pair pair,
            Optional<String> shared,
            PoolPolicy policy,
            Optional<Resources> template,
            Instant now) {
        boolean fit = Fitness.isReady(node, policy);
        if (shared.isPresent() && pair.instance().isEmpty()) {
            return leftToAnotherPool(place, node, pair, shared, fit);
        }
        return new Machine(
                place,
                Optional.of(node),
                pair.instance(),
                pair.doubt(),
                shared,
                stateOf(Optional.of(node), pair.instance(), fit, policy, now),
                Slots.free(node, policy.slotSize()),
                fit,
                Slots.lacking(node, policy.slotSize()),
                Slots.hint(node, template, policy.slotSize()));
    }

    // its slots count there, and what new nodes are like, nodes of this pool tell
    private static Machine leftToAnotherPool(
            int place, Node node, Join.Pair pair, Optional<String> shared, boolean fit) {
        return new Machine(
                place,
                Optional.of(node),
                Optional.empty(),
                pair.doubt(),
                shared,
                NodeState.SHARED,
                0,
                fit,
                Optional.empty(),
                Slots.Hint.NONE);
    }

    /** Returns a machine that has none. */
    static Machine of(int place, Join.Pair pair, PoolPolicy policy, Instant now) {
        NodeState state = stateOf(Optional.empty(), pair.instance(), false, policy, now);
        return new Machine(
                place,
                Optional.empty(),
                pair.instance(),
                pair.doubt(),
                Optional.empty(),
                state,
                0,
                false,
                Optional.empty(),
                Slots.Hint.NONE);
    }

    /** Returns this machine as it is at another time. */
    Machine at(Instant now, PoolPolicy policy) {
        return in(stateOf(node, instance, fit, policy, now));
    }

    /** Returns this machine in another state. */
    Machine in(NodeState other) {
        return other == state
                ? this
                : new Machine(place, node, instance, doubt, shared, other, room, fit, lacking, newNode);
    }

    /** Returns whether it was made later than now: one of two clocks is wrong, and its age is not known. */
    boolean isAhead(Instant now) {
        return created(node, instance).isAfter(now);
    }

    /** Returns how much later than now it was made; negative for one that was made before. */
    Duration ahead(Instant now) {
        return Duration.between(now, created(node, instance));
    }

    private static NodeState stateOf(
            Optional<Node> node, Optional<Instance> instance, boolean fit, PoolPolicy policy, Instant now) {
        if (isDeleting(instance)
                || node.map(it -> it.beingDeleted() || isMarkedDeleting(it)).orElse(false)) {
            return NodeState.DELETING;
        }
        if (node.map(Node::unschedulable).orElse(false)) {
            return node.orElseThrow().cordonedByUs() ? NodeState.CORDONED : NodeState.HELD;
        }
        if (fit) {
            return NodeState.ACTIVE;
        }
        boolean failed = instance.map(it -> it.state() == Instance.State.FAILED).orElse(false);
        boolean young = age(node, instance, now).compareTo(policy.provisioningTimeout()) < 0;
        return young && !failed ? NodeState.BOOTING : NodeState.UNREADY;
    }

    // a node that a person made schedulable again, or whose cordon is not ours, is not being deleted by us
    private static boolean isMarkedDeleting(Node node) {
        return node.cordonedByUs() && node.marks().deletingAt().isPresent();
    }

    // a time that lies ahead is that of another clock
    private static Duration age(Optional<Node> node, Optional<Instance> instance, Instant now) {
        Duration age = Duration.between(created(node, instance), now);
        return age.isNegative() ? Duration.ZERO : age;
    }

    // the later of both: a machine that registers anew is waited for anew
    private static Instant created(Optional<Node> node, Optional<Instance> instance) {
        return instance.map(Instance::createdAt)
                .filter(machine ->
                        node.filter(it -> it.createdAt().isAfter(machine)).isEmpty())
                .orElseGet(() -> node.orElseThrow().createdAt());
    }

    /** Returns how long there has been the machine, or its node where that came later; 0 when that lies ahead. */
    Duration age(Instant now) {
        return age(node, instance, now);
    }

    /**
     * Returns whether its node was made when the machine had already had the time to come: it has, or may have, had
     * another node before, and servers on it that no pod tells of any more.
     */
    boolean registeredAnew(PoolPolicy policy) {
        return instance.isPresent()
                && node.filter(it -> !it.createdAt()
                                .isBefore(instance.get().createdAt().plus(policy.provisioningTimeout())))
                        .isPresent();
    }

    boolean is(NodeState other) {
        return state == other;
    }

    /** Returns whether it has been not Ready for longer than it had to boot, whether schedulable or not. */
    boolean isOverdue(PoolPolicy policy, Instant now) {
        return !fit && (isOverdueByUptime(now) || age(now).compareTo(policy.provisioningTimeout()) >= 0);
    }

    // the clock that tells its age is behind, and it is found unready by the one that counts since the start
    private boolean isOverdueByUptime(Instant now) {
        return state == NodeState.UNREADY && isAhead(now) && !cloudSaysFailed();
    }

    /** Returns whether its node, as far as it tells, was never Ready; true without a node. */
    boolean neverReady() {
        return node.map(Fitness::neverReady).orElse(true);
    }

    /** Returns whether we set it aside and it hosts no server, as far as anything tells: nothing would run there again. */
    boolean isSetAsideEmpty() {
        return state == NodeState.CORDONED && servers() == 0;
    }

    /**
     * Returns whether it was set aside not as surplus, but to be removed: so late that it took no servers any more, or with a
     * machine that failed, for which nobody waits.
     */
    boolean wasSetAsideToBeRemoved(PoolPolicy policy) {
        // the clocks of the cluster and of the scaler may differ
        Duration timeout = policy.provisioningTimeout();
        Duration half = timeout.dividedBy(2);
        Duration most = timeout.multipliedBy(9).dividedBy(10);
        Duration early = most.compareTo(EARLY) < 0 ? most : EARLY;
        Duration late = half.compareTo(early) > 0 ? half : early;
        return state == NodeState.CORDONED
                && requireNode().marks().emptySince().isEmpty()
                && (cloudSaysFailed()
                        || requireNode()
                                .marks()
                                .cordonedAt()
                                .filter(at ->
                                        !at.isBefore(requireNode().createdAt().plus(late)))
                                .isPresent());
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

    /**
     * Returns its free slots when it is active, those to come when it is booting, else 0.
     *
     * @param ofNewNode how many slots a new node will have; empty when not known
     */
    long slots(OptionalLong ofNewNode) {
        return switch (state) {
            case ACTIVE -> room;
            case BOOTING -> upcomingSlots(ofNewNode);
            case CORDONED, HELD, UNREADY, SHARED, DELETING -> 0;
        };
    }

    // a node that has registered tells its own room, but its DaemonSets are still to come, and so may its devices be
    private long upcomingSlots(OptionalLong ofNewNode) {
        boolean tells = lacking.isEmpty()
                && node.filter(it -> !it.allocatable().isEmpty()).isPresent();
        long expected = ofNewNode.orElse(tells ? room : 0);
        return tells ? Math.min(room, expected) : expected;
    }

    Node requireNode() {
        return node.orElseThrow();
    }

    Instance requireInstance() {
        return instance.orElseThrow();
    }

    /** Returns whether marks of ours are void on its node: it is schedulable, or set aside by somebody else. */
    boolean isTakenBackByPerson() {
        return state != NodeState.DELETING
                && state != NodeState.SHARED
                && node.filter(it -> (!it.unschedulable() || it.isCordonedByOther())
                                && it.marks().any()
                                && it.unreadable().isEmpty())
                        .isPresent();
    }

    /** Returns why it must be neither set aside nor taken back, in words; empty when nothing speaks against it. */
    Optional<String> reasonToKeep() {
        return doubt.or(() -> node.flatMap(Node::unreadable).map(what -> "what cannot be read of it: " + what))
                .or(() -> shared.map(pools -> "the overlap with " + pools))
                .or(() -> node.filter(it -> it.marks().keep()).map(it -> "kubescaler.io/keep is \"true\""))
                .or(() -> isTakenBackByPerson()
                        ? Optional.of("its old kubescaler.io annotations, which are removed first")
                        : Optional.empty());
    }

    /** Returns what forbids its deletion, in words; empty when nothing does. */
    Optional<String> protection() {
        return reasonToKeep().or(() -> node.flatMap(it -> it.load().protector()).map(pod -> "pod " + pod));
    }

    /** Returns what of it could not be read, as a sentence; empty when nothing is to be said of that. */
    Optional<String> unreadable() {
        return node.flatMap(Node::unreadable)
                .map(what -> "it cannot be read: " + what)
                .or(() -> node.flatMap(it -> it.load().unreadable())
                        .map(pod -> "pod %s cannot be read and counts as a server".formatted(pod)));
    }

    /** Returns the node's name, or the instance's id where there is no node. */
    String name() {
        return node.map(Node::name).orElseGet(() -> requireInstance().id());
    }
}
