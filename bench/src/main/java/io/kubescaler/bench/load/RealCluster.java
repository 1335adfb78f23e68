package io.kubescaler.bench.load;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.kubescaler.bench.NodeObject;
import io.kubescaler.bench.PodObject;
import io.kubescaler.bench.PodObject.Role;
import io.kubescaler.bench.PoolShape;
import io.kubescaler.testing.cluster.ControlPlane;
import io.kubescaler.testing.cluster.KubernetesBinaries;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.stream.IntStream;

/**
 * A real kube-apiserver with etcd, filled with the pool. Its nodes do not report and nobody runs its pods: bound ones are
 * Pending, which takes their room all the same.
 */
final class RealCluster implements ClusterUnderLoad {
    private static final String NAMESPACE = "games";
    private static final int WAITING = 50_000_000;
    private static final int AT_ONCE = 8;
    // filling it keeps the machine busier than anything else
    private static final Duration ONE_REQUEST = Duration.ofMinutes(2);

    private final PoolShape shape;
    private final ControlPlane controlPlane;
    private final KubernetesClient client;
    private final PodObject waiting = new PodObject(WAITING, Role.SERVER, Optional.empty(), 0, 0);

    /** Starts one and fills it, which takes minutes. */
    RealCluster(PoolShape shape) throws InterruptedException {
        this.shape = shape;
        controlPlane = ControlPlane.start(KubernetesBinaries.ofEnvironment(System.getenv()));
        client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(
                                Config.fromKubeconfig(controlPlane.kubeconfig().toFile()))
                        .withRequestTimeout(Math.toIntExact(ONE_REQUEST.toMillis()))
                        .build())
                .build();
        client.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .create();
        ForkJoinPool pool = new ForkJoinPool(AT_ONCE);
        try {
            ForkJoinTask<?> filling = pool.submit(
                    () -> IntStream.range(0, shape.nodes()).parallel().forEach(this::fill));
            filling.get();
        } catch (ExecutionException e) {
            close();
            throw new IllegalStateException("the cluster could not be filled", e);
        } finally {
            pool.shutdownNow();
        }
    }

    private void fill(int node) {
        client.raw("/api/v1/nodes", "POST", new NodeObject(shape, node, 0, Instant.now()).json());
        client.nodes()
                .withName(shape.nodeName(node))
                // admission puts a taint on a new node
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"taints\":null}}");
        int first = node * shape.podsPerNode();
        for (int i = 0; i < shape.servers(node) + PoolShape.DAEMONS; i++) {
            Role role = i < shape.servers(node) ? Role.SERVER : Role.DAEMON;
            create(new PodObject(first + i, role, Optional.of(shape.nodeName(node)), 0, 0));
        }
    }

    private void create(PodObject pod) {
        client.raw("/api/v1/namespaces/" + NAMESPACE + "/pods", "POST", pod.json());
    }

    @Override
    public String description() {
        return "kube-apiserver %s, HTTP/2 with TLS".formatted(KubernetesBinaries.VERSION);
    }

    @Override
    public int pods() {
        return shape.pods();
    }

    @Override
    public Map<String, String> environment() {
        return Map.of("CLUSTER_KUBE_CONFIG_PATH", controlPlane.kubeconfig().toString());
    }

    @Override
    public Optional<Requests> requests() {
        return Optional.empty();
    }

    @Override
    public void createWaitingServer() {
        create(waiting);
    }

    @Override
    public void deleteWaitingServer() {
        client.pods()
                .inNamespace(NAMESPACE)
                .withName(waiting.name())
                .withGracePeriod(0)
                .delete();
    }

    @Override
    public PodChanges startChanges(int perSecond) {
        throw new UnsupportedOperationException("a real API server on this machine would be what is measured");
    }

    @Override
    public void startHeartbeats(Duration interval) {
        // nobody reports here
    }

    @Override
    public void close() {
        client.close();
        controlPlane.close();
    }
}
