package io.kubescaler.simulated;

import io.kubescaler.model.NodeConstraints;
import io.kubescaler.model.Pod;
import io.kubescaler.model.Pod.Owner;
import io.kubescaler.model.Resources;
import io.kubescaler.model.Toleration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a pod of a simulated cluster is made from. Immutable and thread-safe.
 *
 * @param namespace its namespace
 * @param name its name
 * @param labels its labels
 * @param constraints which nodes it may be placed on
 * @param requests what it asks for; {@link Resources#PODS} = 1 is added to it
 * @param owner who looks after it
 * @param doNotDisrupt the annotation by which it forbids disruption of its node; empty when it does not
 */
public record PodSpec(
        String namespace,
        String name,
        Map<String, String> labels,
        NodeConstraints constraints,
        Resources requests,
        Owner owner,
        Optional<String> doNotDisrupt) {

    public PodSpec {
        labels = Map.copyOf(labels);
        // most pods are made alike: what is complete already is kept as it is
        requests = requests.get(Resources.PODS) == 1 ? requests : requests.with(Resources.PODS, 1);
    }

    /** Returns a dedicated server that any node of any pool may host. */
    public static PodSpec server(String name, Map<String, String> labels, Resources requests) {
        return new PodSpec("default", name, labels, NodeConstraints.NONE, requests, Owner.OTHER, Optional.empty());
    }

    /** Returns a pod that comes with each node of its own accord. */
    public static PodSpec daemon(String name, Resources requests) {
        return new PodSpec(
                "kube-system", name, Map.of(), NodeConstraints.NONE, requests, Owner.DAEMON_SET, Optional.empty());
    }

    /** Returns this pod, to be placed on nodes with these labels alone. */
    public PodSpec onNodesWith(Map<String, String> labelsOfNode) {
        return constrained(new NodeConstraints(labelsOfNode, constraints.affinity(), constraints.tolerations()));
    }

    /** Returns this pod, tolerating taints of those keys. */
    public PodSpec tolerating(Set<String> keys) {
        return constrained(new NodeConstraints(
                constraints.nodeSelector(),
                constraints.affinity(),
                keys.stream().sorted().map(Toleration::ofKey).toList()));
    }

    /** Returns this pod, for the nodes that these constraints leave. */
    public PodSpec constrained(NodeConstraints other) {
        return new PodSpec(namespace, name, labels, other, requests, owner, doNotDisrupt);
    }

    /** Returns this pod with another name. */
    PodSpec named(String other) {
        return new PodSpec(namespace, other, labels, constraints, requests, owner, doNotDisrupt);
    }

    /** Returns {@code namespace/name}. */
    String key() {
        return namespace + "/" + name;
    }

    /** Returns the pod on a node. */
    Pod bound(String uid, String node, boolean terminating) {
        return pod(uid, Optional.of(node), Pod.Waiting.NONE, terminating);
    }

    /** Returns the pod while it waits for a node. */
    Pod waiting(String uid, Instant since) {
        return pod(uid, Optional.empty(), new Pod.Waiting(constraints, Optional.of(since), false, ""), false);
    }

    private Pod pod(String uid, Optional<String> node, Pod.Waiting waiting, boolean terminating) {
        return new Pod(
                namespace,
                name,
                uid,
                node,
                labels,
                waiting,
                requests,
                owner,
                terminating,
                doNotDisrupt,
                Optional.empty());
    }
}
