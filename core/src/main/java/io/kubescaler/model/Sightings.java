package io.kubescaler.model;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * For how long the process that plans has seen things as they are, by a clock of its own that never jumps. Times that are
 * noted on a node may be those of another process, or from before the wall clock was set. So when a cordon has settled, when
 * a deletion is given up, and when a machine that may have lost its node is deleted, is decided by these. Immutable and
 * thread-safe.
 *
 * @param uptime how long the process has watched the pool; empty for one that only looks on: what is noted counts then
 * @param elsewhere ids of the machines without a fit node in the pool that have, or may have, one outside of it
 * @param cloudAge how long ago the cloud was asked for what it says, 0 or more
 * @param setAside for how long each node that is set aside has been seen so, by its name
 * @param deleting for how long each node that is marked for deletion has been seen with that mark, by its name
 */
public record Sightings(
        Optional<Duration> uptime,
        Set<String> elsewhere,
        Duration cloudAge,
        Map<String, Duration> setAside,
        Map<String, Duration> deleting) {
    /** Those of a process that has seen nothing and only looks on: what is noted on the nodes counts. */
    public static final Sightings NONE = new Sightings(Optional.empty(), Set.of(), Duration.ZERO, Map.of(), Map.of());

    /** @throws IllegalArgumentException when {@code cloudAge} is below 0 */
    public Sightings {
        if (cloudAge.isNegative()) {
            throw new IllegalArgumentException("cloudAge is %s; it must be 0 or more".formatted(cloudAge));
        }
        elsewhere = Set.copyOf(elsewhere);
        setAside = Map.copyOf(setAside);
        deleting = Map.copyOf(deleting);
    }

    /** Returns for how long that node has been seen set aside; empty when nothing tells. */
    public Optional<Duration> setAside(String node) {
        return Optional.ofNullable(setAside.get(node));
    }

    /** Returns for how long that node has been seen with its mark of deletion; empty when nothing tells. */
    public Optional<Duration> deleting(String node) {
        return Optional.ofNullable(deleting.get(node));
    }
}
