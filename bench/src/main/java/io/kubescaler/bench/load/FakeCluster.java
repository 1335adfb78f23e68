package io.kubescaler.bench.load;

import io.kubescaler.bench.NodeObject;
import io.kubescaler.bench.PodObject;
import io.kubescaler.bench.PodObject.Role;
import io.kubescaler.bench.PoolShape;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A cluster that is an {@link ApiServerOfShape} and nothing else. */
final class FakeCluster implements ClusterUnderLoad {
    private static final int WAITING = 50_000_000;

    private final PoolShape shape;
    private final ApiServerOfShape server;
    private final PodObject waiting = new PodObject(WAITING, Role.SERVER, Optional.empty(), 0, 0);
    private final ScheduledExecutorService kubelets = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "kubelets");
        thread.setDaemon(true);
        return thread;
    });
    private Optional<Future<?>> reports = Optional.empty();
    private int reporting;

    FakeCluster(PoolShape shape) {
        this.shape = shape;
        server = new ApiServerOfShape(shape);
    }

    @Override
    public String description() {
        return "fake API server, HTTP/1.1";
    }

    @Override
    public int pods() {
        return shape.pods();
    }

    @Override
    public Map<String, String> environment() {
        // a KUBECONFIG that is not there, so that none is read
        return Map.of("CLUSTER_KUBE_CONFIG_MASTER_URL", server.url(), "KUBECONFIG", "/nonexistent/kubeconfig");
    }

    @Override
    public Optional<Requests> requests() {
        return Optional.of(server.requests());
    }

    @Override
    public void createWaitingServer() {
        server.pods().put(waiting);
    }

    @Override
    public void deleteWaitingServer() {
        server.pods().remove(waiting);
    }

    @Override
    public PodChanges startChanges(int perSecond) {
        return new PodChanges(server.pods(), shape, perSecond);
    }

    @Override
    public void startHeartbeats(Duration interval) {
        long pause = interval.toNanos() / shape.nodes();
        reports = Optional.of(kubelets.scheduleAtFixedRate(this::report, pause, pause, TimeUnit.NANOSECONDS));
    }

    private void report() {
        int node = reporting++ % shape.nodes();
        server.nodes().put(((NodeObject) server.nodes().get(node)).beating(Instant.now()));
    }

    @Override
    public void close() {
        if (reports.filter(Future::isDone).isPresent()) {
            throw new IllegalStateException("the nodes stopped reporting");
        }
        kubelets.shutdownNow();
        server.close();
    }
}
