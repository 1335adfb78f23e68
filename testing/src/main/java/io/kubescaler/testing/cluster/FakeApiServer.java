package io.kubescaler.testing.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * An API server of pods and nodes that misbehaves on demand: lists in pages and watches with bookmarks as the real one
 * does, over HTTP/1.1 without TLS, and knows no selectors. For faults alone; the real one is in {@link ControlPlane}.
 * Thread-safe.
 */
public final class FakeApiServer implements AutoCloseable {
    private static final int FIRST_VERSION = 100;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Map<String, Map<String, String>> objects = new TreeMap<>();
    private final List<Event> history = new ArrayList<>();
    private final List<PlannedFault> faults = new ArrayList<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private int version = FIRST_VERSION;
    private int oldestVersion = FIRST_VERSION;
    private int watchGeneration;
    private boolean closed;

    private record Event(int version, String path, String json) {}

    private record PlannedFault(Predicate<Received> when, Fault fault, boolean lasts) {}

    /** A request as it came in. */
    public record Received(String method, String path, Map<String, String> query, String body) {
        /** Returns whether it is a watch of these objects. */
        public boolean isWatch(String of) {
            return path.equals(of) && query.containsKey("watch");
        }

        /** Returns whether it is a list of these objects. */
        public boolean isList(String of) {
            return path.equals(of) && method.equals("GET") && !query.containsKey("watch");
        }
    }

    /** What goes wrong with one request. */
    public sealed interface Fault {
        /** It is answered by an error. */
        record Refusal(int code, String reason, Optional<String> retryAfter, String message) implements Fault {}

        /** It is answered by this body, and the end of it, with status 200. */
        record Body(String body) implements Fault {}

        /** It is answered by this body, and the connection breaks. */
        record Cut(String body) implements Fault {}

        /** The headers of an answer come, and nothing more. */
        record Silence() implements Fault {}

        /** Nothing comes at all. */
        record NoAnswer() implements Fault {}
    }

    private FakeApiServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        AtomicInteger number = new AtomicInteger();
        threads =
                Executors.newCachedThreadPool(task -> new Thread(task, "fake-api-server-" + number.incrementAndGet()));
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Starts one on a free port. */
    public static FakeApiServer start() {
        return new FakeApiServer();
    }

    /** Returns a new client of it, which the caller closes, over HTTP clients of that factory. */
    public KubernetesClient client(HttpClient.Factory http) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                .build();
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(http)
                .build();
    }

    /**
     * Makes or replaces an object.
     *
     * @param json the object, in which {@code VERSION} stands for its resource version
     */
    public synchronized void put(String path, String name, String json) {
        version++;
        String versioned = json.replace("VERSION", String.valueOf(version));
        boolean isNew = objectsOf(path).put(name, versioned) == null;
        record(path, isNew ? "ADDED" : "MODIFIED", versioned);
    }

    /** Removes an object that is there. */
    public synchronized void delete(String path, String name) {
        version++;
        String gone = Objects.requireNonNull(objectsOf(path).remove(name), name);
        record(path, "DELETED", gone.replaceAll("\"resourceVersion\":\"[0-9]+\"", versionField()));
    }

    /** Sends a bookmark to all watches. */
    public synchronized void bookmark(String path) {
        version++;
        record(path, "BOOKMARK", "{\"metadata\":{" + versionField() + "}}");
    }

    /** Sends white space to all watches: bytes, and no event. */
    public synchronized void whiteSpace(String path) {
        version++;
        history.add(new Event(version, path, " \n"));
        notifyAll();
    }

    /** Forgets what has happened so far: a watch from before is answered by 410. */
    public synchronized void expireHistory() {
        version++;
        oldestVersion = version;
        history.clear();
    }

    /** Breaks the connections of all watches. */
    public synchronized void cutWatches() {
        watchGeneration++;
        notifyAll();
    }

    /** Lets the next request of that kind go wrong; several are used up in this order. */
    public synchronized void plan(Predicate<Received> when, Fault fault) {
        faults.add(new PlannedFault(when, fault, false));
    }

    /** Lets every request of that kind go wrong until {@link #recover}. */
    public synchronized void planAlways(Predicate<Received> when, Fault fault) {
        faults.add(new PlannedFault(when, fault, true));
    }

    /** Lets every request from now on go right. */
    public synchronized void recover() {
        faults.clear();
    }

    /** Returns the requests so far. */
    public List<Received> received() {
        return List.copyOf(received);
    }

    /** Returns the requests of that kind so far. */
    public List<Received> received(Predicate<Received> which) {
        return received.stream().filter(which).toList();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Received request = request(exchange);
        Optional<Fault> fault = take(request);
        received.add(request);
        try (exchange) {
            if (fault.isPresent()) {
                goWrong(exchange, fault.get());
            } else if (request.query().containsKey("watch")) {
                watch(exchange, request);
            } else {
                list(exchange, request);
            }
        }
    }

    private synchronized Optional<Fault> take(Received request) {
        Optional<PlannedFault> planned =
                faults.stream().filter(one -> one.when().test(request)).findFirst();
        planned.filter(one -> !one.lasts()).ifPresent(faults::remove);
        return planned.map(PlannedFault::fault);
    }

    private void goWrong(HttpExchange exchange, Fault fault) throws IOException {
        if (fault instanceof Fault.Refusal refusal) {
            refusal.retryAfter()
                    .ifPresent(value -> exchange.getResponseHeaders().set("Retry-After", value));
            send(exchange, refusal.code(), status(refusal.code(), refusal.reason(), refusal.message()));
        } else if (fault instanceof Fault.Body body) {
            send(exchange, 200, body.body());
        } else if (fault instanceof Fault.Cut cut) {
            byte[] bytes = cut.body().getBytes(StandardCharsets.UTF_8);
            // more is announced than comes
            exchange.sendResponseHeaders(200, bytes.length + 1000L);
            exchange.getResponseBody().write(bytes);
            exchange.getResponseBody().flush();
        } else if (fault instanceof Fault.Silence) {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().flush();
            awaitClosed();
        } else if (fault instanceof Fault.NoAnswer) {
            awaitClosed();
        }
    }

    private synchronized void awaitClosed() {
        try {
            while (!closed) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void list(HttpExchange exchange, Received request) throws IOException {
        String answer;
        synchronized (this) {
            List<String> all = List.copyOf(objectsOf(request.path()).values());
            int from = Integer.parseInt(request.query().getOrDefault("continue", "0"));
            int limit = Integer.parseInt(request.query().getOrDefault("limit", "1000000"));
            int to = Math.min(all.size(), from + limit);
            String next = to < all.size() ? ",\"continue\":\"%d\"".formatted(to) : "";
            answer = "{\"kind\":\"List\",\"metadata\":{%s%s},\"items\":[%s]}"
                    .formatted(versionField(), next, String.join(",", all.subList(from, to)));
        }
        send(exchange, 200, answer);
    }

    private void watch(HttpExchange exchange, Received request) throws IOException {
        int from = Integer.parseInt(request.query().get("resourceVersion"));
        int generation;
        synchronized (this) {
            generation = watchGeneration;
            if (from < oldestVersion) {
                String gone = status(410, "Expired", "too old resource version: " + from);
                send(exchange, 200, "{\"type\":\"ERROR\",\"object\":%s}".formatted(gone));
                return;
            }
        }
        // of a known length, so that it breaks rather than ends
        exchange.sendResponseHeaders(200, 1_000_000_000);
        exchange.getResponseBody().flush();
        int sent = from;
        while (true) {
            List<Event> due = due(request.path(), sent, generation);
            if (due.isEmpty()) {
                return;
            }
            for (Event event : due) {
                exchange.getResponseBody().write(event.json().getBytes(StandardCharsets.UTF_8));
                sent = event.version();
            }
            exchange.getResponseBody().flush();
        }
    }

    // empty when the watch is to break
    private synchronized List<Event> due(String path, int sent, int generation) {
        try {
            while (!closed && generation == watchGeneration) {
                List<Event> due = history.stream()
                        .filter(event -> event.path().equals(path) && event.version() > sent)
                        .toList();
                if (!due.isEmpty()) {
                    return due;
                }
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.of();
    }

    private void record(String path, String type, String object) {
        String json = "{\"type\":\"%s\",\"object\":%s}\n".formatted(type, object);
        history.add(new Event(version, path, json));
        notifyAll();
    }

    private Map<String, String> objectsOf(String path) {
        return objects.computeIfAbsent(path, any -> new LinkedHashMap<>());
    }

    private String versionField() {
        return "\"resourceVersion\":\"%d\"".formatted(version);
    }

    private static String status(int code, String reason, String message) {
        return "{\"kind\":\"Status\",\"code\":%d,\"reason\":\"%s\",\"message\":\"%s\"}"
                .formatted(code, reason, message);
    }

    private static void send(HttpExchange exchange, int code, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Received request(HttpExchange exchange) throws IOException {
        Map<String, String> query = new TreeMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String parameter : raw == null ? new String[0] : raw.split("&")) {
            String[] parts = parameter.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        return new Received(
                exchange.getRequestMethod(), exchange.getRequestURI().getPath(), Map.copyOf(query), body);
    }
}
