package io.kubescaler.app.demo;

import io.kubescaler.app.config.Settings.HttpSettings;
import io.kubescaler.app.http.Health;
import io.kubescaler.app.http.HttpServer;
import io.kubescaler.app.http.HttpServerException;
import io.kubescaler.app.http.ReadinessCheck;
import io.kubescaler.app.observe.Metrics;
import io.kubescaler.app.observe.PassHistory;
import io.kubescaler.app.observe.PassMetrics;
import io.kubescaler.control.PassListener;
import io.kubescaler.model.PoolPolicy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the demo serves over HTTP while it runs, on this machine alone: the same as {@code run}. For one thread. */
final class DemoServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final Metrics metrics = new Metrics();
    private final PassHistory history = new PassHistory();
    private final List<PassListener> listeners;
    private final Optional<HttpServer> server;

    private DemoServer(Optional<Integer> port, PoolPolicy policy) {
        listeners = port.isPresent()
                ? List.of(history, new PassMetrics(metrics.registry(), List.of(policy), () -> true, false))
                : List.of();
        server = port.map(it -> server(it, policy.pool()));
    }

    /**
     * Starts it.
     *
     * @param port where it listens, 0 for any free port; empty for nothing at all
     * @param policy what is asked of the pool
     * @throws HttpServerException when the port cannot be had
     */
    static DemoServer start(Optional<Integer> port, PoolPolicy policy) throws HttpServerException {
        DemoServer started = new DemoServer(port, policy);
        if (started.server.isPresent()) {
            started.server.get().start();
        }
        return started;
    }

    private HttpServer server(int port, String pool) {
        Health health =
                new Health(List.of(), List.of(ReadinessCheck.cloud(pool, () -> history.last(pool), () -> true)));
        return new HttpServer(new HttpSettings(true, HOST, port), List.of(pool), health, history, metrics);
    }

    /** Returns who is to be told of passes: that listener, and what is served. */
    List<PassListener> with(PassListener listener) {
        return Stream.concat(Stream.of(listener), listeners.stream()).toList();
    }

    /** Returns the address that it listens at, such as {@code http://127.0.0.1:8080}; empty when at none. */
    Optional<String> address() {
        return server.map(it -> "http://%s:%d".formatted(HOST, it.port()));
    }

    @Override
    public void close() {
        server.ifPresent(HttpServer::close);
        metrics.close();
    }
}
