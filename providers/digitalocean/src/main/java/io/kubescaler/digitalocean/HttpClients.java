package io.kubescaler.digitalocean;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/** Makes OkHttp clients that do what they are told, once. */
final class HttpClients {
    private HttpClients() {}

    /** Returns the threads that calls run on: daemons, one for each call under way, gone after 30 idle seconds. */
    static ThreadPoolExecutor threads(String name) {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Returns a client that follows and repeats nothing by itself. */
    static OkHttpClient client(DigitalOceanSettings settings, ThreadPoolExecutor threads) {
        return new OkHttpClient.Builder()
                .dispatcher(new Dispatcher(threads))
                .followRedirects(false)
                .followSslRedirects(false)
                // repeating is decided by Retries, which knows what is safe to repeat
                .retryOnConnectionFailure(false)
                .addNetworkInterceptor(chain -> withoutRepetition(chain.proceed(chain.request())))
                .connectTimeout(settings.connectTimeout())
                .readTimeout(settings.readTimeout())
                .writeTimeout(settings.writeTimeout())
                .build();
    }

    /** OkHttp repeats any request, a PUT too, on 503 with {@code Retry-After: 0}, unless it does not see the header. */
    private static Response withoutRepetition(Response response) {
        return response.code() == 503
                ? response.newBuilder().removeHeader("Retry-After").build()
                : response;
    }
}
