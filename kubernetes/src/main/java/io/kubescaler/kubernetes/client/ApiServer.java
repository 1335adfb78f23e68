package io.kubescaler.kubernetes.client;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.kubescaler.kubernetes.objects.Json;
import io.kubescaler.words.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Sends single requests to the API server, each bounded in time and none repeated behind the caller's back. Uses the
 * connections and credentials of a client that somebody else closes. Thread-safe.
 */
public final class ApiServer {
    private static final int LARGEST_ERROR = 16_384;

    private final HttpClient http;
    private final Calls calls;
    private final String url;
    private final InstantSource clock;

    private ApiServer(HttpClient http, Calls calls, String url, InstantSource clock) {
        this.http = http;
        this.calls = calls;
        this.url = url;
        this.clock = clock;
    }

    /**
     * Uses the connections of a client, which must stay open.
     *
     * @param clock the wall clock, which a date in {@code Retry-After} is held against
     * @throws IllegalArgumentException when the client is of another maker than {@link Calls} wants
     */
    public static ApiServer of(KubernetesClient client, InstantSource clock) {
        RequestConfig configured = client.getConfiguration().getRequestConfig();
        HttpClient http = client.getHttpClient()
                .newBuilder()
                .tag(new RequestConfigBuilder(configured)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        String url = client.getMasterUrl().toString();
        return new ApiServer(
                http, Calls.of(client), url.endsWith("/") ? url.substring(0, url.length() - 1) : url, clock);
    }

    /**
     * One request.
     *
     * @param method the HTTP method
     * @param path the path below the server's address, such as {@code /api/v1/nodes}
     * @param query the parameters, not yet encoded
     * @param patch the body, a JSON merge patch; empty for none
     */
    public record Request(String method, String path, Map<String, String> query, Optional<String> patch) {
        public static Request get(String path, Map<String, String> query) {
            return new Request("GET", path, query, Optional.empty());
        }

        public static Request patch(String path, Map<String, String> query, String patch) {
            return new Request("PATCH", path, query, Optional.of(patch));
        }
    }

    /**
     * How long a request may take.
     *
     * @param headers until the server begins to answer
     * @param silence between two pieces of the answer
     * @param whole from the first byte sent to the last one read
     */
    public record Limits(Duration headers, Duration silence, Duration whole) {
        /** Returns limits for a request that is answered at once. */
        public static Limits of(Duration whole) {
            return new Limits(whole, whole, whole);
        }
    }

    /** Returns a path segment or a parameter encoded. */
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Sends a request and returns the body of the answer; see the other {@code open}. */
    public InputStream open(Request request, Limits limits) throws IOException {
        return open(request, limits, () -> {});
    }

    /**
     * Sends a request.
     *
     * @param onBytes called by the reading thread whenever bytes have come
     * @return the body of a successful answer, to be closed by the caller
     * @throws ApiException when the server refuses
     * @throws InterruptedIOException when the thread is interrupted; it stays so
     * @throws IOException when the server cannot be reached or does not answer in time
     */
    public InputStream open(Request request, Limits limits, BodyStream.OnBytes onBytes) throws IOException {
        Calls.Given call = calls.begin();
        BodyStream stream = new BodyStream(limits.silence(), onBytes, call);
        Optional<HttpResponse<AsyncBody>> answer = Optional.empty();
        try {
            answer = Optional.of(send(request, limits, stream, call));
        } finally {
            if (answer.isEmpty()) {
                call.close();
            }
        }
        HttpResponse<AsyncBody> response = answer.get();
        stream.attach(response.body());
        if (response.code() < 200 || response.code() > 299) {
            try (stream) {
                throw refused(response, stream);
            }
        }
        return stream;
    }

    private HttpResponse<AsyncBody> send(Request request, Limits limits, BodyStream stream, Calls.Given call)
            throws IOException {
        CompletableFuture<HttpResponse<AsyncBody>> answer =
                http.consumeBytes(httpRequest(request, limits, call), (buffers, body) -> stream.take(buffers));
        try {
            return answer.get(limits.headers().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            giveUp(answer, call);
            throw new IOException(
                    "%s did not answer within %d ms"
                            .formatted(url, limits.headers().toMillis()),
                    late);
        } catch (InterruptedException interrupted) {
            giveUp(answer, call);
            Thread.currentThread().interrupt();
            throw (IOException)
                    new InterruptedIOException("interrupted while waiting for " + url).initCause(interrupted);
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            throw new IOException("%s cannot be reached: %s".formatted(url, described(cause)), cause);
        }
    }

    // an answer that comes all the same, or has come just now, is not read by anybody and can be closed by any thread
    private static void giveUp(CompletableFuture<HttpResponse<AsyncBody>> answer, Calls.Given call) {
        call.giveUp();
        if (!answer.cancel(true)) {
            var unused = answer.thenAccept(response -> response.body().cancel());
        }
    }

    private HttpRequest httpRequest(Request request, Limits limits, Calls.Given call) {
        String query = request.query().entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
                .sorted()
                .collect(Collectors.joining("&"));
        HttpRequest.Builder builder = http.newHttpRequestBuilder()
                .uri(url + request.path() + (query.isEmpty() ? "" : "?" + query))
                .header("Accept", "application/json")
                .header(Calls.HEADER, call.id())
                .timeout(limits.whole().toMillis(), TimeUnit.MILLISECONDS)
                .forStreaming();
        request.patch().ifPresent(patch -> builder.method(request.method(), "application/merge-patch+json", patch));
        return builder.build();
    }

    private ApiException refused(HttpResponse<AsyncBody> response, BodyStream stream) {
        Optional<Duration> retryAfter = RetryAfter.read(response.headers("Retry-After"), clock);
        String text = "";
        try {
            byte[] body = stream.readNBytes(LARGEST_ERROR);
            text = new String(body, StandardCharsets.UTF_8);
            try (JsonParser parser = Json.factory().createParser(body)) {
                if (parser.nextToken() == JsonToken.START_OBJECT) {
                    return StatusReader.read(parser, Optional.of(response.code()), retryAfter);
                }
            }
        } catch (IOException unreadable) {
            // what answered is no API server, or broke off: its bare words must do
            text = text.isEmpty() ? described(unreadable) : text;
        }
        return new ApiException(response.code(), OneLine.of(text), retryAfter);
    }

    private static String described(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
