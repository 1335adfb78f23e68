package io.kubescaler.app.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import io.kubescaler.app.config.Settings.HttpSettings;
import io.kubescaler.app.observe.Metrics;
import io.kubescaler.app.observe.PassHistory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves health, metrics and the API; nothing that it serves changes anything. Its threads are called
 * {@code kubescaler-http-N} and are daemons. {@code openapi.yaml} says what it serves. Thread-safe.
 */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(HttpServer.class);
    private static final String API = "/api/v1";
    private static final int MOST_THREADS = 10;
    private static final int FEWEST_THREADS = 2;
    // of the threads that Jetty leaves for requests
    private static final int MOST_READERS = 4;
    private static final int IDLE_MILLIS = 30_000;

    private final HttpSettings settings;
    private final Metrics metrics;
    private final Map<String, Handler> routes = new TreeMap<>();
    private final Javalin javalin;

    /**
     * Makes a server that does not listen yet.
     *
     * @param settings where it is to listen
     * @param pools the names of the pools, in the order in which they are shown
     * @param health what the health endpoints look at
     */
    public HttpServer(HttpSettings settings, List<String> pools, Health health, PassHistory history, Metrics metrics) {
        this.settings = settings;
        this.metrics = metrics;
        HealthHandlers healthHandlers = new HealthHandlers(health);
        PoolHandlers poolHandlers = new PoolHandlers(List.copyOf(pools), history);
        routes.put("/livez", healthHandlers::live);
        routes.put("/readyz", healthHandlers::ready);
        routes.put("/metrics", this::metrics);
        routes.put("/openapi.yaml", HttpServer::description);
        routes.put(API, this::index);
        routes.put("/api/v1/pools", poolHandlers::all);
        routes.put("/api/v1/pools/{pool}", poolHandlers::one);
        routes.put("/api/v1/pools/{pool}/passes", poolHandlers::passes);
        javalin = Javalin.create(config -> {
            prepare(config);
            routes.forEach(config.routes::get);
        });
    }

    /**
     * Listens from now on.
     *
     * @throws HttpServerException when the address or the port cannot be had
     */
    public void start() throws HttpServerException {
        try {
            javalin.start(settings.host(), settings.port());
        } catch (JavalinBindException taken) {
            close();
            throw new HttpServerException(
                    ("cannot listen on %s port %d: it is in use, not allowed, or no address of this machine; set"
                                    + " http.host or http.port (HTTP_HOST, HTTP_PORT) to another, 0 being any free port, or"
                                    + " http.enabled to false")
                            .formatted(settings.host(), settings.port()),
                    taken);
        }
        LOGGER.info("health, metrics and API on http://{}:{}", settings.host(), port());
    }

    /** Returns the port that it listens on, which the settings may have left to the system. */
    public int port() {
        return javalin.port();
    }

    /** Returns the paths that are served, for what holds them against their description. */
    Set<String> paths() {
        return Set.copyOf(routes.keySet());
    }

    /** Stops listening, cuts what is under way and ends its threads. Later calls do nothing. */
    @Override
    public void close() {
        javalin.stop();
    }

    private static void prepare(JavalinConfig config) {
        QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, FEWEST_THREADS, IDLE_MILLIS);
        threads.setName("kubescaler-http");
        threads.setDaemon(true);
        config.jetty.threadPool = threads;
        // a stop that waits would wait for idle connections too
        config.jetty.modifyServer(server -> server.setStopTimeout(0));
        config.jetty.modifyServer(server -> server.insertHandler(new RoomForHealth(MOST_READERS)));
        config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.prefer405over404 = true;
        config.http.defaultContentType = "text/plain; charset=utf-8";
        config.routes.exception(HttpResponseException.class, HttpServer::refused);
        config.routes.exception(Exception.class, HttpServer::failed);
    }

    // what Javalin itself answers, such as 404 for a path that nobody serves
    private static void refused(HttpResponseException refusal, Context context) {
        HttpStatus status = HttpStatus.forStatus(refusal.getStatus());
        String message = status == HttpStatus.METHOD_NOT_ALLOWED
                ? "everything here is only read: use GET"
                : status.getMessage() + "; /openapi.yaml says what there is";
        Answers.error(context, status, message);
    }

    private static void failed(Exception thrown, Context context) {
        LOGGER.error("{} {} failed", context.method(), context.path(), thrown);
        Answers.error(context, HttpStatus.INTERNAL_SERVER_ERROR, "it failed; the logs say why");
    }

    private void index(Context context) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode paths = body.putArray("paths");
        routes.keySet().stream().filter(path -> path.startsWith(API + "/")).forEach(paths::add);
        Answers.json(context, body.put("description", "/openapi.yaml"));
    }

    private void metrics(Context context) {
        Metrics.Exposition exposition = metrics.expose(Optional.ofNullable(context.header("Accept")));
        context.contentType(exposition.contentType()).result(exposition.text());
    }

    private static void description(Context context) {
        try (InputStream description = HttpServer.class.getResourceAsStream("openapi.yaml")) {
            byte[] bytes = Objects.requireNonNull(description, "openapi.yaml").readAllBytes();
            context.contentType("application/yaml").result(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
