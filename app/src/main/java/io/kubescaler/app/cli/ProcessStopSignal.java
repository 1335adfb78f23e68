package io.kubescaler.app.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGTERM and SIGINT as a {@link StopSignal}. The process then ends with the command's own exit status, which Java by
 * itself would replace by the signal's. Thread-safe.
 */
final class ProcessStopSignal implements StopSignal {
    /** How long stopping may take; after that the process ends as it is, with status 1. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "shutdown");
    private volatile int exitStatus = ExitStatus.FAILED;

    /** Begins to listen for the signals. */
    static ProcessStopSignal begin() {
        ProcessStopSignal signal = new ProcessStopSignal();
        Runtime.getRuntime().addShutdownHook(signal.hook);
        return signal;
    }

    private ProcessStopSignal() {}

    @Override
    public void await() throws InterruptedException {
        asked.await();
    }

    @Override
    public void stopped(int status) {
        exitStatus = status;
        stopped.countDown();
        if (asked.getCount() > 0) {
            forget();
        }
    }

    private void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is ending already, and the hook sees to the status
            asked.countDown();
        }
    }

    private void end() {
        asked.countDown();
        boolean clean = false;
        try {
            clean = stopped.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!clean) {
            System.err.printf("kubescaler: did not stop in %d s; ending as it is%n", LIMIT.toSeconds());
        }
        System.out.flush();
        System.err.flush();
        // exit() would wait for this very hook
        Runtime.getRuntime().halt(exitStatus);
    }
}
