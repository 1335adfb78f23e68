package io.kubescaler.simulated;

import io.kubescaler.model.Pod;
import io.kubescaler.model.Pod.Owner;
import io.kubescaler.model.Resources;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a pod of a simulated cluster is made from. Immutable and thread-safe.
 *
 * @param namespace its namespace
 * @param name its name
 * @param labels its labels
 * @param nodeSelector the labels that its node must carry
 * @param tolerations keys of the taints that it tolerates
 * @param requests what it asks for; {@link Resources#PODS} = 1 is added to it
 * @param owner who looks after it
 * @param doNotDisrupt the annotation by which it forbids disruption of its node; empty when it does not
 */
public record PodSpec(
        String namespace,
        String name,
        Map<String, String> labels,
        Map<String, String> nodeSelector,
        Set<String> tolerations,
        Resources requests,
        Owner owner,
        Optional<String> doNotDisrupt) {

    public PodSpec {
        labels = Map.copyOf(labels);
        nodeSelector = Map.copyOf(nodeSelector);
        tolerations = Set.copyOf(tolerations);
        // most pods are made alike: what is complete already is kept as it is
        requests = requests.get(Resources.PODS) == 1 ? requests : requests.with(Resources.PODS, 1);
    }

    /** Returns a dedicated server that any node of any pool may host. */
    public static PodSpec server(String name, Map<String, String> labels, Resources requests) {
        return new PodSpec("default", name, labels, Map.of(), Set.of(), requests, Owner.OTHER, Optional.empty());
    }

    /** Returns a pod that comes with each node of its own accord. */
    public static PodSpec daemon(String name, Resources requests) {
        return new PodSpec(
                "kube-system", name, Map.of(), Map.of(), Set.of(), requests, Owner.DAEMON_SET, Optional.empty());
    }

    /** Returns this pod, to be placed on nodes with these labels alone. */
    public PodSpec onNodesWith(Map<String, String> labelsOfNode) {
        return new PodSpec(namespace, name, labels, labelsOfNode, tolerations, requests, owner, doNotDisrupt);
    }

    /** Returns this pod, tolerating taints of those keys. */
    public PodSpec tolerating(Set<String> keys) {
        return new PodSpec(namespace, name, labels, nodeSelector, keys, requests, owner, doNotDisrupt);
    }

    /** Returns this pod with another name. */
    PodSpec named(String other) {
        return new PodSpec(namespace, other, labels, nodeSelector, tolerations, requests, owner, doNotDisrupt);
    }

    /** Returns {@code namespace/name}. */
    String key() {
        return namespace + "/" + name;
    }

    Pod bound(String uid, Optional<String> node, boolean terminating) {
        return new Pod(namespace, name, uid, node, labels, nodeSelector, requests, owner, terminating, doNotDisrupt);
    }
}
