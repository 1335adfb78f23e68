package io.kubescaler.testing.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/** So many requests in any window of so long; a request that is refused does not count. Thread-safe. */
final class RateLimit {
    private final Deque<Instant> taken = new ArrayDeque<>();
    private int most;
    private Duration window;

    RateLimit(int most, Duration window) {
        this.most = most;
        this.window = window;
    }

    synchronized void set(int newMost, Duration newWindow) {
        most = newMost;
        window = newWindow;
    }

    /** Returns whether one more request is allowed now, and counts it if so. */
    synchronized boolean take(Instant now) {
        expire(now);
        if (taken.size() >= most) {
            return false;
        }
        taken.add(now);
        return true;
    }

    synchronized int most() {
        return most;
    }

    synchronized int left(Instant now) {
        expire(now);
        return Math.max(0, most - taken.size());
    }

    /** Returns when the oldest request that counts no longer does. */
    synchronized Instant reset(Instant now) {
        expire(now);
        return taken.isEmpty() ? now : taken.getFirst().plus(window);
    }

    private void expire(Instant now) {
        while (!taken.isEmpty() && !taken.getFirst().plus(window).isAfter(now)) {
            taken.removeFirst();
        }
    }
}
