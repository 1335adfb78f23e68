package io.kubescaler.testing.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Dedicated servers in a namespace of their own: pods that nothing brings back when they end. Thread-safe. */
public final class Servers {
    private final KubernetesClient client;
    private final String namespace;
    private final Map<String, String> labels;
    private final Map<String, String> nodeSelector;
    private final String cpu;
    private final AtomicInteger created = new AtomicInteger();

    /** Makes servers with those labels that each ask for so much CPU and run on any node. */
    public Servers(ControlPlane controlPlane, Map<String, String> labels, String cpu) {
        this(controlPlane, labels, Map.of(), cpu);
    }

    /**
     * Makes servers.
     *
     * @param labels their labels
     * @param nodeSelector labels of the nodes that they may run on
     * @param cpu what each asks for, as a quantity
     */
    public Servers(
            ControlPlane controlPlane, Map<String, String> labels, Map<String, String> nodeSelector, String cpu) {
        this.client = controlPlane.admin();
        this.namespace = controlPlane.newNamespace();
        this.labels = Map.copyOf(labels);
        this.nodeSelector = Map.copyOf(nodeSelector);
        this.cpu = cpu;
    }

    /** Returns the namespace. */
    public String namespace() {
        return namespace;
    }

    /** Creates so many more at once. */
    public void create(int count) {
        IntStream.range(0, count)
                .parallel()
                .forEach(i ->
                        client.pods().inNamespace(namespace).resource(pod()).create());
    }

    private Pod pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withName("server-" + created.incrementAndGet())
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withNodeSelector(nodeSelector)
                .addNewContainer()
                .withName("server")
                .withImage("example.org/server")
                .withNewResources()
                .addToRequests("cpu", new Quantity(cpu))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }

    /** Returns all that are there, ended ones included. */
    public List<Pod> pods() {
        return client.pods().inNamespace(namespace).list().getItems();
    }

    /** Returns how many are Running. */
    public long running() {
        return pods().stream()
                .filter(pod -> "Running".equals(pod.getStatus().getPhase()))
                .count();
    }

    /** Deletes so many of them, any, in the way of a user: with the grace that they have. */
    public void end(int count) {
        List<Pod> all = pods();
        if (all.size() < count) {
            throw new IllegalArgumentException("%d servers cannot end: there are %d".formatted(count, all.size()));
        }
        all.stream().limit(count).parallel().forEach(pod -> client.resource(pod).delete());
    }
}
