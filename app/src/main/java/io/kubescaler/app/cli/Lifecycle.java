package io.kubescaler.app.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts parts in the order in which they were added and stops them in the reverse order, all within one time. A part
 * that does not stop keeps no other one from stopping: it may use all the time that is left but for what is kept for
 * those after it, and is then left behind. For one thread.
 */
final class Lifecycle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

    private final Duration stopTime;
    private final LongSupplier nanoTime;
    private final TimeLimit limit;
    private final List<Part> parts = new ArrayList<>();
    private final Deque<Part> started = new ArrayDeque<>();

    /** Something to do that may fail. */
    @FunctionalInterface
    interface Step {
        /** A step of a part that has nothing to do there. */
        Step NONE = () -> {};

        /** Does it. */
        void take() throws Exception;
    }

    private record Part(String name, Step start, Step stop, Duration kept) {}

    /**
     * @param stopTime how long all parts together may take to stop; above 0
     * @param nanoTime a clock that never jumps, in nanoseconds
     * @param limit holds each part to its share
     */
    Lifecycle(Duration stopTime, LongSupplier nanoTime, TimeLimit limit) {
        this.stopTime = stopTime;
        this.nanoTime = nanoTime;
        this.limit = limit;
    }

    /**
     * Adds a part.
     *
     * @param name what it is, for the log
     * @param start begins it; bounded in time
     * @param stop ends it, even when only part of its start was done
     * @param kept the time that it has for that, however long the parts that stop before it take
     */
    Lifecycle add(String name, Step start, Step stop, Duration kept) {
        parts.add(new Part(name, start, stop, kept));
        return this;
    }

    /**
     * Starts all parts.
     *
     * @throws Exception what the first part threw that could not start; call {@link #close} then too
     */
    void start() throws Exception {
        for (Part part : parts) {
            LOG.debug("starting {}", part.name());
            started.push(part);
            part.start().take();
        }
    }

    /** Stops what was started, in reverse. Later calls do nothing. */
    @Override
    public void close() {
        long end = nanoTime.getAsLong() + stopTime.toNanos();
        boolean interrupted = false;
        while (!started.isEmpty()) {
            Part part = started.pop();
            LOG.debug("stopping {}", part.name());
            try {
                stop(part, Duration.ofNanos(end - nanoTime.getAsLong()).minus(keptForOthers()));
            } catch (InterruptedException e) {
                LOG.warn("interrupted while stopping {}", part.name(), e);
                interrupted = true;
            } catch (Exception e) {
                LOG.warn("{} did not stop cleanly", part.name(), e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop(Part part, Duration most) throws Exception {
        Duration granted = most.compareTo(part.kept()) < 0 ? part.kept() : most;
        if (!limit.ended(part.name(), part.stop(), granted)) {
            LOG.warn("{} did not stop in {} ms and is left behind", part.name(), granted.toMillis());
        }
    }

    private Duration keptForOthers() {
        return started.stream().map(Part::kept).reduce(Duration.ZERO, Duration::plus);
    }
}
