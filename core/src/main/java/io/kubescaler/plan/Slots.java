package io.kubescaler.plan;

import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.NodeTemplate;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts slots, by section 3 of the scaling semantics: per node, whole ones only, never the floor of a sum. */
final class Slots {
    private Slots() {}

    /** Returns how many more servers fit on a node, by its allocatable and what its pods request. */
    static long free(Node node, Resources slotSize) {
        return node.allocatable().timesFits(slotSize, node.load().used());
    }

    /**
     * Returns how many slots a new node will have: by the cloud's template, else the most that any node of the pool
     * would have with nothing but its DaemonSet and static pods, else by the configured hint; empty when none tells.
     */
    static OptionalLong ofNewNode(Optional<NodeTemplate> template, List<Node> nodes, PoolPolicy policy) {
        Optional<OptionalLong> byTemplate =
                template.map(it -> byAllocatable(it.allocatable(), daemonLoads(nodes), policy.slotSize()));
        if (byTemplate.isPresent() && byTemplate.get().isPresent()) {
            return byTemplate.get();
        }
        OptionalLong byNodes = registered(nodes).stream()
                .mapToLong(node -> node.allocatable()
                        .timesFits(policy.slotSize(), node.load().daemons()))
                .max();
        if (byNodes.isPresent()) {
            return byNodes;
        }
        return policy.nodeAllocatable()
                .map(hint -> OptionalLong.of(hint.timesFits(policy.slotSize().only(hint.names()), Resources.NONE)))
                .orElse(OptionalLong.empty());
    }

    // a template may leave out pods (then they do not bound it) but must tell every other resource of a slot
    private static OptionalLong byAllocatable(Resources allocatable, Collection<NodeLoad> loads, Resources slotSize) {
        Resources unit = allocatable.get(Resources.PODS) > 0 ? slotSize : slotSize.with(Resources.PODS, 0);
        if (!allocatable.names().containsAll(unit.names())) {
            return OptionalLong.empty();
        }
        return loads.stream()
                .mapToLong(load -> allocatable.timesFits(unit, load.daemons()))
                .max();
    }

    // what the DaemonSets of the pool take of a node, as seen on its nodes; a new node will carry them too
    private static Set<NodeLoad> daemonLoads(List<Node> nodes) {
        Set<NodeLoad> loads = registered(nodes).stream()
                .map(node -> new NodeLoad(0, node.load().daemons(), node.load().daemons(), Optional.empty()))
                .collect(Collectors.toSet());
        return loads.isEmpty() ? Set.of(NodeLoad.EMPTY) : loads;
    }

    // a node tells once its kubelet has; those that are Ready carry their DaemonSets, so they go first
    private static List<Node> registered(List<Node> nodes) {
        List<Node> telling =
                nodes.stream().filter(node -> !node.allocatable().isEmpty()).toList();
        List<Node> ready =
                telling.stream().filter(node -> node.readiness().ready()).toList();
        return ready.isEmpty() ? telling : ready;
    }
}
