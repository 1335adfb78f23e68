package io.kubescaler.kubernetes.pool;

import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The nodes of one pool with their loads. Only those that have changed are put together anew; the others stay the same
 * objects, in the same order, by which a planner knows them again. Not thread-safe.
 */
final class PoolNodes {
    private final LabelSelector selector;
    private final Overlap overlap;
    private final NodeIndex nodes;
    private final PodIndex pods;
    private final Map<String, Node> loaded = new TreeMap<>();
    private final Map<String, String> shared = new TreeMap<>();
    private final Set<String> changed = new HashSet<>();
    private boolean allChanged = true;
    private List<Node> list = List.of();

    PoolNodes(LabelSelector selector, Overlap overlap, NodeIndex nodes, PodIndex pods) {
        this.selector = selector;
        this.overlap = overlap;
        this.nodes = nodes;
        this.pods = pods;
    }

    /** Takes note that a node of that name, or a pod on it, has changed. */
    void changed(String name) {
        if (!allChanged) {
            changed.add(name);
        }
    }

    /** Takes note that anything may have changed. */
    void allChanged() {
        allChanged = true;
        changed.clear();
    }

    /** Returns the nodes that are selected, by name. */
    List<Node> list() {
        if (allChanged) {
            loaded.clear();
            shared.clear();
            nodes.matching(selector).forEach(this::load);
        } else {
            changed.forEach(this::reload);
        }
        if (allChanged || !changed.isEmpty()) {
            list = List.copyOf(loaded.values());
        }
        allChanged = false;
        changed.clear();
        return list;
    }

    /** Returns which of the nodes of {@link #list} other pools select too: node name to those pools, in one text. */
    Map<String, String> shared() {
        return shared;
    }

    private void reload(String name) {
        loaded.remove(name);
        shared.remove(name);
        nodes.get(name).filter(node -> selector.matches(node.labels())).ifPresent(this::load);
    }

    private void load(Node node) {
        loaded.put(node.name(), node.withLoad(pods.load(node.name())));
        overlap.of(node).ifPresent(others -> shared.put(node.name(), others));
    }
}
