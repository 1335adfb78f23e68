package io.kubescaler.kubernetes.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.testing.Patience;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import okhttp3.Dispatcher;
import org.junit.jupiter.api.Test;

final class HttpThreadsTest {
    @Test
    void tellsWhatGoesWrongOnItsThreadsAndNoGroupOfThem() throws InterruptedException {
        Dispatcher dispatcher = new HttpThreads(() -> {}).initDispatcher();
        ExecutorService threads = dispatcher.executorService();
        BlockingQueue<Object> handlers = new ArrayBlockingQueue<>(1);
        BlockingQueue<Thread> used = new ArrayBlockingQueue<>(1);
        try (CapturedLog log = CapturedLog.of(HttpThreads.class)) {
            threads.execute(() -> {
                handlers.add(Thread.currentThread().getUncaughtExceptionHandler());
                used.add(Thread.currentThread());
                throw new IllegalStateException("state: 6");
            });
            Thread thread = used.poll(Patience.SECONDS, TimeUnit.SECONDS);
            assertThat(thread.getName()).isEqualTo("kubernetes-http-1");
            assertThat(thread.isDaemon()).isTrue();
            // one without a handler of its own answers with its group, which tells the whole process
            assertThat(handlers.remove()).isNotInstanceOf(ThreadGroup.class);
            thread.join(Patience.MILLIS);
            assertThat(log.lines())
                    .containsExactly(
                            "kubernetes-http-1: a request to the API server ended in a fault of the HTTP client");
        } finally {
            threads.shutdown();
        }
        assertThat(threads.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void letsAnyNumberOfRequestsRunAtOnce() {
        Dispatcher dispatcher = new HttpThreads(() -> {}).initDispatcher();
        assertThat(dispatcher.getMaxRequestsPerHost()).isGreaterThan(1000);
        assertThat(dispatcher.getMaxRequests()).isGreaterThan(1000);
        dispatcher.executorService().shutdown();
    }
}
