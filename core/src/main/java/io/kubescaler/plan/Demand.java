package io.kubescaler.plan;

import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeTemplate;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Counts the servers that wait for a slot of this pool. Made for one count. */
final class Demand {
    /** No new node has the name of one that a server asks for. */
    private static final String HOSTNAME = "kubernetes.io/hostname";

    private final List<Node> nodes;
    private final Optional<NodeTemplate> template;
    private final LabelSelector selector;
    private final Map<String, String> certain;
    // label name to value to the nodes that carry it, for the names that were asked for
    private final Map<String, Map<String, List<Node>>> carriers = new HashMap<>();

    private Demand(List<Node> nodes, Optional<NodeTemplate> template, LabelSelector selector) {
        this.nodes = nodes;
        this.template = template;
        this.selector = selector;
        certain = selector.requiredLabels();
    }

    /**
     * Returns how many unplaced servers could be placed on a node of the pool, as far as their nodeSelector tells: it
     * contradicts neither the pool's selector nor what the pool's nodes and its template carry.
     */
    static int unplaced(ClusterState cluster, Optional<NodeTemplate> template, LabelSelector selector) {
        if (cluster.unplaced().isEmpty()) {
            return 0;
        }
        Demand demand = new Demand(cluster.nodes(), template, selector);
        Map<Map<String, String>, Boolean> answers = new HashMap<>();
        return (int) cluster.unplaced().stream()
                .filter(pod -> !pod.terminating() && pod.nodeName().isEmpty())
                .filter(pod -> answers.computeIfAbsent(pod.nodeSelector(), demand::fits))
                .count();
    }

    private boolean fits(Map<String, String> wanted) {
        if (selector.contradicts(wanted)) {
            return false;
        }
        Set<Map.Entry<String, String>> open = wanted.entrySet().stream()
                .filter(label -> !label.getValue().equals(certain.get(label.getKey())))
                .collect(Collectors.toSet());
        return open.isEmpty() || templateCarries(open) || (nodes.isEmpty() ? mayCarry(open) : someNodeCarries(open));
    }

    private boolean templateCarries(Set<Map.Entry<String, String>> labels) {
        return template.map(it -> it.labels().entrySet().containsAll(labels)).orElse(false);
    }

    // a template lists the labels that people gave the pool; those with a domain come from Kubernetes and the cloud
    private boolean mayCarry(Set<Map.Entry<String, String>> labels) {
        Map<String, String> told = template.map(NodeTemplate::labels).orElse(Map.of());
        return labels.stream().allMatch(label -> {
            String value = told.get(label.getKey());
            return value == null
                    ? !label.getKey().equals(HOSTNAME)
                            && (template.isEmpty() || label.getKey().contains("/"))
                    : value.equals(label.getValue());
        });
    }

    private boolean someNodeCarries(Set<Map.Entry<String, String>> labels) {
        return labels.stream()
                .map(label -> carriers.computeIfAbsent(label.getKey(), this::nodesByValueOf)
                        .getOrDefault(label.getValue(), List.of()))
                .min(Comparator.comparingInt(List::size))
                .orElse(nodes)
                .stream()
                .anyMatch(node -> node.labels().entrySet().containsAll(labels));
    }

    private Map<String, List<Node>> nodesByValueOf(String name) {
        return nodes.stream()
                .filter(node -> node.labels().containsKey(name))
                .collect(Collectors.groupingBy(node -> node.labels().getOrDefault(name, "")));
    }
}
