package io.kubescaler.digitalocean;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.Secret;
import io.kubescaler.testing.CloudUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The API with a memory, for the contract of providers: real HTTP on loopback, two pages of clusters, one pool whose
 * machines boot and go when told to, and every failure of the contract. Ids are numbered, so runs are alike.
 */
final class StatefulCloud implements CloudUnderTest {
    private static final String CLUSTER = "bd5f5959-5e1e-4205-a714-a914373942af";
    private static final String POOL = "cdda885e-7663-40c8-bc74-3a036c66545d";
    private static final String CLUSTERS_PATH = "/v2/kubernetes/clusters";
    private static final String POOLS_PATH = CLUSTERS_PATH + "/" + CLUSTER + "/node_pools";
    private static final String POOL_PATH = POOLS_PATH + "/" + POOL;
    private static final String NODES_PATH = POOL_PATH + "/nodes/";
    private static final String TOKEN = "dop_v1_fedcba9876543210-the-token";
    private static final Duration ASKED_WAIT = Duration.ofSeconds(29);

    private final ObjectMapper json = new ObjectMapper();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpServer server;
    private final NodePoolProvider provider;

    private volatile boolean mayWrite = true;

    // everything below is guarded by this
    private final Map<String, Machine> machines = new LinkedHashMap<>();
    private Duration passed = Duration.ZERO;
    private int size;
    private int ordered;
    private int requests;
    private Optional<Failure> failure = Optional.empty();
    private String words = "";
    private Optional<String> undeletable = Optional.empty();
    private OptionalInt limit = OptionalInt.empty();
    private String limitWords = "";

    private record Machine(String id, int number, String state, Instant createdAt) {
        Machine in(String newState) {
            return new Machine(id, number, newState, createdAt);
        }

        boolean isGoing() {
            return state.equals("deleting");
        }
    }

    private record Answer(int status, JsonNode body) {}

    StatefulCloud(int count) {
        resizeBehindOurBack(count);
        letMachinesBoot();
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
        provider = makeProvider();
    }

    private NodePoolProvider makeProvider() {
        DigitalOceanProviderFactory factory = new DigitalOceanProviderFactory(
                new DigitalOceanProvider.Times(Duration.ofSeconds(4), Duration.ofMillis(1), this::nanoTime));
        InstantSource wallClock = this::now;
        return factory.create(new ProviderContext(
                Optional.of("production"),
                "servers",
                Optional.of(new Secret(TOKEN)),
                Map.of("api-url", "http://127.0.0.1:" + server.getAddress().getPort(), "request-timeout", "1s"),
                "kubescaler/0.1.0-test",
                () -> mayWrite,
                wallClock.withZone(ZoneOffset.UTC)));
    }

    private synchronized long nanoTime() {
        return System.nanoTime() + passed.toNanos();
    }

    private synchronized Instant now() {
        return Instant.parse("2026-01-01T00:00:00Z").plus(passed);
    }

    // ---- the API ----

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Optional<Failure> mode = begin();
            if (mode.isPresent() && mode.get() != Failure.ANSWER_LOST) {
                fail(exchange, mode.get());
                return;
            }
            Answer answer = answer(exchange, body);
            if (mode.isEmpty()) {
                send(
                        exchange,
                        answer.status,
                        answer.status == 202 && answer.body.isEmpty() ? "" : answer.body.toString());
            }
        }
    }

    private synchronized Optional<Failure> begin() {
        requests++;
        return failure;
    }

    private void fail(HttpExchange exchange, Failure mode) throws IOException {
        switch (mode) {
            case UNAUTHORIZED ->
                send(exchange, 401, error("unauthorized", words).toString());
            case POOL_NOT_FOUND -> send(exchange, 404, error("not_found", words).toString());
            case RATE_LIMITED -> {
                exchange.getResponseHeaders().set("retry-after", String.valueOf(ASKED_WAIT.toSeconds()));
                send(exchange, 429, error("too_many_requests", words).toString());
            }
            case UNAVAILABLE ->
                send(exchange, 503, error("service_unavailable", words).toString());
            case GARBLED -> send(exchange, 200, "<html><body>" + words + "</body></html>");
            case SILENT -> awaitClose();
            case ANSWER_LOST -> throw new IllegalStateException("is carried out first");
        }
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private synchronized Answer answer(HttpExchange exchange, byte[] body) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return new Answer(401, error("unauthorized", "Unable to authenticate you."));
        }
        String request = exchange.getRequestMethod() + " " + path;
        if (request.startsWith("DELETE " + NODES_PATH)) {
            return delete(path.substring(NODES_PATH.length()));
        }
        return switch (request) {
            case "GET " + CLUSTERS_PATH -> new Answer(200, clusters(query.contains("page=2")));
            case "GET " + POOLS_PATH -> {
                ObjectNode pools = json.createObjectNode();
                pools.putArray("node_pools").add(pool());
                yield new Answer(200, pools);
            }
            case "GET " + POOL_PATH -> new Answer(200, json.createObjectNode().set("node_pool", pool()));
            case "PUT " + POOL_PATH -> resize(json.readTree(body));
            case "GET /v2/account" -> new Answer(200, account());
            case "GET /v2/droplets" -> new Answer(200, droplets());
            default -> new Answer(404, error("not_found", "The resource you were accessing could not be found."));
        };
    }

    private ObjectNode clusters(boolean second) {
        ObjectNode page = json.createObjectNode();
        ObjectNode cluster = page.putArray("kubernetes_clusters").addObject();
        cluster.put("id", second ? CLUSTER : "11111111-5e1e-4205-a714-a914373942af");
        cluster.put("name", second ? "production" : "staging");
        cluster.putObject("status").put("state", "running");
        if (!second) {
            String next = "http://127.0.0.1:%d%s?per_page=200&page=2"
                    .formatted(server.getAddress().getPort(), CLUSTERS_PATH);
            page.putObject("links").putObject("pages").put("next", next);
        }
        return page;
    }

    private ObjectNode pool() {
        ObjectNode pool = json.createObjectNode();
        pool.put("id", POOL).put("name", "servers").put("count", size).put("auto_scale", false);
        ArrayNode nodes = pool.putArray("nodes");
        for (Machine machine : machines.values()) {
            boolean booting = machine.state.equals("provisioning");
            ObjectNode node = nodes.addObject();
            node.put("id", machine.id);
            node.put("name", booting ? "" : "servers-" + machine.number);
            node.put("droplet_id", booting ? "" : String.valueOf(205_545_000 + machine.number));
            node.put("created_at", machine.createdAt.toString());
            node.putObject("status").put("state", machine.state);
        }
        return pool;
    }

    private Answer resize(JsonNode order) {
        int count = order.path("count").asInt();
        if (limit.isPresent() && count > limit.getAsInt()) {
            String message = "not enough available droplet limit: " + limitWords;
            return new Answer(422, error("unprocessable_entity", message));
        }
        resizeBehindOurBack(count);
        return new Answer(202, json.createObjectNode().set("node_pool", pool()));
    }

    private Answer delete(String id) {
        Machine machine = machines.get(id);
        if (machine == null || machine.isGoing()) {
            return new Answer(404, error("not_found", "node not found"));
        }
        if (undeletable.isPresent() && undeletable.get().equals(id)) {
            return new Answer(422, error("unprocessable_entity", words));
        }
        machines.put(id, machine.in("deleting"));
        size--;
        return new Answer(202, json.createObjectNode());
    }

    private ObjectNode account() {
        ObjectNode answer = json.createObjectNode();
        answer.putObject("account").put("droplet_limit", limit.orElse(100)).put("status", "active");
        return answer;
    }

    private ObjectNode droplets() {
        ObjectNode answer = json.createObjectNode();
        answer.putArray("droplets");
        answer.putObject("meta").put("total", machines.size());
        return answer;
    }

    private ObjectNode error(String id, String message) {
        return json.createObjectNode().put("id", id).put("message", message);
    }

    // ---- the contract's view of it ----

    @Override
    public NodePoolProvider provider() {
        return provider;
    }

    @Override
    public Set<String> secrets() {
        return Set.of(TOKEN);
    }

    @Override
    public synchronized int size() {
        return size;
    }

    @Override
    public synchronized Set<String> machines() {
        Set<String> ids = new TreeSet<>();
        machines.values().stream().filter(machine -> !machine.isGoing()).forEach(machine -> ids.add(machine.id));
        return ids;
    }

    @Override
    public synchronized OptionalInt requests() {
        return OptionalInt.of(requests);
    }

    @Override
    public synchronized void letMachinesBoot() {
        machines.replaceAll((id, machine) -> machine.isGoing() ? machine : machine.in("running"));
    }

    @Override
    public synchronized void letDeletionsFinish() {
        machines.values().removeIf(Machine::isGoing);
    }

    @Override
    public synchronized void letTimePass(Duration duration) {
        passed = passed.plus(duration);
    }

    @Override
    public synchronized void resizeBehindOurBack(int count) {
        for (; size < count; size++) {
            ordered++;
            String id = new UUID(0x478247f8b1bb4f7aL, 0x8db9000000000000L + ordered).toString();
            machines.put(id, new Machine(id, ordered, "provisioning", now()));
        }
        machines().stream().limit(size - count).forEach(this::removeBehindOurBack);
    }

    @Override
    public synchronized void removeBehindOurBack(String machine) {
        machines.compute(machine, (id, present) -> present.in("deleting"));
        size--;
    }

    @Override
    public synchronized boolean fail(Failure kind, String message) {
        failure = Optional.of(kind);
        words = message;
        return true;
    }

    @Override
    public synchronized boolean failDeletionOf(String machine, String message) {
        undeletable = Optional.of(machine);
        words = message;
        return true;
    }

    @Override
    public boolean failBooting(String message) {
        // the API has no state for a machine that failed
        return false;
    }

    @Override
    public synchronized boolean limitTo(int nodes, String message) {
        limit = OptionalInt.of(nodes);
        limitWords = message;
        return true;
    }

    @Override
    public boolean forbidWrites() {
        mayWrite = false;
        return true;
    }

    @Override
    public synchronized void recover() {
        failure = Optional.empty();
        undeletable = Optional.empty();
    }

    @Override
    public void close() {
        provider.close();
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
