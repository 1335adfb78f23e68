package io.kubescaler.testing.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * The cloud in front of a {@link ControlPlane}: DigitalOcean's API for Kubernetes over real HTTP on loopback, whose
 * machines become Node objects. It checks the token, keeps both rate limits and the droplet limit, fails on demand, and
 * remembers every request, every order and every live server that died by one. Thread-safe.
 */
public final class DigitalOceanStandIn implements AutoCloseable {
    /** The one token that it accepts. */
    public static final String TOKEN = "dop_v1_4fc05ae35b4f41e8a1c9c2b7d6e0f3a95b7d6e0f3a95c8e2b1d4f6a7c9e0b2d4";

    /** Name of the cluster, one of several. */
    public static final String CLUSTER = "game-cluster";

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final HttpServer server;
    private final ExecutorService threads;
    private final CloudTime time;
    private final CloudNodes nodes;
    private final CloudApi api;
    private final List<Exchange> exchanges = new CopyOnWriteArrayList<>();
    private final List<Injected> injected = new ArrayList<>();
    private final RateLimit burst = new RateLimit(250, MINUTE);
    private final RateLimit hourly = new RateLimit(5000, HOUR);
    private volatile Set<String> tokensThatCount = Set.of(TOKEN);

    private record Injected(Predicate<Asked> when, Fault fault, AtomicInteger times) {}

    private record Asked(String token, String method, String path) {}

    private DigitalOceanStandIn(ControlPlane controlPlane, Map<String, String> serverLabel, List<PoolSpec> pools) {
        this.nodes = new CloudNodes(controlPlane.admin(), serverLabel);
        this.time = new CloudTime();
        this.threads = Executors.newCachedThreadPool(task -> new Thread(task, "digitalocean-stand-in"));
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.api = new CloudApi(
                url(),
                pools.stream().map(spec -> new CloudPool(spec, nodes, time)).toList());
        server.setExecutor(threads);
        server.createContext("/", this::handle);
    }

    /**
     * Opens a cloud whose machines are nodes of that control plane, and returns once the first ones are Node objects.
     *
     * @param serverLabel the one label by which a pod is a server
     */
    public static DigitalOceanStandIn inFrontOf(
            ControlPlane controlPlane, Map<String, String> serverLabel, PoolSpec... pools) {
        DigitalOceanStandIn standIn = new DigitalOceanStandIn(controlPlane, serverLabel, List.of(pools));
        standIn.api.pools().forEach(CloudPool::stock);
        standIn.server.start();
        return standIn;
    }

    /** Returns scheme, host and port. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Returns the pool of that name. */
    public CloudPool pool(String name) {
        return api.pools().stream()
                .filter(pool -> pool.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no pool " + name));
    }

    /** Sets the burst limit, with {@code retry-after}; 250 a minute at first. */
    public void burstLimit(int most, Duration window) {
        burst.set(most, window);
    }

    /** Sets the long limit, with {@code ratelimit-reset} alone; 5000 an hour at first. */
    public void hourlyLimit(int most, Duration window) {
        hourly.set(most, window);
    }

    /** Sets how many droplets the account may have, nodes of all pools together; 1000 at first. */
    public void dropletLimit(int most) {
        api.dropletLimit(most);
    }

    /** Sets the most elements on a page, whatever is asked for; 200 at first. */
    public void pageSize(int most) {
        api.pageSize(most);
    }

    /** Says whether there is the template endpoint, which is not documented; there is at first. */
    public void template(boolean present) {
        api.template(present);
    }

    /** Revokes the token, or gives another one that counts from now on. */
    public void tokenIsNow(String token) {
        tokensThatCount = Set.of(token);
    }

    /** Gives out several tokens, so that {@link Exchange#token} tells who asked. */
    public void tokensAreNow(Set<String> tokens) {
        tokensThatCount = Set.copyOf(tokens);
    }

    /** Spoils the next requests of a method whose path contains a text. */
    public void spoil(String method, String pathPart, int times, Fault fault) {
        spoil(asked -> asked.method().equals(method) && asked.path().contains(pathPart), times, fault);
    }

    /** Spoils the next requests of a method, made with a token, whose path contains a text. */
    public void spoil(String token, String method, String pathPart, int times, Fault fault) {
        spoil(
                asked -> asked.token().equals(token)
                        && asked.method().equals(method)
                        && asked.path().contains(pathPart),
                times,
                fault);
    }

    private void spoil(Predicate<Asked> when, int times, Fault fault) {
        synchronized (injected) {
            injected.add(new Injected(when, fault, new AtomicInteger(times)));
        }
    }

    /** Returns how many of the requests that are to be spoiled have not come yet. */
    public int spoilsLeft() {
        synchronized (injected) {
            return injected.stream().mapToInt(one -> one.times().get()).sum();
        }
    }

    /** Returns every request so far with its answer, oldest first. */
    public List<Exchange> exchanges() {
        return List.copyOf(exchanges);
    }

    /** Returns how many requests of a method came whose path contains a text. */
    public long count(String method, String pathPart) {
        return exchanges.stream()
                .filter(exchange ->
                        exchange.method().equals(method) && exchange.path().contains(pathPart))
                .count();
    }

    /** Returns the servers that were alive when their machine was drained or deleted: must stay empty. */
    public List<String> killedServers() {
        return nodes.killedServers();
    }

    /**
     * Stops, wherever its machines are.
     *
     * @throws AssertionError when something went wrong on the way
     */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        time.close();
        Failures.throwAny("the DigitalOcean stand-in", time.failures());
    }

    private void handle(HttpExchange exchange) throws IOException {
        Instant at = Instant.now();
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().toString();
        String token = token(exchange);
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        CloudApi.Answer answer;
        try {
            Optional<Fault> fault = fault(new Asked(token, method, path));
            answer =
                    fault.isPresent() ? spoiled(fault.get(), exchange, path, body) : properly(exchange, path, body, at);
        } catch (RuntimeException e) {
            time.failures().add(e);
            answer = CloudApi.error(500, "server_error", "the stand-in itself failed: " + e);
        }
        exchanges.add(new Exchange(at, token, method, path, body, answer.status(), answer.body()));
        try {
            send(exchange, answer);
        } catch (IOException gone) {
            // whoever asked is not there any more, as after a kill; what was asked for is on record
            exchange.close();
        }
    }

    private static String token(HttpExchange exchange) {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        return authorization != null && authorization.startsWith("Bearer ") ? authorization.substring(7) : "";
    }

    private Optional<Fault> fault(Asked asked) {
        synchronized (injected) {
            for (Iterator<Injected> all = injected.iterator(); all.hasNext(); ) {
                Injected one = all.next();
                if (one.when().test(asked)) {
                    if (one.times().decrementAndGet() <= 0) {
                        all.remove();
                    }
                    return Optional.of(one.fault());
                }
            }
            return Optional.empty();
        }
    }

    private CloudApi.Answer spoiled(Fault fault, HttpExchange exchange, String path, String body) {
        if (fault instanceof Fault.Answer answer) {
            return new CloudApi.Answer(answer.status(), answer.headers(), answer.body());
        } else if (fault instanceof Fault.Late late) {
            pause(late.by());
            return properly(exchange, path, body, Instant.now());
        } else if (fault instanceof Fault.CutWhile cut) {
            if (cut.carriedOut()) {
                properly(exchange, path, body, Instant.now());
            }
            cut.also().run();
        } else if (fault instanceof Fault.CarriedOutLater later) {
            String method = exchange.getRequestMethod();
            later.late().accept(() -> api.answer(method, path, body));
            later.also().run();
        } else if (fault instanceof Fault.LostAnswer) {
            properly(exchange, path, body, Instant.now());
        }
        return CloudApi.Answer.CUT;
    }

    private static void pause(Duration duration) {
        try {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private CloudApi.Answer properly(HttpExchange exchange, String path, String body, Instant at) {
        if (!hourly.take(at)) {
            return CloudApi.error(429, "too_many_requests", "API rate limit exceeded.");
        }
        if (!burst.take(at)) {
            long seconds = Math.max(1, Duration.between(at, burst.reset(at)).toSeconds());
            return CloudApi.error(429, "too_many_requests", "API burst rate limit exceeded.")
                    .with("retry-after", Long.toString(seconds));
        }
        if (!tokensThatCount.contains(token(exchange))) {
            return CloudApi.error(401, "Unauthorized", "Unable to authenticate you");
        }
        return api.answer(exchange.getRequestMethod(), path, body);
    }

    private void send(HttpExchange exchange, CloudApi.Answer answer) throws IOException {
        if (answer.equals(CloudApi.Answer.CUT)) {
            // a promise of more bytes than come: the client sees the connection end in the middle
            exchange.sendResponseHeaders(200, 1000);
            exchange.close();
            return;
        }
        Instant now = Instant.now();
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.getResponseHeaders().set("ratelimit-limit", Integer.toString(hourly.most()));
        exchange.getResponseHeaders().set("ratelimit-remaining", Integer.toString(hourly.left(now)));
        exchange.getResponseHeaders()
                .set("ratelimit-reset", Long.toString(hourly.reset(now).getEpochSecond() + 1));
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
