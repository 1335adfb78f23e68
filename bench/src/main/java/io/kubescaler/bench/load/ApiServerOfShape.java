package io.kubescaler.bench.load;

import com.sun.net.httpserver.HttpExchange;
import io.kubescaler.bench.NodeObject;
import io.kubescaler.bench.PodObject;
import io.kubescaler.bench.PodObject.Role;
import io.kubescaler.bench.PoolShape;
import io.kubescaler.bench.StoredObject;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of an API server that the scaler uses, with a pool of any size: pages, watches with bookmarks that end when
 * asked to, one Lease, and Events that nobody keeps. Answers over HTTP/1.1 without TLS or compression; the real one is
 * measured too. Thread-safe.
 */
final class ApiServerOfShape implements AutoCloseable {
    private static final String PODS = "/api/v1/pods";
    private static final String NODES = "/api/v1/nodes";
    private static final Duration BOOKMARK = Duration.ofMinutes(1);
    private static final int BUFFER = 65_536;

    private final LoopbackServer server;
    private final Map<String, ObjectStore> collections = Map.of(PODS, new ObjectStore(), NODES, new ObjectStore());
    private final LeaseObject lease = new LeaseObject();
    private final Requests requests = new Requests();

    /** Starts one with that pool. */
    ApiServerOfShape(PoolShape shape) {
        fill(shape);
        server = new LoopbackServer("api-server", this::handle);
    }

    private void fill(PoolShape shape) {
        int number = 0;
        for (int node = 0; node < shape.nodes(); node++) {
            nodes().put(new NodeObject(shape, node, 0, Instant.now()));
            Optional<String> name = Optional.of(shape.nodeName(node));
            int servers = shape.servers(node);
            for (int i = 0; i < servers + PoolShape.DAEMONS; i++) {
                pods().put(new PodObject(number++, i < servers ? Role.SERVER : Role.DAEMON, name, 0, 0));
            }
        }
    }

    ObjectStore pods() {
        return collection(PODS);
    }

    ObjectStore nodes() {
        return collection(NODES);
    }

    private ObjectStore collection(String path) {
        ObjectStore collection = collections.get(path);
        if (collection == null) {
            throw new IllegalArgumentException(path);
        }
        return collection;
    }

    /** Returns the requests that came. */
    Requests requests() {
        return requests;
    }

    /** Returns scheme, host and port. */
    String url() {
        return server.url();
    }

    @Override
    public void close() {
        server.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        Map<String, String> query = query(exchange);
        boolean isWatch = query.containsKey("watch");
        requests.came(isWatch ? "WATCH" : method, path);
        try (exchange) {
            if (method.equals("GET") && collections.containsKey(path)) {
                if (isWatch) {
                    watch(exchange, collection(path), query);
                } else {
                    list(exchange, collection(path), query);
                }
            } else if (path.contains("/leases")) {
                LeaseObject.Answer answer = lease.answer(method, body(exchange));
                LoopbackServer.send(exchange, answer.status(), answer.body());
            } else if (path.endsWith("/events") && method.equals("POST")) {
                LoopbackServer.send(exchange, 201, body(exchange));
            } else {
                requests.unexpected(method + " " + path);
                LoopbackServer.send(
                        exchange, 405, "{\"kind\":\"Status\",\"code\":405,\"reason\":\"MethodNotAllowed\"}");
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private static void list(HttpExchange exchange, ObjectStore collection, Map<String, String> query)
            throws IOException {
        int after = Integer.parseInt(query.getOrDefault("continue", "-1"));
        ObjectStore.Page page = collection.page(after, Integer.parseInt(query.getOrDefault("limit", "1000000")));
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), BUFFER)) {
            List<StoredObject> objects = page.objects();
            String next = page.more()
                    ? ",\"continue\":\"%d\""
                            .formatted(objects.get(objects.size() - 1).number())
                    : "";
            write(
                    out,
                    "{\"kind\":\"List\",\"metadata\":{\"resourceVersion\":\"%d\"%s},\"items\":["
                            .formatted(page.version(), next));
            for (int i = 0; i < objects.size(); i++) {
                write(out, (i == 0 ? "" : ",") + objects.get(i).json());
            }
            write(out, "]}");
        }
    }

    private static void watch(HttpExchange exchange, ObjectStore collection, Map<String, String> query)
            throws IOException, InterruptedException {
        long sent = Long.parseLong(query.getOrDefault("resourceVersion", "0"));
        Instant end = Instant.now().plusSeconds(Long.parseLong(query.getOrDefault("timeoutSeconds", "1800")));
        if (!collection.knows(sent)) {
            LoopbackServer.send(exchange, 410, "{\"kind\":\"Status\",\"code\":410,\"reason\":\"Expired\"}");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().flush();
        try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), BUFFER)) {
            while (Instant.now().isBefore(end)) {
                List<ObjectStore.Event> due = collection.after(sent, BOOKMARK);
                for (ObjectStore.Event event : due) {
                    write(out, event.json());
                    sent = event.object().version();
                }
                if (due.isEmpty()) {
                    write(
                            out,
                            "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"%d\"}}}\n"
                                    .formatted(sent));
                }
                out.flush();
            }
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String body(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String parameter : raw == null ? List.<String>of() : List.of(raw.split("&", -1))) {
            String[] parts = parameter.split("=", 2);
            query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return query;
    }
}
