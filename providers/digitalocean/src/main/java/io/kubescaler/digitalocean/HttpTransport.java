package io.kubescaler.digitalocean;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.provider.Secret;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one request at a time and returns what a success says. The only place that holds the token, which goes into the
 * {@code Authorization} header of requests to the API's own scheme, host and port and nowhere else; redirects are not
 * followed, nothing is repeated. Thread-safe.
 */
final class HttpTransport implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpTransport.class);
    private static final MediaType JSON = MediaType.get("application/json");
    private static final Duration LONGEST_TURN = Duration.ofSeconds(2);

    private final DigitalOceanSettings settings;
    private final Secret token;
    private final String userAgent;
    private final BooleanSupplier mayWrite;
    private final RequestLimiter limiter;
    private final Redactor redactor;
    private final ApiErrors errors;
    private final ThreadPoolExecutor threads;
    private final OkHttpClient client;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Optional<RateLeft> rateLeft = Optional.empty();

    HttpTransport(ProviderContext context, DigitalOceanSettings settings, RequestLimiter limiter, ObjectMapper json) {
        this.settings = settings;
        this.token = context.token().orElseThrow();
        this.userAgent = context.userAgent();
        this.mayWrite = context.mayWrite();
        this.limiter = limiter;
        this.redactor = new Redactor(token);
        this.errors = new ApiErrors(json, context.clock(), redactor);
        this.threads = HttpClients.threads("digitalocean-" + context.poolName());
        this.client = HttpClients.client(settings, threads);
    }

    /**
     * How many requests the cloud has left for the token.
     *
     * @param left requests that may still be made
     * @param limit requests that may be made in an hour
     */
    record RateLeft(long left, long limit) {}

    /**
     * Sends a request and waits for the whole answer.
     *
     * @param body a JSON document; empty for a request without a body
     * @return an answer of the 2xx kind
     * @throws ProviderException any other answer, or none within the deadline and {@code request-timeout};
     *     {@link ProviderException.NotSent} too for what would change something while the scaler may not
     */
    Receiver.Answer send(String method, HttpUrl url, Optional<byte[]> body, Deadline deadline)
            throws ProviderException {
        String request = method + " " + url.encodedPath();
        refuseForeign(url);
        try {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted before " + request);
            }
            limiter.acquire(deadline.use(), shorter(LONGEST_TURN, deadline.remaining()), this::pause);
            Duration timeout = shorter(settings.requestTimeout(), deadline.remaining());
            if (timeout.isZero()) {
                throw new ProviderException.NotSent(request + " was not sent: no time is left for it");
            }
            // after every wait, since it may have been long
            if (!method.equals("GET") && !mayWrite.getAsBoolean()) {
                throw new ProviderException.NotSent(request
                        + " was not sent: this scaler may not change anything now, another one may have taken over");
            }
            return judge(request, exchange(request, call(method, url, body, timeout), timeout));
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new ProviderException.Transient(request + " was interrupted", interrupt);
        }
    }

    /** Returns what makes a text from an answer fit to be shown. */
    Redactor redactor() {
        return redactor;
    }

    /** Returns what the latest answer said of the rate limit; empty when none said anything. */
    Optional<RateLeft> rateLeft() {
        return rateLeft;
    }

    private void refuseForeign(HttpUrl url) throws ProviderException {
        HttpUrl api = settings.apiUrl();
        if (!url.scheme().equals(api.scheme()) || !url.host().equals(api.host()) || url.port() != api.port()) {
            throw new ProviderException.InvalidRequest(
                    "DigitalOcean names %s://%s:%d for the next page, which is not api-url (%s); the token is not sent there"
                            .formatted(url.scheme(), url.host(), url.port(), api));
        }
    }

    private Call call(String method, HttpUrl url, Optional<byte[]> body, Duration timeout) {
        Request request = new Request.Builder()
                .url(url)
                .method(
                        method,
                        body.map(bytes -> RequestBody.create(bytes, JSON)).orElse(null))
                .header("Authorization", "Bearer " + token.reveal())
                .header("Accept", "application/json")
                .header("User-Agent", userAgent)
                .build();
        Call call = client.newCall(request);
        call.timeout().timeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
        return call;
    }

    /** A blocked read or a name look-up ignores interrupts and limits, so another thread does it and this one waits. */
    private Receiver.Answer exchange(String request, Call call, Duration timeout)
            throws InterruptedException, ProviderException {
        CompletableFuture<Receiver.Answer> answer = new CompletableFuture<>();
        if (closed.getCount() == 0) {
            throw new ProviderException.NotSent(request + " was not sent: the provider is closed");
        }
        call.enqueue(new Receiver(answer));
        try {
            return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            throw failure(request, failure.getCause(), timeout);
        } catch (TimeoutException late) {
            throw failure(request, late, timeout);
        } finally {
            call.cancel();
        }
    }

    private ProviderException failure(String request, @Nullable Throwable cause, Duration timeout) {
        if (closed.getCount() == 0) {
            return closedFailure();
        }
        if (cause instanceof InterruptedIOException || cause instanceof TimeoutException) {
            return new ProviderException.Transient(
                    "DigitalOcean did not answer %s within %d ms".formatted(request, timeout.toMillis()), cause);
        }
        if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
            return new ProviderException.NotSent(
                    "%s was not sent: %s".formatted(request, redactor.clean(cause.toString())), cause);
        }
        if (cause instanceof IOException) {
            return new ProviderException.Transient(
                    "no answer to %s: %s".formatted(request, redactor.clean(cause.toString())), cause);
        }
        throw new IllegalStateException("unexpected failure of " + request, cause);
    }

    private Receiver.Answer judge(String request, Receiver.Answer raw) throws ProviderException {
        log.debug(
                "{} answered {} with {} bytes",
                request,
                raw.status(),
                raw.body().size());
        RateLimitHeaders.read(raw.headers()).ifPresent(left -> rateLeft = Optional.of(left));
        if (raw.status() >= 200 && raw.status() < 300) {
            return raw;
        }
        ProviderException failure =
                errors.of(request, raw.status(), raw.headers(), raw.body().toByteArray());
        failure.waitBeforeNext().ifPresent(limiter::pauseFor);
        throw failure;
    }

    private void pause(long nanos) throws InterruptedException, ProviderException.Transient {
        if (closed.await(nanos, TimeUnit.NANOSECONDS)) {
            throw closedFailure();
        }
    }

    private static ProviderException.Transient closedFailure() {
        return new ProviderException.Transient("the provider is closed");
    }

    private static Duration shorter(Duration left, Duration right) {
        return left.compareTo(right) < 0 ? left : right;
    }

    @Override
    public void close() {
        closed.countDown();
        client.dispatcher().cancelAll();
        threads.shutdown();
        client.connectionPool().evictAll();
    }
}
