package io.kubescaler.kubernetes.client;

import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes HTTP clients whose threads are named {@code kubernetes-http-N} and are ended by the closing of the client, and whose
 * {@link Calls} can be given up while their answers are read. Thread-safe.
 */
public final class HttpThreads extends OkHttpClientFactory {
    private static final Logger LOG = LoggerFactory.getLogger(HttpThreads.class);
    private static final int IDLE_SECONDS = 60;

    private final AtomicInteger threads = new AtomicInteger();
    private final Connections connections = new Connections();
    private final Calls calls = new Calls();
    private final Runnable beforeEachRequest;

    /** Makes clients that do nothing before a request. */
    public HttpThreads() {
        this(() -> {});
    }

    /** @param beforeEachRequest is run before a request is given its connection, on any thread */
    HttpThreads(Runnable beforeEachRequest) {
        this.beforeEachRequest = beforeEachRequest;
    }

    @Override
    protected OkHttpClient.Builder newOkHttpClientBuilder() {
        return super.newOkHttpClientBuilder()
                .socketFactory(connections)
                .addInterceptor(calls)
                .addInterceptor(chain -> {
                    beforeEachRequest.run();
                    return chain.proceed(chain.request());
                });
    }

    /** Closes every connection; whatever is under way on one fails. */
    void closeConnections() {
        connections.close();
    }

    @Override
    protected Dispatcher initDispatcher() {
        Dispatcher dispatcher = new Dispatcher(new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), this::thread));
        Dispatcher usual = super.initDispatcher();
        dispatcher.setMaxRequests(usual.getMaxRequests());
        dispatcher.setMaxRequestsPerHost(usual.getMaxRequestsPerHost());
        return dispatcher;
    }

    private Thread thread(Runnable work) {
        Thread thread = new Thread(work, "kubernetes-http-" + threads.incrementAndGet());
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((where, failure) -> LOG.error(
                "{}: a request to the API server ended in a fault of the HTTP client", where.getName(), failure));
        return thread;
    }
}
