package io.kubescaler.bench.load;

import com.sun.net.httpserver.HttpExchange;
import io.kubescaler.bench.PoolShape;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * DigitalOcean's API in front of a pool of any size. It takes every order to grow and forgets it at once, so that the
 * pool is short again as soon as another server waits. Thread-safe.
 */
final class CloudOfShape implements AutoCloseable {
    /** Name of the cluster. */
    static final String CLUSTER = "games";

    /** Name of the node pool. */
    static final String POOL = "servers";

    // the cloud takes its time over an order; meanwhile the scaler hears that it is no longer short
    private static final Duration ORDER = Duration.ofMillis(200);
    private static final String CLUSTER_PATH = "/v2/kubernetes/clusters/8f2b7c1e-5d0a-4c3f-9e6b-1a2d3c4e5f60";

    private final LoopbackServer server;
    private final Requests requests = new Requests();
    private final Map<String, String> answers;
    private volatile Runnable onOrder = () -> {};

    /** Starts one with that pool, all of whose machines run. */
    CloudOfShape(PoolShape shape) {
        String pool = pool(shape);
        answers = Map.of(
                "/v2/account",
                "{\"account\":{\"droplet_limit\":%d,\"status\":\"active\"}}".formatted(shape.nodes() + 1000),
                "/v2/droplets",
                "{\"droplets\":[],\"meta\":{\"total\":%d}}".formatted(shape.nodes()),
                "/v2/kubernetes/clusters",
                "{\"kubernetes_clusters\":[{\"id\":\"%s\",\"name\":\"%s\",\"status\":{\"state\":\"running\"}}]}"
                        .formatted(CLUSTER_PATH.substring(CLUSTER_PATH.lastIndexOf('/') + 1), CLUSTER),
                CLUSTER_PATH + "/node_pools",
                "{\"node_pools\":[%s]}".formatted(pool),
                CLUSTER_PATH + "/node_pools/" + PoolShape.POOL_ID,
                "{\"node_pool\":%s}".formatted(pool),
                CLUSTER_PATH + "/node_pools_template/" + POOL,
                template(shape));
        server = new LoopbackServer("cloud", this::handle);
    }

    private static String pool(PoolShape shape) {
        String machines = IntStream.range(0, shape.nodes())
                .mapToObj(number -> ("{\"id\":\"%s\",\"name\":\"%s\",\"status\":{\"state\":\"running\"},"
                                + "\"droplet_id\":\"%d\",\"created_at\":\"2026-01-01T07:00:00Z\","
                                + "\"updated_at\":\"2026-01-01T07:05:00Z\"}")
                        .formatted(shape.machineId(number), shape.nodeName(number), shape.dropletId(number)))
                .collect(Collectors.joining(","));
        return ("{\"id\":\"%s\",\"name\":\"%s\",\"size\":\"s-32vcpu-64gb\",\"count\":%d,\"tags\":[\"k8s\"],"
                        + "\"labels\":{\"role\":\"scalable\"},\"taints\":[],\"auto_scale\":false,\"nodes\":[%s]}")
                .formatted(PoolShape.POOL_ID, POOL, shape.nodes(), machines);
    }

    private static String template(PoolShape shape) {
        return ("{\"template\":{\"name\":\"%s\",\"slug\":\"s-32vcpu-64gb\",\"labels\":{\"role\":\"scalable\"},\"taints\":[],"
                        + "\"allocatable\":{\"cpu\":%d,\"cpu_milli_cores\":%d,\"memory\":\"60Gi\",\"pods\":%d}}}")
                .formatted(POOL, shape.nodeCpu() / 1000, shape.nodeCpu(), PoolShape.MOST_PODS);
    }

    /** Returns scheme, host and port. */
    String url() {
        return server.url();
    }

    /** Returns the requests that came. */
    Requests requests() {
        return requests;
    }

    /** Has something done when an order has come, before it is answered. */
    void onOrder(Runnable action) {
        onOrder = action;
    }

    @Override
    public void close() {
        server.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        requests.came(method, path);
        try (exchange) {
            String answer = answers.get(path);
            if (method.equals("PUT")) {
                onOrder.run();
                TimeUnit.MILLISECONDS.sleep(ORDER.toMillis());
                LoopbackServer.send(exchange, 202, "{}");
            } else if (method.equals("GET") && answer != null) {
                LoopbackServer.send(exchange, 200, answer);
            } else {
                requests.unexpected(method + " " + path);
                LoopbackServer.send(exchange, 405, "{\"id\":\"method_not_allowed\",\"message\":\"not here\"}");
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }
}
