package io.kubescaler.app.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts parts in the order in which they were added and stops them in the reverse order. A part that does not stop
 * keeps no other one from stopping. For one thread.
 */
final class Lifecycle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

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

    private record Part(String name, Step start, Step stop) {}

    /**
     * Adds a part.
     *
     * @param name what it is, for the log
     * @param start begins it; bounded in time
     * @param stop ends it, even when only part of its start was done; bounded in time
     */
    Lifecycle add(String name, Step start, Step stop) {
        parts.add(new Part(name, start, stop));
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
        while (!started.isEmpty()) {
            Part part = started.pop();
            LOG.debug("stopping {}", part.name());
            try {
                part.stop().take();
            } catch (InterruptedException e) {
                LOG.warn("interrupted while stopping {}", part.name(), e);
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn("{} did not stop cleanly", part.name(), e);
            }
        }
    }
}
