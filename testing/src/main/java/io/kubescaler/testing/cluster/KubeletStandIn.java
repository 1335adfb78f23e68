package io.kubescaler.testing.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kubescaler.testing.Patience;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Does for every node of the {@link ControlPlane} what its kubelet and the node controller would: lifts the taint that
 * admission puts on a new node and reports it Ready, turns bound pods Running, and finishes the deletion of terminating
 * pods. It watches and never polls. Thread-safe.
 *
 * <p>A node whose annotation {@value #KUBELET} is {@value #SILENT} has no kubelet: nothing happens to it or its pods.
 */
public final class KubeletStandIn implements AutoCloseable {
    /** Annotation on a node that says how its kubelet is. */
    public static final String KUBELET = "kubelet.test/is";

    /** The kubelet does not run: the node never becomes Ready, or stays as it is. */
    public static final String SILENT = "silent";

    private static final String NOT_READY = "node.kubernetes.io/not-ready";

    private final KubernetesClient client;
    private final ExecutorService work;
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final SharedIndexInformer<Node> nodes;
    private final SharedIndexInformer<Pod> pods;

    private KubeletStandIn(KubernetesClient client) {
        this.client = client;
        this.work = Executors.newSingleThreadExecutor(task -> new Thread(task, "kubelet-stand-in"));
        this.nodes = client.nodes().runnableInformer(0).addEventHandler(new Handler<>(this::nodeChanged));
        this.pods = client.pods().inAnyNamespace().runnableInformer(0).addEventHandler(new Handler<>(this::podChanged));
    }

    /** Starts to look after all nodes and pods of a control plane. */
    public static KubeletStandIn of(ControlPlane controlPlane) {
        KubeletStandIn standIn = new KubeletStandIn(controlPlane.admin());
        standIn.nodes.run();
        standIn.pods.run();
        return standIn;
    }

    /**
     * Stops.
     *
     * @throws AssertionError when something went wrong on the way
     */
    @Override
    public void close() {
        nodes.close();
        pods.close();
        work.shutdown();
        try {
            if (!work.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS)) {
                failures.add(new IllegalStateException("still at work after 10 s"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Failures.throwAny("the kubelet stand-in", failures);
    }

    private void nodeChanged(Node node) {
        if (isSilent(node)) {
            return;
        }
        if (!isReady(node)) {
            reportReady(node);
        }
        if (hasNotReadyTaint(node)) {
            liftTaint(node);
        }
        String name = node.getMetadata().getName();
        pods.getStore().list().stream()
                .filter(pod -> name.equals(pod.getSpec().getNodeName()))
                .forEach(this::podChanged);
    }

    private void podChanged(Pod pod) {
        String nodeName = pod.getSpec().getNodeName();
        if (nodeName == null) {
            return;
        }
        Node node = nodes.getStore().getByKey(nodeName);
        if (node == null || isSilent(node)) {
            return;
        }
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            remove(pod);
        } else if ("Pending".equals(pod.getStatus().getPhase())) {
            run(pod);
        }
    }

    private void reportReady(Node node) {
        Node ready = new NodeBuilder()
                .withNewMetadata()
                .withName(node.getMetadata().getName())
                .endMetadata()
                .withNewStatus()
                .withConditions(
                        condition("Ready", "True"),
                        condition("MemoryPressure", "False"),
                        condition("DiskPressure", "False"),
                        condition("PIDPressure", "False"))
                .endStatus()
                .build();
        client.nodes()
                .withName(node.getMetadata().getName())
                .subresource("status")
                .patch(PatchContexts.STRATEGIC_MERGE, Serialization.asJson(ready));
    }

    private static NodeCondition condition(String type, String status) {
        String now = now();
        return new NodeConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason("StandIn")
                .withLastHeartbeatTime(now)
                .withLastTransitionTime(now)
                .build();
    }

    private void liftTaint(Node node) {
        List<Taint> taints = node.getSpec().getTaints();
        int index = 0;
        while (!NOT_READY.equals(taints.get(index).getKey())) {
            index++;
        }
        String path = "/spec/taints/" + index;
        // the test fails the patch when the list has changed; the change then comes as an event of its own
        client.nodes().withName(node.getMetadata().getName()).patch(PatchContexts.JSON, """
                        [{"op": "test", "path": "%s/key", "value": "%s"}, {"op": "remove", "path": "%s"}]
                        """.formatted(
                        path, NOT_READY, path));
    }

    private void run(Pod pod) {
        Pod running = new PodBuilder()
                .withNewMetadata()
                .withName(pod.getMetadata().getName())
                .withNamespace(pod.getMetadata().getNamespace())
                .withUid(pod.getMetadata().getUid())
                .endMetadata()
                .withNewStatus()
                .withPhase("Running")
                .withStartTime(now())
                .withConditions(new PodConditionBuilder()
                        .withType("Ready")
                        .withStatus("True")
                        .withLastTransitionTime(now())
                        .build())
                .withContainerStatuses(pod.getSpec().getContainers().stream()
                        .map(KubeletStandIn::running)
                        .toList())
                .endStatus()
                .build();
        client.resource(pod).subresource("status").patch(PatchContexts.STRATEGIC_MERGE, Serialization.asJson(running));
    }

    private static ContainerStatus running(Container container) {
        return new ContainerStatusBuilder()
                .withName(container.getName())
                .withImage(container.getImage())
                .withImageID("")
                .withReady(true)
                .withRestartCount(0)
                .withNewState()
                .withNewRunning()
                .withStartedAt(now())
                .endRunning()
                .endState()
                .build();
    }

    private void remove(Pod pod) {
        Pods.remove(client, pod);
    }

    private static boolean isSilent(Node node) {
        Map<String, String> annotations = node.getMetadata().getAnnotations();
        return annotations != null && SILENT.equals(annotations.get(KUBELET));
    }

    private static boolean isReady(Node node) {
        return node.getStatus().getConditions().stream()
                .anyMatch(condition -> "Ready".equals(condition.getType()) && "True".equals(condition.getStatus()));
    }

    private static boolean hasNotReadyTaint(Node node) {
        return node.getSpec().getTaints().stream().anyMatch(taint -> NOT_READY.equals(taint.getKey()));
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @FunctionalInterface
    private interface Change<T> {
        void handle(T object);
    }

    /** Hands events over to the thread that does the work, so that a slow write never holds up the watch. */
    private final class Handler<T extends HasMetadata> implements ResourceEventHandler<T> {
        private final Change<T> change;

        Handler(Change<T> change) {
            this.change = change;
        }

        @Override
        public void onAdd(T object) {
            enqueue(object);
        }

        @Override
        public void onUpdate(T before, T after) {
            enqueue(after);
        }

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {
            // nothing is left to look after
        }

        private void enqueue(T object) {
            try {
                work.execute(() -> handle(object));
            } catch (RejectedExecutionException closing) {
                if (!work.isShutdown()) {
                    throw closing;
                }
            }
        }

        private void handle(T object) {
            try {
                change.handle(object);
            } catch (KubernetesClientException e) {
                // gone or changed meanwhile: a later event tells of what is now
                if (e.getCode() != 404 && e.getCode() != 409 && e.getCode() != 422) {
                    failures.add(e);
                }
            } catch (RuntimeException | Error e) {
                failures.add(e);
            }
        }
    }
}
