package io.kubescaler.kubernetes.pool;

import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    /** Names in order and, at the same places, their nodes: a pass copies an array instead of walking a tree. */
    private final List<String> names = new ArrayList<>();

    private final List<Node> loaded = new ArrayList<>();
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
            loadAll();
        } else {
            changed.forEach(this::reload);
        }
        if (allChanged || !changed.isEmpty()) {
            list = List.copyOf(loaded);
        }
        allChanged = false;
        changed.clear();
        return list;
    }

    /** Returns which of the nodes of {@link #list} other pools select too: node name to those pools, in one text. */
    Map<String, String> shared() {
        return shared;
    }

    private void loadAll() {
        names.clear();
        loaded.clear();
        shared.clear();
        nodes.all(node -> selector.matches(node.labels())).stream()
                .sorted(Comparator.comparing(Node::name))
                .forEach(node -> {
                    names.add(node.name());
                    loaded.add(load(node));
                });
    }

    private void reload(String name) {
        shared.remove(name);
        int place = Collections.binarySearch(names, name);
        Optional<Node> node = nodes.get(name)
                .filter(known -> selector.matches(known.labels()))
                .map(this::load);
        if (node.isPresent() && place >= 0) {
            loaded.set(place, node.get());
        } else if (node.isPresent()) {
            names.add(-place - 1, name);
            loaded.add(-place - 1, node.get());
        } else if (place >= 0) {
            names.remove(place);
            loaded.remove(place);
        }
    }

    private Node load(Node node) {
        overlap.of(node).ifPresent(others -> shared.put(node.name(), others));
        return node.withLoad(pods.load(node.name()));
    }
}
