package io.kubescaler.simulated;

import io.kubescaler.model.Resources;
import io.kubescaler.model.Taint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a node of a simulated cluster is made from. Immutable and thread-safe.
 *
 * @param name its name
 * @param labels its labels
 * @param providerId what machine it is; empty when the cloud does not tell
 * @param taints its taints
 * @param allocatable what pods may use of it, {@link Resources#PODS} included
 * @param daemons pods that come with it; each is named after the node
 */
public record NodeSpec(
        String name,
        Map<String, String> labels,
        Optional<String> providerId,
        Set<Taint> taints,
        Resources allocatable,
        List<PodSpec> daemons) {

    public NodeSpec {
        labels = Map.copyOf(labels);
        taints = Set.copyOf(taints);
        daemons = List.copyOf(daemons);
    }

    /** Returns a node without labels, taints or daemons. */
    public static NodeSpec of(String name, Resources allocatable) {
        return new NodeSpec(name, Map.of(), Optional.empty(), Set.of(), allocatable, List.of());
    }

    /** Returns this node with those labels. */
    public NodeSpec labelled(Map<String, String> other) {
        return new NodeSpec(name, other, providerId, taints, allocatable, daemons);
    }
}
