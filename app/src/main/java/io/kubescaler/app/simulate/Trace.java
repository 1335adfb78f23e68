package io.kubescaler.app.simulate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Servers that came one after the other, from the start of the trace at 0 to its end: the last moment that it tells of.
 * Immutable and thread-safe.
 *
 * @param servers by their start; at least one
 */
record Trace(List<Server> servers) {
    private static final double SECONDS_PER_HOUR = 3600;

    /**
     * One server.
     *
     * @param start when it was asked for, from the start of the trace; 0 or more
     * @param duration how long it ran once it had room; empty when it still ran at the end
     */
    record Server(Duration start, Optional<Duration> duration) {}

    private record Change(Duration at, int by) {}

    Trace {
        servers = servers.stream().sorted(Comparator.comparing(Server::start)).toList();
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("a trace has at least one server");
        }
    }

    /** Returns how long it is: until the last start or end of a server that it tells of. */
    Duration length() {
        return servers.stream()
                .map(server -> server.start().plus(server.duration().orElse(Duration.ZERO)))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Returns the most servers that run at once when none has to wait. */
    int peak() {
        int running = 0;
        int peak = 0;
        for (Change change : changes()) {
            running += change.by();
            peak = Math.max(peak, running);
        }
        return peak;
    }

    /**
     * Returns the node-hours of somebody who knows everything beforehand: at any moment as many nodes as the running
     * servers fill, and no wait.
     *
     * @param slotsPerNode how many servers a node takes; above 0
     */
    double lowerBoundNodeHours(int slotsPerNode) {
        double nodeSeconds = 0;
        int running = 0;
        Duration since = Duration.ZERO;
        for (Change change : changes()) {
            double seconds = change.at().minus(since).toNanos() / 1e9;
            int nodes = (running + slotsPerNode - 1) / slotsPerNode;
            nodeSeconds += seconds * nodes;
            running += change.by();
            since = change.at();
        }
        return nodeSeconds / SECONDS_PER_HOUR;
    }

    // at the same moment, who goes makes room for who comes
    private List<Change> changes() {
        Duration end = length();
        List<Change> changes = new ArrayList<>();
        for (Server server : servers) {
            changes.add(new Change(server.start(), 1));
            changes.add(new Change(server.duration().map(server.start()::plus).orElse(end), -1));
        }
        changes.sort(Comparator.comparing(Change::at).thenComparingInt(Change::by));
        return changes;
    }
}
