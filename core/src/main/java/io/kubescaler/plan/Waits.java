package io.kubescaler.plan;

import io.kubescaler.model.Count;
import io.kubescaler.model.PoolPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Says which servers wait for nothing that the pass does about it, or for longer than that takes. Made for one pass. */
final class Waits {
    /**
     * The scheduler places a server within moments where there is room, and looks again at each one that it could not
     * place after 5 minutes at the latest: its {@code podMaxInUnschedulablePodsDuration}.
     */
    private static final Duration PLACED_WITHIN = Duration.ofMinutes(5);

    private final PoolPolicy policy;
    private final PoolView view;
    private final Placing placing;
    private final Instant now;

    Waits(PoolPolicy policy, PoolView view, Placing placing, Instant now) {
        this.policy = policy;
        this.view = view;
        this.placing = placing;
        this.now = now;
    }

    private record Wait(WaitingServers servers, String why) {}

    /**
     * Returns a sentence on the servers that nobody helps, with the reason for the oldest; empty when there are none.
     *
     * @param coming whether nodes are coming, those ordered by this pass included
     */
    Optional<String> sentence(boolean coming) {
        List<Wait> waits = new ArrayList<>();
        view.demand().refused().forEach(it -> waits.add(new Wait(it.servers(), it.why())));
        for (WaitingServers servers : view.demand().placeable()) {
            why(servers, coming).ifPresent(why -> waits.add(new Wait(servers, why)));
        }
        // as in nearly every pass
        if (waits.isEmpty()) {
            return Optional.empty();
        }
        int count = waits.stream().mapToInt(it -> it.servers().count()).sum();
        return waits.stream()
                .min(Comparator.comparing(Wait::servers, WaitingServers.LONGEST_WAITING_FIRST))
                .map(oldest -> count == 1
                        ? "server %s waits for a node%s: %s%s"
                                .formatted(key(oldest), waited(oldest), oldest.why(), schedulerSays(oldest))
                        : "%s wait for a node, %s%s: %s%s"
                                .formatted(
                                        Count.of(count, "server"),
                                        key(oldest),
                                        waited(oldest),
                                        oldest.why(),
                                        schedulerSays(oldest)));
    }

    private Optional<String> why(WaitingServers servers, boolean coming) {
        boolean room = placing.looksAfter(servers) ? placing.haveRoomNow(servers) : view.free() > 0;
        if (room) {
            return Demand.hasWaited(servers, PLACED_WITHIN, now)
                    ? Optional.of("a node of this pool has room for it, and the scheduler does not place it there")
                    : Optional.empty();
        }
        if (!coming && placing.withoutPlace().contains(servers)) {
            return Optional.of(
                    "no node that it may run on has room, and it is not certain that a new one would take it");
        }
        return Demand.hasWaited(servers, policy.provisioningTimeout(), now)
                ? Optional.of("no node that it may run on has had room within the provisioning timeout of %d s"
                        .formatted(policy.provisioningTimeout().toSeconds()))
                : Optional.empty();
    }

    private static String key(Wait wait) {
        return wait.servers().oldest().key();
    }

    private String waited(Wait wait) {
        return wait.servers()
                .since()
                .map(since -> " for %d s"
                        .formatted(Math.max(0, Duration.between(since, now).toSeconds())))
                .orElse("");
    }

    private static String schedulerSays(Wait wait) {
        String words = wait.servers().oldest().waiting().schedulerSays();
        return words.isEmpty() ? "" : "; the scheduler says: " + words;
    }
}
