package io.kubescaler.app.hostile;

import io.kubescaler.control.PassRecord;
import io.kubescaler.model.Node;
import io.kubescaler.plan.Action;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A part of the cloud's rate limit is kept for orders: no growth waits while some is left, and no take-back uses it, but by
 * the reading of an order that came before it in the same pass. Judged when the pass has ended, for only then is it known
 * what came before.
 */
final class TheReserveIsForOrders extends Watcher {
    private static final long LATELY_NANOS = Duration.ofSeconds(30).toNanos();

    private final Map<String, Long> quietPassAtNanos = new HashMap<>();
    // by replica: the nodes taken back in the pass under way by a reading as for an order
    private final Map<String, Set<String>> takenBack = new HashMap<>();

    TheReserveIsForOrders(World world) {
        super(world, "rate");
    }

    @Override
    void nodeWritten(Replica replica, Node before, Node after) {
        Long quiet = quietPassAtNanos.get(replica.identity());
        boolean lately = quiet != null && world.clock().nanos() - quiet < LATELY_NANOS;
        if (before.unschedulable()
                && !after.unschedulable()
                && lately
                && replica.cloud().readForAnOrder()) {
            takenBack
                    .computeIfAbsent(replica.identity(), any -> new HashSet<>())
                    .add(after.name());
        }
    }

    @Override
    void passed(Replica replica, PassRecord record) {
        Set<String> suspects =
                Optional.ofNullable(takenBack.remove(replica.identity())).orElse(Set.of());
        boolean orders = false;
        for (PassRecord.Outcome outcome : record.outcomes()) {
            String target = outcome.action().target();
            if (outcome.action() instanceof Action.Uncordon && !orders && suspects.contains(target)) {
                violation("%s read the cloud as for an order to take back %s".formatted(replica.identity(), target));
            }
            boolean order = outcome.action() instanceof Action.Grow || outcome.action() instanceof Action.Delete;
            orders |= order;
            if (outcome.action() instanceof Action.Grow && outcome.message().contains(ReplicaCloud.KEPT_FOR_ORDERS)) {
                violation("an order of %s waited for what is kept for it: %s"
                        .formatted(replica.identity(), outcome.message()));
            }
        }
        if (orders) {
            quietPassAtNanos.remove(replica.identity());
        } else {
            quietPassAtNanos.put(replica.identity(), world.clock().nanos());
        }
        replica.cloud().passed();
    }
}
