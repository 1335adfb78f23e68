package io.kubescaler.app;

import io.kubescaler.app.journal.FileJournal;
import io.kubescaler.control.ClusterException;
import io.kubescaler.kubernetes.lease.LeaseTiming;
import io.kubescaler.model.PoolNotes;
import io.kubescaler.testing.Patience;
import io.kubescaler.testing.cluster.CloudPool;
import io.kubescaler.testing.cluster.ControlPlane;
import io.kubescaler.testing.cluster.DigitalOceanStandIn;
import io.kubescaler.testing.process.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The program as users run it, {@code java -jar kubescaler.jar run}, configured by environment variables alone. It can
 * be killed and started again. What it writes is in {@code target/scaler/}. For one thread.
 */
public final class ScalerProcess implements AutoCloseable {
    /** The times of the Lease by which {@link #election} has replicas elect a leader. */
    public static final LeaseTiming LEASE =
            new LeaseTiming(Duration.ofSeconds(10), Duration.ofSeconds(5), Duration.ofSeconds(2));

    private static final Path JAR = Path.of("target", "kubescaler.jar").toAbsolutePath();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String name;
    private final Map<String, String> environment;
    private final int port;
    private final List<Path> logs = new ArrayList<>();
    private ChildProcess process;

    private ScalerProcess(String name, Map<String, String> environment, int port) {
        this.name = name;
        this.environment = environment;
        this.port = port;
    }

    /**
     * Starts a scaler.
     *
     * @param name what its log files are called
     * @param environment environment variables; the port of its HTTP server is added
     */
    public static ScalerProcess start(String name, Map<String, String> environment) {
        int port = freePort();
        Map<String, String> all = new HashMap<>(environment);
        all.put("HTTP_PORT", Integer.toString(port));
        all.putIfAbsent("PATH", System.getenv("PATH"));
        ScalerProcess scaler = new ScalerProcess(name, all, port);
        scaler.startAgain();
        return scaler;
    }

    /**
     * Returns the environment variables that scale a pool of the stand-in of the cloud: one server a CPU, 4 spare slots,
     * 2 to 12 nodes, a pass a second, and deletion a second after a node became empty.
     */
    public static Map<String, String> environment(
            ControlPlane controlPlane, DigitalOceanStandIn cloud, CloudPool pool, String nodeSelector) {
        return Map.ofEntries(
                Map.entry("CLOUD_PROVIDER", "digitalocean"),
                Map.entry("CLOUD_PROVIDER_TOKEN", DigitalOceanStandIn.TOKEN),
                Map.entry("PROVIDERS_DIGITALOCEAN_API_URL", cloud.url()),
                Map.entry("CLUSTER_NAME", DigitalOceanStandIn.CLUSTER),
                Map.entry("NODE_POOL_NAME", pool.name()),
                Map.entry("NODE_SELECTOR", nodeSelector),
                Map.entry("CLUSTER_KUBE_CONFIG_PATH", controlPlane.kubeconfig().toString()),
                Map.entry("MINIMUM_NODE_POOL_SIZE", "2"),
                Map.entry("MAXIMUM_NODE_POOL_SIZE", "12"),
                Map.entry("SERVER_POD_LABEL_NAME", "app"),
                Map.entry("SERVER_POD_LABEL_VALUE", "server"),
                Map.entry("STATE_FOLDER", stateAfterACleanEnd(pool).toString()),
                Map.entry("BUFFER_SLOT_SIZE", "4"),
                Map.entry("SCALE_LOOP_TICK_SEC", "1"),
                Map.entry("SERVER_CPU_RESOURCE_REQUEST", "1000m"),
                Map.entry("EMPTY_NODE_EXPIRATION_SEC", "1"),
                Map.entry("CORDON_DELAY", "0s"));
    }

    // else a start without a lease would wait before it grows the pool, and set nothing aside before it saw a server
    private static Path stateAfterACleanEnd(CloudPool pool) {
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "scaler")), "state")
                    .toAbsolutePath();
            FileJournal.open(
                            folder,
                            "digitalocean_%s_%s".formatted(DigitalOceanStandIn.CLUSTER, pool.name()),
                            pool.name())
                    .write(unknown -> PoolNotes.NONE.withServersSeen("app=server"));
            return folder;
        } catch (IOException | ClusterException e) {
            throw new IllegalStateException("the state folder cannot be made", e);
        }
    }

    /**
     * Returns the environment variables that have replicas elect a leader, by a Lease in the namespace {@code default}
     * with the times of {@link #LEASE}. One that was killed is succeeded 10 s after its successor has first looked.
     */
    public static Map<String, String> election(String leaseName) {
        return Map.of(
                "LEADER_ELECTION_ENABLED",
                "true",
                "LEADER_ELECTION_NAMESPACE",
                "default",
                "LEADER_ELECTION_LEASE_NAME",
                leaseName,
                "LEADER_ELECTION_LEASE_DURATION",
                LEASE.leaseDuration().toSeconds() + "s",
                "LEADER_ELECTION_RENEW_DEADLINE",
                LEASE.renewDeadline().toSeconds() + "s",
                "LEADER_ELECTION_RETRY_PERIOD",
                LEASE.retryPeriod().toSeconds() + "s");
    }

    /** Starts it again after it has ended; it is configured as before. */
    public void startAgain() {
        if (process != null && process.alive()) {
            throw new IllegalStateException("the scaler %d still runs".formatted(process.pid()));
        }
        if (process != null) {
            process.close();
        }
        Path log = Path.of("target", "scaler", "%s-%d.log".formatted(name, logs.size() + 1));
        logs.add(log);
        process = ChildProcess.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-Dguice_custom_class_loading=CHILD",
                        "-jar",
                        JAR.toString(),
                        "run"),
                environment,
                log);
    }

    /** Kills it, as a power cut would. */
    public void kill() {
        process.kill();
    }

    /** Asks it to end, as Kubernetes does, and waits for it; empty when it does not. */
    public OptionalInt stop() {
        process.signal("TERM");
        return process.awaitExit();
    }

    /** Returns the process that runs now, or ran last. */
    public ChildProcess process() {
        return process;
    }

    /** Returns everything that it has written, in all its lives. */
    public String output() {
        StringBuilder all = new StringBuilder();
        for (Path log : logs) {
            try {
                all.append(Files.readString(log));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return all.toString();
    }

    /**
     * Asks its HTTP server.
     *
     * @param path such as {@code /metrics}
     * @throws IOException when it does not answer
     */
    public HttpResponse<String> get(String path) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                            .timeout(Patience.LIMIT)
                            .build(),
                    BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /**
     * Reads one of its metrics.
     *
     * @param metric name of the metric as Prometheus sees it
     * @return the sum over all labels; 0 when there is no such metric yet
     * @throws IOException when it does not answer
     */
    public double metric(String metric) throws IOException {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Override
    public void close() {
        process.close();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
