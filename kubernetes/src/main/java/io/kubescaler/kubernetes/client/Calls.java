package io.kubescaler.kubernetes.client;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientImpl;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Gives up calls while their answers are read. fabric8 can only close the answer, and does so on another thread than the one
 * that reads it. OkHttp forbids that: both threads then put the same piece of memory back into the pool that all buffers of
 * the process come from, and requests that have nothing to do with this one fail from then on, until the process is
 * restarted. A call that is cancelled instead breaks its connection or stream; the thread that reads fails, and closes the
 * answer itself. Thread-safe.
 */
public final class Calls implements Interceptor {
    /** Says in a request, up to here and no further, which call it is. */
    public static final String HEADER = "Kubescaler-Call";

    private final AtomicLong last = new AtomicLong();
    private final Map<String, Given> open = new ConcurrentHashMap<>();

    Calls() {}

    /**
     * Returns those of a client.
     *
     * @throws IllegalArgumentException when the client was not made by {@link HttpThreads}
     */
    public static Calls of(KubernetesClient client) {
        if (client.getHttpClient() instanceof OkHttpClientImpl http) {
            for (Interceptor interceptor : http.getOkHttpClient().interceptors()) {
                if (interceptor instanceof Calls calls) {
                    return calls;
                }
            }
        }
        throw new IllegalArgumentException(
                "the HTTP client of %s was not made by HttpThreads".formatted(client.getMasterUrl()));
    }

    /** Begins a call; its request is to carry {@link #HEADER} with {@link Given#id}. Close it when the call is over. */
    public Given begin() {
        Given given = new Given(String.valueOf(last.incrementAndGet()));
        open.put(given.id, given);
        return given;
    }

    /** Returns how many calls have begun and are not over. */
    int size() {
        return open.size();
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        String id = chain.request().header(HEADER);
        if (id == null) {
            return chain.proceed(chain.request());
        }
        Given given = open.get(id);
        if (given == null) {
            throw new IOException("the request was given up before it was sent");
        }
        given.attach(chain.call());
        Request request = chain.request().newBuilder().removeHeader(HEADER).build();
        return chain.proceed(request);
    }

    /** A call that can be given up. Thread-safe. */
    public final class Given implements AutoCloseable {
        private final String id;
        private @Nullable Call call;
        private boolean givenUp;

        private Given(String id) {
            this.id = id;
        }

        /** Returns the value of {@link #HEADER} in its request. */
        public String id() {
            return id;
        }

        private synchronized void attach(Call sent) {
            call = sent;
            if (givenUp) {
                sent.cancel();
            }
        }

        /** Breaks the call off, now or as soon as it is sent: whoever reads its answer fails. */
        public synchronized void giveUp() {
            givenUp = true;
            if (call != null) {
                call.cancel();
            }
            close();
        }

        /** Forgets the call, which goes on. */
        @Override
        public void close() {
            open.remove(id);
        }
    }
}
