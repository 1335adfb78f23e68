package io.kubescaler.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which nodes a pod may be placed on, apart from the room on them: what the kube-scheduler filters by. Immutable and
 * thread-safe.
 *
 * @param nodeSelector {@code spec.nodeSelector}: labels that the node has to carry
 * @param affinity the required node affinity; empty when there is none
 * @param tolerations {@code spec.tolerations}
 */
public record NodeConstraints(
        Map<String, String> nodeSelector, Optional<NodeAffinity> affinity, List<Toleration> tolerations) {
    /** Any node without a taint will do. */
    public static final NodeConstraints NONE = new NodeConstraints(Map.of(), Optional.empty(), List.of());

    public NodeConstraints {
        nodeSelector = Map.copyOf(nodeSelector);
        tolerations = List.copyOf(tolerations);
    }

    /** Returns whether {@code nodeSelector} and affinity take that node. */
    public boolean select(Map<String, String> labels, String nodeName) {
        return labels.entrySet().containsAll(nodeSelector.entrySet())
                && affinity.map(it -> it.matches(labels, nodeName)).orElse(true);
    }

    /** Returns whether {@code nodeSelector} or affinity rule out every node that a selector selects. */
    public boolean exclude(LabelSelector selector) {
        return selector.contradicts(nodeSelector)
                || affinity.map(it -> it.excludes(selector)).orElse(false);
    }

    /** Returns a taint that keeps the pod out, the first by its text; empty when none does. */
    public Optional<Taint> keptOutBy(Collection<Taint> taints) {
        if (taints.isEmpty()) {
            return Optional.empty();
        }
        return taints.stream()
                .filter(taint -> taint.keepsPodsOut()
                        && tolerations.stream().noneMatch(toleration -> toleration.tolerates(taint)))
                .min(Comparator.comparing(Taint::toString));
    }
}
