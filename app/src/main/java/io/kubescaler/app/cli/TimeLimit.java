package io.kubescaler.app.cli;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Holds a step to a time. */
@FunctionalInterface
interface TimeLimit {
    /** In real time: the step is taken on a thread of its own, which is interrupted when it takes too long. */
    TimeLimit REAL = TimeLimit::onItsOwnThread;

    /**
     * Takes a step.
     *
     * @param name what is stopped, for the name of the thread
     * @return false when it had not ended in that time
     * @throws Exception what it threw
     */
    boolean ended(String name, Lifecycle.Step step, Duration limit) throws Exception;

    private static boolean onItsOwnThread(String name, Lifecycle.Step step, Duration limit) throws Exception {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            step.take();
            return true;
        });
        Thread thread = new Thread(task, "stop-" + name.replace(' ', '-'));
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            task.cancel(true);
            return false;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }
}
