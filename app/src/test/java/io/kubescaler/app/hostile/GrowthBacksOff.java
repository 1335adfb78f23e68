package io.kubescaler.app.hostile;

import io.kubescaler.control.PassRecord;
import io.kubescaler.model.Instance;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.plan.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Step 6: the pass that finds a machine which was ordered and never came buys no further ones, so that a wrong selector or a
 * broken image does not fill the pool to its maximum. Counts on its own: a machine that a process has seen young, that has
 * failed or is past the provisioning timeout now, and of which there never was a node in the pool.
 */
final class GrowthBacksOff extends Watcher {
    // by process and term: the machines that it has seen young, and those that it has found overdue
    private final Map<String, Set<String>> seenYoung = new HashMap<>();
    private final Map<String, Set<String>> foundOverdue = new HashMap<>();
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
        if (record.plan().condition().isReadable()) {
            replica.cloud().decidedBy().ifPresent(cloud -> check(replica, record, cloud));
        }
    }

    private void check(Replica replica, PassRecord record, PoolDescription cloud) {
        String term = replica.identity() + " " + replica.term();
        Set<String> young = seenYoung.computeIfAbsent(term, any -> new HashSet<>());
        Set<String> found = foundOverdue.computeIfAbsent(term, any -> new HashSet<>());
        Set<String> overdue = overdue(cloud, record.plan().now());
        Set<String> fresh = new HashSet<>(overdue);
        fresh.retainAll(young);
        fresh.removeAll(hadNode);
        fresh.removeAll(found);
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
