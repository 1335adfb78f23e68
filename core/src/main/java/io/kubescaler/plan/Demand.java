package io.kubescaler.plan;

import io.kubescaler.model.NodeSelector;
import io.kubescaler.model.NodeTemplate;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts the servers that wait for a slot of this pool. */
final class Demand {
    private Demand() {}

    /**
     * Returns how many unplaced servers could be placed on a node of the pool, as far as their nodeSelector tells: it
     * contradicts neither the pool's selector nor what the pool's nodes and its template carry.
     */
    static int unplaced(ClusterState cluster, Optional<NodeTemplate> template, NodeSelector selector) {
        // many servers share few selectors, and each is held against every node
        Map<Map<String, String>, Boolean> answers = new HashMap<>();
        return (int) cluster.unplaced().stream()
                .filter(pod -> !pod.terminating() && pod.nodeName().isEmpty())
                .filter(pod -> answers.computeIfAbsent(
                        pod.nodeSelector(), wanted -> fits(wanted, cluster, template, selector)))
                .count();
    }

    private static boolean fits(
            Map<String, String> wanted, ClusterState cluster, Optional<NodeTemplate> template, NodeSelector selector) {
        if (selector.contradicts(wanted)) {
            return false;
        }
        List<Map<String, String>> carried = new ArrayList<>();
        cluster.nodes().forEach(node -> carried.add(node.labels()));
        template.ifPresent(it -> carried.add(it.labels()));
        Map<String, String> certain = selector.requiredLabels();
        return carried.isEmpty()
                || certain.entrySet().containsAll(wanted.entrySet())
                || carried.stream().anyMatch(labels -> labels.entrySet().containsAll(wanted.entrySet()));
    }
}
