import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Makes the class archive that lets the program start in less than half the time. Starts the program once as users do,
 * {@code java -jar kubescaler.jar run}, between an API server and a cloud that answer just enough for it to take a lease,
 * read 20 nodes, decide and order machines; the JVM writes down at its end what it had loaded. Everything is on loopback.
 *
 * <p>Needs nothing but a JDK: {@code java TrainingRun.java JAVA_HOME JAR ARCHIVE}. The archive is for the JDK of JAVA_HOME:
 * an AOT cache from release 25 on, a static class data sharing archive before (a Java 17 with half of a dynamic one crashes
 * where half of a static one is told and left alone). Takes seconds; a slow machine may take 20 times as long, and a step
 * that has not ended after 10 minutes is given up as hanging. Without success there is no archive, a warning on stderr says
 * why, and the exit status is 0 all the same: the program runs without one.
 */
final class TrainingRun {
    private static final String NODE_POOL = "11111111-1111-1111-1111-111111111111";
    private static final String PASSWORD = "loopback";
    private static final int NODES = 20;
    // a guard against hanging, for each step
    private static final int PATIENCE_SECONDS = 600;

    private final Path java;
    private final Path jar;
    private final Path archive;
    private final Path folder;
    private final ExecutorService threads = Executors.newCachedThreadPool(TrainingRun::daemon);
    private final CountDownLatch ordered = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicInteger version = new AtomicInteger(100);

    private TrainingRun(Path home, Path jar, Path archive, Path folder) {
        this.java = home.resolve("bin").resolve("java");
        this.jar = jar;
        this.archive = archive;
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException {
        Path archive = Path.of(arguments[2]).toAbsolutePath();
        // beside the archive, which is moved there when it is whole
        Path folder = Files.createTempDirectory(archive.getParent(), "training-run-");
        try {
            Files.deleteIfExists(archive);
            new TrainingRun(Path.of(arguments[0]), Path.of(arguments[1]).toAbsolutePath(), archive, folder).make();
        } catch (IOException | GeneralSecurityException | InterruptedException | RuntimeException failure) {
            System.err.printf(
                    "kubescaler: WARNING: no class archive was made, so each start takes twice as long: %s;"
                            + " everything else works, and a new build tries again%n",
                    failure.getMessage());
        } finally {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
            }
        }
    }

    private void make() throws IOException, GeneralSecurityException, InterruptedException {
        HttpsServer cluster = HttpsServer.create(loopback(), 50);
        cluster.setHttpsConfigurator(new HttpsConfigurator(certificate()));
        HttpServer cloud = HttpServer.create(loopback(), 50);
        try {
            serve(cluster, this::answerAsCluster);
            serve(cloud, this::answerAsCloud);
            train(cluster.getAddress().getPort(), cloud.getAddress().getPort());
        } finally {
            over.countDown();
            cluster.stop(0);
            cloud.stop(0);
            threads.shutdownNow();
        }
    }

    private void train(int clusterPort, int cloudPort) throws IOException, InterruptedException {
        Path unfinished = folder.resolve("archive");
        Path log = folder.resolve("log");
        Path classes = folder.resolve("classes");
        List<String> command = new ArrayList<>(List.of(java.toString(), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        command.add(isAot() ? "-XX:AOTCacheOutput=" + unfinished : "-XX:DumpLoadedClassList=" + classes);
        command.addAll(List.of("-Dguice_custom_class_loading=CHILD", "-Djdk.reflect.useNativeAccessorOnly=true"));
        command.addAll(List.of("-jar", jar.toString(), "run"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(configuration(clusterPort, cloudPort));
        Process program = builder.start();
        try {
            if (!ordered(program)) {
                throw new IllegalStateException("the training run ordered nothing; it said last: " + last(log));
            }
            probe(Files.readString(log));
            program.destroy();
            if (!program.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the training run did not end");
            }
            if (!isAot()) {
                run("-Xshare:dump", "-XX:SharedClassListFile=" + classes, "-XX:SharedArchiveFile=" + unfinished,
                        "-Xlog:disable", "-cp", jar.toString());
            }
            if (!Files.exists(unfinished)) {
                throw new IllegalStateException(java + " wrote none; it said last: " + last(log));
            }
            Files.move(unfinished, archive, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            program.destroyForcibly();
        }
    }

    /** Waits for the order of the program, which may take its time; one that has ended sends none. */
    private boolean ordered(Process program) throws InterruptedException {
        program.onExit().thenRun(ordered::countDown);
        return ordered.await(PATIENCE_SECONDS, TimeUnit.SECONDS) && program.isAlive();
    }

    private static String last(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1);
    }

    private boolean isAot() {
        return archive.toString().endsWith(".aot");
    }

    private Map<String, String> configuration(int clusterPort, int cloudPort) throws IOException {
        Path kubeconfig = folder.resolve("kubeconfig");
        String authority = Base64.getMimeEncoder().encodeToString(Files.readAllBytes(folder.resolve("certificate.pem")));
        Files.writeString(kubeconfig, """
                {"apiVersion": "v1", "kind": "Config", "current-context": "training",
                 "clusters": [{"name": "training", "cluster":
                   {"server": "https://127.0.0.1:%d", "certificate-authority-data": "%s"}}],
                 "users": [{"name": "training", "user": {"token": "training"}}],
                 "contexts": [{"name": "training", "context": {"cluster": "training", "user": "training"}}]}
                """.formatted(clusterPort, authority.replaceAll("\\s", "")));
        return Map.ofEntries(
                Map.entry("CLUSTER_KUBE_CONFIG_PATH", kubeconfig.toString()),
                Map.entry("CLOUD_PROVIDER", "digitalocean"),
                Map.entry("CLOUD_PROVIDER_TOKEN", "a-token-of-nobody"),
                Map.entry("PROVIDERS_DIGITALOCEAN_API_URL", "http://127.0.0.1:" + cloudPort),
                Map.entry("CLUSTER_NAME", "training"),
                Map.entry("NODE_POOL_NAME", "training"),
                Map.entry("NODE_SELECTOR", "role=scalable"),
                Map.entry("MAXIMUM_NODE_POOL_SIZE", "100"),
                Map.entry("SERVER_POD_LABEL_NAME", "app"),
                Map.entry("SERVER_POD_LABEL_VALUE", "server"),
                Map.entry("SERVER_CPU_RESOURCE_REQUEST", "1000m"),
                Map.entry("BUFFER_SLOT_SIZE", "100"),
                Map.entry("SCALE_LOOP_TICK_SEC", "1"),
                Map.entry("LEADER_ELECTION_ENABLED", "true"),
                Map.entry("LEADER_ELECTION_NAMESPACE", "training"),
                // a slow machine must not lose the lease or give up a request while it trains
                Map.entry("LEADER_ELECTION_LEASE_DURATION", "1200s"),
                Map.entry("LEADER_ELECTION_RENEW_DEADLINE", "600s"),
                Map.entry("LEADER_ELECTION_RETRY_PERIOD", "60s"),
                Map.entry("PROVIDERS_DIGITALOCEAN_REQUEST_TIMEOUT", "20s"),
                Map.entry("HTTP_HOST", "127.0.0.1"),
                Map.entry("HTTP_PORT", "0"));
    }

    private static void probe(String log) throws IOException {
        String address = log.replaceAll("(?s).*(http://127\\.0\\.0\\.1:\\d+).*", "$1");
        for (String path : List.of("/livez", "/readyz", "/metrics", "/api/v1/pools")) {
            HttpURLConnection request =
                    (HttpURLConnection) URI.create(address + path).toURL().openConnection();
            request.setReadTimeout(PATIENCE_SECONDS * 1000);
            request.getResponseCode();
            request.disconnect();
        }
    }

    private void answerAsCluster(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        if (query.contains("watch")) {
            watch(exchange);
        } else if (path.equals("/api/v1/nodes")) {
            send(exchange, 200, list("NodeList", TrainingRun::node));
        } else if (path.equals("/api/v1/pods")) {
            send(exchange, 200, list("PodList", TrainingRun::pod));
        } else if (exchange.getRequestMethod().equals("GET")) {
            send(exchange, 404, "{\"kind\": \"Status\", \"apiVersion\": \"v1\", \"code\": 404, \"reason\": \"NotFound\"}");
        } else {
            String written = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            send(exchange, 201, withNewVersion(written));
        }
    }

    // what is written comes back as it was, with a new version
    private String withNewVersion(String written) {
        String old = "\"resourceVersion\":\"[^\"]*\"";
        return written.matches("(?s).*" + old + ".*")
                ? written.replaceFirst(old, version())
                : written.replaceFirst("\"metadata\":\\{", "\"metadata\":{" + version() + ",");
    }

    private void watch(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        String bookmark = "{\"type\": \"BOOKMARK\", \"object\": {\"metadata\": {%s}}}\n".formatted(version());
        exchange.getResponseBody().write(bookmark.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        try {
            over.await();
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void answerAsCloud(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String pool = """
                {"id": "%s", "name": "training", "size": "s-4vcpu-8gb", "count": %d, "auto_scale": false, "nodes": [%s]}
                """.formatted(NODE_POOL, NODES, each(TrainingRun::machine));
        if (exchange.getRequestMethod().equals("PUT")) {
            send(exchange, 202, "{\"node_pool\": %s}".formatted(pool));
            ordered.countDown();
        } else if (path.endsWith("/clusters")) {
            send(exchange, 200, """
                    {"kubernetes_clusters": [{"id": "%s", "name": "training", "node_pools": [%s]}], "links": {}}
                    """.formatted(NODE_POOL, pool));
        } else if (path.endsWith("/node_pools")) {
            send(exchange, 200, "{\"node_pools\": [%s], \"links\": {}}".formatted(pool));
        } else if (path.contains("/node_pools/")) {
            send(exchange, 200, "{\"node_pool\": %s}".formatted(pool));
        } else if (path.contains("/node_pools_template/")) {
            send(exchange, 200, """
                    {"template": {"name": "training", "slug": "s-4vcpu-8gb", "labels": {"role": "scalable"}, "taints": [],
                     "capacity": {"cpu": 4, "memory": "8Gi", "pods": 110},
                     "allocatable": {"cpu": 4, "memory": "8Gi", "pods": 110}}}
                    """);
        } else {
            send(exchange, 404, "{\"id\": \"not_found\", \"message\": \"not found\"}");
        }
    }

    private String list(String kind, IntFunction<String> item) {
        return "{\"kind\": \"%s\", \"apiVersion\": \"v1\", \"metadata\": {%s}, \"items\": [%s]}"
                .formatted(kind, version(), each(item));
    }

    private static String each(IntFunction<String> item) {
        return IntStream.range(0, NODES).mapToObj(item).collect(Collectors.joining(","));
    }

    private static String node(int number) {
        return """
                {"metadata": {"name": "node-%1$d", "uid": "node-%1$d", "resourceVersion": "5",
                   "creationTimestamp": "2026-01-01T00:00:00Z",
                   "labels": {"role": "scalable", "doks.digitalocean.com/node-id": "%2$s",
                              "doks.digitalocean.com/node-pool-id": "%3$s"}},
                 "spec": {"providerID": "digitalocean://%1$d"},
                 "status": {"capacity": {"cpu": "4", "memory": "8Gi", "pods": "110"},
                   "allocatable": {"cpu": "3900m", "memory": "7Gi", "pods": "110"},
                   "conditions": [{"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:01:00Z"}]}}
                """.formatted(number, machineId(number), NODE_POOL);
    }

    private static String pod(int number) {
        return """
                {"metadata": {"name": "server-%1$d", "namespace": "servers", "uid": "server-%1$d", "resourceVersion": "6",
                   "labels": {"app": "server"}, "creationTimestamp": "2026-01-01T00:02:00Z"},
                 "spec": {"nodeName": "node-%1$d", "containers": [{"name": "server", "resources":
                   {"requests": {"cpu": "1", "memory": "512Mi"}}}]},
                 "status": {"phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}}
                """.formatted(number);
    }

    private static String machine(int number) {
        return """
                {"id": "%s", "name": "node-%d", "droplet_id": "%d", "status": {"state": "running"},
                 "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z"}
                """.formatted(machineId(number), number, number);
    }

    private static String machineId(int number) {
        return "22222222-2222-2222-2222-%012d".formatted(number);
    }

    private String version() {
        return "\"resourceVersion\":\"%d\"".formatted(version.incrementAndGet());
    }

    /** What answers a request. */
    private interface Answerer {
        void answer(HttpExchange exchange) throws IOException;
    }

    private void serve(HttpServer server, Answerer answerer) {
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                answerer.answer(exchange);
            }
        });
        server.start();
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getRequestBody().readAllBytes();
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private SSLContext certificate() throws IOException, GeneralSecurityException, InterruptedException {
        Path store = folder.resolve("certificate.p12");
        keytool("-genkeypair", "-keystore", store.toString(), "-keyalg", "EC", "-alias", "training", "-validity", "2",
                "-dname", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1", "-ext", "bc=ca:true");
        keytool("-exportcert", "-keystore", store.toString(), "-alias", "training", "-rfc",
                "-file", folder.resolve("certificate.pem").toString());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java.resolveSibling("keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        finish(command);
    }

    private void run(String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java.toString()));
        command.addAll(List.of(options));
        finish(command);
    }

    private void finish(List<String> command) throws IOException, InterruptedException {
        Path log = folder.resolve("log-of-a-step");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(command.get(0) + " did not end");
            } else if (process.exitValue() != 0) {
                throw new IOException(command.get(0) + " failed and said last: " + last(log));
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "training");
        thread.setDaemon(true);
        return thread;
    }
}
