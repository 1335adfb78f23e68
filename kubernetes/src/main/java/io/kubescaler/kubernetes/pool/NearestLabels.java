package io.kubescaler.kubernetes.pool;

import io.kubescaler.control.Cluster;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import io.kubescaler.model.Pod;
import io.kubescaler.model.Resources;
import io.kubescaler.model.ServersFound.CarriedLabel;
import io.kubescaler.words.Nearest;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds, of the labels that pods carry, those nearest to a selector that matches none of them: by the fewest changed
 * letters, then those that most pods carry. For one thread.
 */
final class NearestLabels {
    /** How many nodes are looked at, at most: a request each. */
    static final int MOST_NODES = 10;

    private final List<String> wanted;
    private final Map<String, Integer> pods = new HashMap<>();

    NearestLabels(LabelSelector selector) {
        wanted = selector.wanted();
    }

    /** Returns the nodes whose pods tell most: those with the most pods that did not come with the node. */
    static List<Node> mostTelling(List<Node> nodes) {
        return nodes.stream()
                .sorted(Comparator.comparingLong(NearestLabels::podsOfOthers)
                        .reversed()
                        .thenComparing(Node::name))
                .limit(MOST_NODES)
                .toList();
    }

    private static long podsOfOthers(Node node) {
        return node.load().used().get(Resources.PODS) - node.load().daemons().get(Resources.PODS);
    }

    /** Takes the labels of a pod; one that came with its node is no server and is passed over. */
    void add(Pod pod) {
        if (pod.owner() == Pod.Owner.OTHER) {
            pod.labels().forEach((name, value) -> pods.merge(name + "=" + value, 1, Integer::sum));
        }
    }

    /** Returns at most {@link Cluster#MOST_LABELS}, the nearest first. */
    List<CarriedLabel> found() {
        Map<String, Integer> distances = new HashMap<>();
        pods.keySet().forEach(label -> distances.put(label, distance(label)));
        return pods.entrySet().stream()
                .map(entry -> new CarriedLabel(entry.getKey(), entry.getValue()))
                .sorted(Comparator.<CarriedLabel>comparingInt(it -> distances.getOrDefault(it.label(), 0))
                        .thenComparing(
                                Comparator.comparingInt(CarriedLabel::pods).reversed())
                        .thenComparing(CarriedLabel::label))
                .limit(Cluster.MOST_LABELS)
                .toList();
    }

    private int distance(String label) {
        String name = label.substring(0, label.indexOf('='));
        return wanted.stream()
                .mapToInt(text -> Nearest.distance(text, text.contains("=") ? label : name))
                .min()
                .orElse(0);
    }
}
