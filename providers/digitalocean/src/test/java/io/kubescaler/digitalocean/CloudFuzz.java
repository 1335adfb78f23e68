package io.kubescaler.digitalocean;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.provider.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A cloud that answers anything at all is described, or fails in words without the token; no answer has another machine
 * deleted or another size ordered than was asked for. The first line of an input is a part of a path, a status and
 * headers, such as {@code node_pools 200 ratelimit-remaining:5}: requests to paths with that part are answered with the
 * rest of the input, and all others as they should be.
 */
public final class CloudFuzz {
    private static final int SIZE = 9;
    private static final CloudFuzz CLOUD = new CloudFuzz();

    private final AtomicLong nanos = new AtomicLong();
    private final String url;
    private final NodePoolProvider provider;
    private volatile Answer answer = new Answer("", 200, List.of(), "");
    private volatile String forbidden = "";

    /** @param body one character a byte */
    private record Answer(String part, int status, List<String> headers, String body) {}

    private CloudFuzz() {
        HttpServer server = listening();
        url = "http://127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "cloud");
            thread.setDaemon(true);
            return thread;
        }));
        server.start();
        provider = new DigitalOceanProviderFactory(
                        new DigitalOceanProvider.Times(Duration.ofSeconds(25), Duration.ofNanos(1), nanos::get))
                .create(new ProviderContext(
                        Optional.of("production"),
                        "servers",
                        Optional.of(new Secret(CloudStub.TOKEN)),
                        Map.of("api-url", url, "requests-per-minute", "250"),
                        "fuzz",
                        Clock.systemUTC()));
    }

    private static HttpServer listening() {
        // else each answer waits 40 ms for the acknowledgement of its headers
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        CLOUD.feed(input);
    }

    private void feed(byte[] input) {
        answer = read(input);
        // all that is remembered is stale, and no rate is used up
        nanos.addAndGet(Duration.ofHours(2).toNanos());
        call(() -> show(provider.describe()));
        call(() -> provider.grow(SIZE));
        for (Deletion deletion : provider.delete(List.of(CloudStub.NODE))) {
            deletion.error().ifPresent(CloudFuzz::show);
        }
        provider.preflight(SIZE).forEach(CloudFuzz::show);
        if (!forbidden.isEmpty()) {
            throw new AssertionError("nobody asked for " + forbidden);
        }
    }

    private static Answer read(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        int end = Math.max(0, text.indexOf('\n'));
        String[] words = text.substring(0, end).split(" ");
        int status = words.length > 1 && words[1].matches("[2-5]\\d\\d") ? Integer.parseInt(words[1]) : 200;
        return new Answer(
                words[0],
                status,
                Arrays.stream(words)
                        .skip(2)
                        .filter(word -> word.matches("[a-z-]+:[!-~]*"))
                        .toList(),
                text.substring(Math.min(text.length(), end + 1)));
    }

    @FunctionalInterface
    private interface Call {
        void run() throws ProviderException;
    }

    private static void call(Call call) {
        try {
            call.run();
        } catch (ProviderException failure) {
            show(failure);
        }
    }

    private static void show(Object object) {
        String shown = object.toString();
        if (shown.contains(CloudStub.TOKEN)) {
            throw new AssertionError("it shows the token: " + shown);
        }
        if (object instanceof ProviderException failure
                && String.valueOf(failure.getMessage()).isBlank()) {
            throw new AssertionError("it failed without a word", failure);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        String method = exchange.getRequestMethod();
        String asked = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        boolean otherMachine = method.equals("DELETE") && !path.endsWith("/nodes/" + CloudStub.NODE);
        boolean otherSize = method.equals("PUT") && !asked.matches(".*\"count\":" + SIZE + "[,}].*");
        if (otherMachine || otherSize) {
            forbidden = method + " " + path + " " + asked;
        }
        Answer now = answer;
        boolean hit = path.contains(now.part) && !now.part.isEmpty();
        for (String header : hit ? now.headers : List.<String>of()) {
            exchange.getResponseHeaders().add(header.split(":", 2)[0], header.split(":", 2)[1]);
        }
        byte[] body = hit ? now.body.getBytes(StandardCharsets.ISO_8859_1) : usual(method, path);
        boolean bare = hit && now.status == 204;
        exchange.sendResponseHeaders(hit ? now.status : 200, bare || body.length == 0 ? -1 : body.length);
        if (!bare && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private byte[] usual(String method, String path) {
        if (method.equals("DELETE")) {
            return new byte[0];
        }
        Map<String, String> files = Map.of(
                CloudStub.CLUSTERS_PATH, "clusters",
                CloudStub.POOLS_PATH, "pools",
                CloudStub.POOL_PATH, "pool",
                CloudStub.TEMPLATE_PATH, "template",
                CloudStub.ACCOUNT_PATH, "account",
                CloudStub.DROPLETS_PATH, "droplets");
        String file = files.getOrDefault(path, "account");
        return CloudStub.body(file).replace("https://api.digitalocean.com", url).getBytes(StandardCharsets.UTF_8);
    }
}
