package io.kubescaler.testing.cluster;

import io.kubescaler.testing.Patience;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one thread on which things happen in the stand-in of the cloud, now or later. Thread-safe. */
final class CloudTime implements AutoCloseable {
    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "digitalocean-stand-in-time"));
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

    CloudTime() {
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Does something later; what goes wrong then comes out of {@link #failures}. */
    void after(Duration delay, Runnable step) {
        Future<?> unused = executor.schedule(() -> attempt(step), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void attempt(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            failures.add(e);
        }
    }

    /** Returns what went wrong so far; may be added to. */
    Queue<Throwable> failures() {
        return failures;
    }

    /** Ends after the step under way; what was to happen later never does. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS)) {
                failures.add(new IllegalStateException("still at work after 10 s"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
