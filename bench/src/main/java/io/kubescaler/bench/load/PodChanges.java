package io.kubescaler.bench.load;

import io.kubescaler.bench.PodObject;
import io.kubescaler.bench.PodObject.Role;
import io.kubescaler.bench.PoolShape;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Changes pods all over a pool at a steady rate: of ten events, four are a server's new status, which concerns no pass,
 * three are a small pod that starts on some node and three are one that ends, which concern one but make no slot. Thread-safe.
 */
final class PodChanges implements AutoCloseable {
    private static final int STEP_MILLIS = 10;
    private static final int JOBS = 60_000_000;

    private final ObjectStore pods;
    private final PoolShape shape;
    private final Random random = new Random(1);
    private final ArrayDeque<PodObject> jobs = new ArrayDeque<>();
    private final AtomicLong events = new AtomicLong();
    private final long started = System.nanoTime();
    private final int perSecond;
    private final ScheduledFuture<?> steps;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "pod-changes"));

    PodChanges(ObjectStore pods, PoolShape shape, int perSecond) {
        this.pods = pods;
        this.shape = shape;
        this.perSecond = perSecond;
        steps = thread.scheduleAtFixedRate(this::step, STEP_MILLIS, STEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * Returns how many events there have been.
     *
     * @throws IllegalStateException when something ended them
     */
    long events() {
        if (steps.isDone()) {
            throw new IllegalStateException("the changes of pods have ended");
        }
        return events.get();
    }

    // as many as are due by now, so that a late step is made up for
    private void step() {
        long due = (System.nanoTime() - started) * perSecond / 1_000_000_000L;
        while (events.get() < due) {
            change((int) (events.getAndIncrement() % 10));
        }
    }

    private void change(int turn) {
        if (turn < 4 || (turn >= 7 && jobs.isEmpty())) {
            PodObject pod = (PodObject) pods.get(random.nextInt(shape.pods()));
            pods.put(pod.beating());
        } else if (turn < 7) {
            Optional<String> node = Optional.of(shape.nodeName(random.nextInt(shape.nodes())));
            PodObject job = new PodObject(JOBS + (int) events.get(), Role.JOB, node, 0, 0);
            jobs.add(job);
            pods.put(job);
        } else {
            pods.remove(jobs.remove());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the changes of pods do not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        jobs.forEach(pods::remove);
    }
}
