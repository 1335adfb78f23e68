package io.kubescaler.app.hostile;

import io.kubescaler.control.PassRecord;
import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolHistory.GrowthBackoff;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.plan.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Step 6: the pass that finds a machine which was ordered and never came buys no further ones, so that a wrong selector or a
 * broken image does not fill the pool to its maximum; and each such machine begins a pause once, so that one which stays does
 * not hold growth up for good. Counts on its own: a machine that a process has seen young, that has
 * failed or is past the provisioning timeout now, and of which there never was a node in the pool.
 */
final class GrowthBacksOff extends Watcher {
    // by process and term: the machines that it has seen young, those that it has found overdue, and those that it has
    // counted
    private final Map<String, Set<String>> seenYoung = new HashMap<>();
    private final Map<String, Set<String>> foundOverdue = new HashMap<>();
    private final Map<String, Set<String>> counted = new HashMap<>();
    private final Map<String, Optional<Instant>> beganAt = new HashMap<>();
    private final Set<String> hadNode = new HashSet<>();

    GrowthBacksOff(World world) {
        super(world, "backoff");
    }

    @Override
    void passed(Replica replica, PassRecord record) {
        world.journals().nodesNow().stream()
                .filter(node -> Scenario.SELECTOR.matches(node.labels()))
                .map(World::machineOf)
                .forEach(hadNode::add);
        checkPause(replica, record);
        if (record.plan().condition().isReadable()) {
            replica.cloud().decidedBy().ifPresent(cloud -> check(replica, record, cloud));
        }
    }

    // a refusal of the cloud is noticed after the pass
    private void checkPause(Replica replica, PassRecord record) {
        GrowthBackoff growth = record.plan().history().growth();
        Set<String> before = counted.computeIfAbsent(term(replica), any -> new HashSet<>());
        // one that was Ready may fail again
        world.journals().nodesNow().stream()
                .filter(node -> node.readiness().ready())
                .map(World::machineOf)
                .forEach(before::remove);
        Optional<Instant> now = Optional.of(record.plan().now());
        // a pass may be told of twice
        boolean begins = growth.failedAt().equals(now) && !now.equals(beganAt.get(term(replica)));
        if (begins && before.containsAll(growth.counted())) {
            violation("%s begins a pause of growth for machines that it has counted before: %s"
                    .formatted(replica.identity(), growth.why()));
        }
        before.addAll(growth.counted());
        beganAt.put(term(replica), growth.failedAt());
    }

    private static String term(Replica replica) {
        return replica.identity() + " " + replica.term();
    }

    private void check(Replica replica, PassRecord record, PoolDescription cloud) {
        String term = term(replica);
        Set<String> young = seenYoung.computeIfAbsent(term, any -> new HashSet<>());
        Set<String> found = foundOverdue.computeIfAbsent(term, any -> new HashSet<>());
        Set<String> overdue = overdue(cloud, record.plan().now());
        Set<String> fresh = new HashSet<>(overdue);
        fresh.retainAll(young);
        fresh.removeAll(hadNode);
        fresh.removeAll(found);
        // any of them may be a node that does not tell what it is
        boolean any = world.journals().nodesNow().stream().anyMatch(GrowthBacksOff::mayBeAny)
                || (replica.cluster().observed() instanceof Known<ClusterState> known
                        && known.value().nodes().stream().anyMatch(GrowthBacksOff::mayBeAny));
        if (any) {
            fresh.clear();
        }
        if (!fresh.isEmpty() && record.plan().actions().stream().anyMatch(Action.Grow.class::isInstance)) {
            violation("%s grows the pool in the pass that finds that %s never came"
                    .formatted(replica.identity(), String.join(", ", fresh)));
        }
        found.addAll(overdue);
        cloud.instances().stream()
                .map(Instance::id)
                .filter(machine -> !overdue.contains(machine))
                .forEach(young::add);
    }

    private static boolean mayBeAny(Node node) {
        return node.providerId().isEmpty() && node.readiness().ready();
    }

    private static Set<String> overdue(PoolDescription cloud, Instant now) {
        return cloud.instances().stream()
                .filter(machine -> isOverdue(machine, now))
                .map(Instance::id)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static boolean isOverdue(Instance machine, Instant now) {
        Duration age = Duration.between(machine.createdAt(), now);
        return machine.state() == Instance.State.FAILED
                || (machine.state() != Instance.State.DELETING && age.compareTo(Scenario.PROVISIONING_TIMEOUT) >= 0);
    }
}
