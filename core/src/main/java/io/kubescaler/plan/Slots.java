package io.kubescaler.plan;

import io.kubescaler.model.Node;
import io.kubescaler.model.NodeTemplate;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalLong;

/** Counts slots, by section 3 of the scaling semantics: per node, whole ones only, never the floor of a sum. */
final class Slots {
    /** No node has more slots: what a kubelet tells is not to be trusted so far that sums overflow. */
    private static final long MOST = 1_000_000;

    private Slots() {}

    /** How much a node has to say about new ones; the later, the more. */
    enum Weight {
        /** Its kubelet has not told what it offers. */
        NONE,
        /** It has registered; its DaemonSets may be still to come. */
        REGISTERED,
        /** It is Ready, so it carries its DaemonSets. */
        READY
    }

    /**
     * What one node tells of the slots that a new one will have.
     *
     * @param weight how much it has to say
     * @param slots how many a new node would have that carried the same DaemonSet and static pods
     */
    record Hint(Weight weight, long slots) {
        static final Hint NONE = new Hint(Weight.NONE, 0);
    }

    /** Returns how many more servers fit on a node, by its allocatable and what its pods request. */
    static long free(Node node, Resources slotSize) {
        return Math.min(node.allocatable().timesFits(slotSize, node.load().used()), MOST);
    }

    /**
     * Returns what keeps a node from having a single slot, even without servers: a resource that is missing, as a device
     * is whose driver has not come up; empty when it has one, or does not tell yet.
     */
    static Optional<String> lacking(Node node, Resources slotSize) {
        Resources daemons = node.load().daemons();
        if (node.allocatable().isEmpty()
                || node.unreadable().isPresent()
                || node.allocatable().timesFits(slotSize, daemons) > 0) {
            return Optional.empty();
        }
        return slotSize.names().stream()
                .filter(name -> node.allocatable().get(name) - daemons.get(name) < slotSize.get(name))
                .sorted()
                .findFirst();
    }

    /**
     * Returns what a node tells of new ones: they are as the template says, with the pods of this node that every node
     * carries, or as this node without the others.
     *
     * @param template what a new node offers, by {@link #offer}
     */
    static Hint hint(Node node, Optional<Resources> template, Resources slotSize) {
        if (node.allocatable().isEmpty() || node.unreadable().isPresent()) {
            return Hint.NONE;
        }
        Resources daemons = node.load().daemons();
        long slots = template.isPresent()
                ? template.get().timesFits(unit(template.get(), slotSize), daemons)
                : node.allocatable().timesFits(slotSize, daemons);
        return new Hint(node.readiness().ready() ? Weight.READY : Weight.REGISTERED, Math.min(slots, MOST));
    }

    /** Returns what a new node offers by the cloud's template; empty when it does not tell every resource of a slot. */
    static Optional<Resources> offer(Optional<NodeTemplate> template, Resources slotSize) {
        return template.map(NodeTemplate::allocatable)
                .filter(it -> it.names().containsAll(unit(it, slotSize).names()));
    }

    /**
     * Returns how many slots a new node will have: the most that any node of the pool hints at, of those with the most
     * weight; without any, by the template, else by the configured hint; empty when none tells.
     *
     * @param template what a new node offers, by {@link #offer}
     * @param hints what the nodes of the pool tell
     */
    static OptionalLong ofNewNode(Optional<Resources> template, Collection<Hint> hints, PoolPolicy policy) {
        Weight weight = Weight.NONE;
        long most = 0;
        for (Hint hint : hints) {
            int order = hint.weight().compareTo(weight);
            most = order > 0 ? hint.slots() : order < 0 ? most : Math.max(most, hint.slots());
            weight = order > 0 ? hint.weight() : weight;
        }
        return weight == Weight.NONE ? withoutNodes(template, policy) : OptionalLong.of(most);
    }

    private static OptionalLong withoutNodes(Optional<Resources> template, PoolPolicy policy) {
        Resources slotSize = policy.slotSize();
        return template.map(it -> it.timesFits(unit(it, slotSize), Resources.NONE))
                .or(() -> policy.nodeAllocatable().map(it -> it.timesFits(slotSize.only(it.names()), Resources.NONE)))
                .map(it -> OptionalLong.of(Math.min(it, MOST)))
                .orElse(OptionalLong.empty());
    }

    // a template may leave out pods, and then they do not bound it
    private static Resources unit(Resources template, Resources slotSize) {
        return template.get(Resources.PODS) > 0 ? slotSize : slotSize.with(Resources.PODS, 0);
    }
}
