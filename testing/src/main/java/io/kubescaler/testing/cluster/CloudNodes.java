package io.kubescaler.testing.cluster;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What becomes of the cloud's machines in Kubernetes: Node objects come and go, and pods die with them. Keeps count of
 * the live servers among those. Thread-safe.
 */
final class CloudNodes {
    private final KubernetesClient client;
    private final Map<String, String> serverLabel;
    private final Queue<String> killedServers = new ConcurrentLinkedQueue<>();

    /** @param serverLabel the one label of a server */
    CloudNodes(KubernetesClient client, Map<String, String> serverLabel) {
        this.client = client;
        this.serverLabel = Map.copyOf(serverLabel);
    }

    /** A machine has joined the cluster; it is not Ready until its kubelet runs. */
    void join(String name, Map<String, String> labels, String providerId, PoolSpec spec) {
        Map<String, Quantity> resources = Map.of(
                "cpu", new Quantity(spec.cpu()),
                "memory", new Quantity(spec.memory()),
                "pods", new Quantity(Integer.toString(spec.pods())));
        Node node = new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .addToAnnotations(KubeletStandIn.KUBELET, KubeletStandIn.SILENT)
                .endMetadata()
                .withNewSpec()
                .withProviderID(providerId)
                .endSpec()
                .withNewStatus()
                .withCapacity(resources)
                .withAllocatable(resources)
                .addNewCondition()
                .withType("Ready")
                .withStatus("False")
                .withReason("KubeletNotReady")
                .endCondition()
                .endStatus()
                .build();
        client.nodes().resource(node).create();
    }

    /** The kubelet of a machine runs. */
    void startKubelet(String name) {
        patch(name, "{\"metadata\":{\"annotations\":{\"%s\":null}}}".formatted(KubeletStandIn.KUBELET));
    }

    /** Takes what runs on a machine off it, as the cloud does before it deletes one. */
    void drain(String name) {
        if (client.nodes().withName(name).get() == null) {
            return;
        }
        patch(name, "{\"spec\":{\"unschedulable\":true}}");
        List<Pod> pods = Pods.on(client, name);
        countKilled(pods);
        pods.forEach(pod -> client.resource(pod).delete());
    }

    /** A machine is gone, and with it its Node object and its pods. */
    void vanish(String name) {
        client.nodes().withName(name).delete();
        List<Pod> pods = Pods.on(client, name);
        countKilled(pods);
        pods.forEach(pod -> Pods.remove(client, pod));
    }

    /** Returns the servers that were alive when their machine was drained or deleted, as namespace/name. */
    List<String> killedServers() {
        return List.copyOf(killedServers);
    }

    private void countKilled(List<Pod> pods) {
        pods.stream()
                .filter(Pods::isLive)
                .filter(pod -> serverLabel.entrySet().stream()
                        .allMatch(label -> Pods.hasLabel(pod, label.getKey(), label.getValue())))
                .map(Pods::key)
                .filter(key -> !killedServers.contains(key))
                .forEach(killedServers::add);
    }

    private void patch(String name, String patch) {
        client.nodes().withName(name).patch(PatchContexts.STRATEGIC_MERGE, patch);
    }
}
