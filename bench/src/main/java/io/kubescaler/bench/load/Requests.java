package io.kubescaler.bench.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The requests that came to a server. Thread-safe. */
final class Requests {
    private static final Set<String> KINDS = Set.of(
            "pods",
            "nodes",
            "leases",
            "events",
            "account",
            "droplets",
            "clusters",
            "node_pools",
            "node_pools_template");

    private final List<Arrival> arrivals = new ArrayList<>();
    private final Set<String> unexpected = new TreeSet<>();

    /**
     * One request.
     *
     * @param nanos when it came, by {@link System#nanoTime}
     * @param method the HTTP method, or {@code WATCH}
     * @param path the path, without parameters
     */
    record Arrival(long nanos, String method, String path) {}

    synchronized Arrival came(String method, String path) {
        Arrival arrival = new Arrival(System.nanoTime(), method, path);
        arrivals.add(arrival);
        return arrival;
    }

    /** Notes a request that the server cannot answer, so that the figures mean nothing. */
    synchronized void unexpected(String what) {
        unexpected.add(what);
    }

    /** Returns the requests that the server could not answer. */
    synchronized Set<String> unexpected() {
        return Set.copyOf(unexpected);
    }

    /** Returns the requests that came from one time on, oldest first. */
    synchronized List<Arrival> since(long nanos) {
        List<Arrival> some = new ArrayList<>();
        for (int i = arrivals.size() - 1; i >= 0 && arrivals.get(i).nanos() - nanos >= 0; i--) {
            some.add(0, arrivals.get(i));
        }
        return some;
    }

    /** Returns how many came from one time on, by method and kind of object. */
    Map<String, Integer> countSince(long nanos) {
        Map<String, Integer> counts = new TreeMap<>();
        since(nanos).forEach(arrival -> counts.merge(arrival.method() + " " + kind(arrival.path()), 1, Integer::sum));
        return counts;
    }

    // the last part that is neither a name nor an id
    private static String kind(String path) {
        return Arrays.stream(path.split("/", -1)).filter(KINDS::contains).reduce("", (before, after) -> after);
    }
}
