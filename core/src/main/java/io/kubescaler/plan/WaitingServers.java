package io.kubescaler.plan;

import io.kubescaler.model.NodeConstraints;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolPolicy.OtherPool;
import io.kubescaler.model.Resources;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Servers that are on no node and are all alike to the scheduler. Immutable and thread-safe.
 *
 * @param requests what each of them asks for
 * @param constraints which nodes each may be placed on
 * @param count how many there are; above 0
 * @param oldest the one that has waited longest
 */
record WaitingServers(Resources requests, NodeConstraints constraints, int count, Pod oldest) {
    private static final Comparator<Pod> OLDEST_FIRST = Comparator.comparing(
                    (Pod pod) -> pod.waiting().since().orElse(Instant.MAX))
            .thenComparing(Pod::key)
            .thenComparing(Pod::uid);

    static final Comparator<WaitingServers> LONGEST_WAITING_FIRST =
            Comparator.comparing(WaitingServers::oldest, OLDEST_FIRST);

    // of the labels it only matters which other pools' servers they are as well
    private record Likeness(Resources requests, NodeConstraints constraints, List<OtherPool> alsoOf) {}

    /**
     * Returns those that wait for the scheduler, the kinds that have waited longest first. One that is on its way out
     * waits for nothing, and one behind a scheduling gate for somebody else.
     *
     * @param otherPools the other pools of the configuration
     */
    static List<WaitingServers> of(Collection<Pod> unplaced, List<OtherPool> otherPools) {
        Map<Likeness, List<Pod>> kinds = new HashMap<>();
        for (Pod pod : unplaced) {
            if (isForTheScheduler(pod)) {
                kinds.computeIfAbsent(
                                new Likeness(pod.requests(), pod.waiting().constraints(), those(otherPools, pod)),
                                any -> new ArrayList<>())
                        .add(pod);
            }
        }
        List<WaitingServers> servers = new ArrayList<>(kinds.size());
        kinds.forEach((kind, pods) -> servers.add(new WaitingServers(
                kind.requests(),
                kind.constraints(),
                pods.size(),
                pods.stream().min(OLDEST_FIRST).orElseThrow())));
        servers.sort(LONGEST_WAITING_FIRST);
        return servers;
    }

    private static List<OtherPool> those(List<OtherPool> pools, Pod pod) {
        return pools.isEmpty()
                ? pools
                : pools.stream()
                        .filter(pool -> pod.isServer(pool.serverSelector()))
                        .toList();
    }

    /** Returns whether the scheduler looks for a node for it, or may have found one already. */
    static boolean isForTheScheduler(Pod pod) {
        return !pod.terminating() && pod.nodeName().isEmpty() && !pod.waiting().gated();
    }

    /** Returns since when the oldest has waited; empty when that is not known. */
    Optional<Instant> since() {
        return oldest.waiting().since();
    }

    /** Returns how many whole slots one of them fills, by its own requests alone: 1 or more. */
    long slotsEach(Resources slotSize) {
        long slots = 1;
        for (Map.Entry<String, Long> unit : slotSize.asMap().entrySet()) {
            long asked = requests.get(unit.getKey());
            slots = Math.max(slots, asked / unit.getValue() + (asked % unit.getValue() == 0 ? 0 : 1));
        }
        return slots;
    }
}
