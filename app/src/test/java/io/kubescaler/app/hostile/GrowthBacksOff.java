package io.kubescaler.app.hostile;

import io.kubescaler.control.PassRecord;
import io.kubescaler.model.Instance;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
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
        Condition condition = record.plan().condition();
        if (!condition.isReadable() || replica.cloud().described().isEmpty()) {
            return;
        }
        String term = replica.identity() + " " + replica.term();
        Set<String> young = seenYoung.computeIfAbsent(term, any -> new HashSet<>());
        Set<String> overdue = foundOverdue.computeIfAbsent(term, any -> new HashSet<>());
        // an order to grow has read all of them anew, so that what its pass was decided by is among them
        Set<String> fresh = replica.cloud().described().stream()
                .map(cloud -> overdue(cloud, record.plan().now()))
                .reduce((one, other) -> {
                    one.retainAll(other);
                    return one;
                })
                .orElseThrow();
        fresh.retainAll(young);
        fresh.removeAll(hadNode);
        fresh.removeAll(overdue);
        if (!fresh.isEmpty() && record.plan().actions().stream().anyMatch(Action.Grow.class::isInstance)) {
            violation("%s grows the pool in the pass that finds that %s never came"
                    .formatted(replica.identity(), String.join(", ", fresh)));
        }
        // by every answer that it may have decided by
        Set<String> overdueByAny = replica.cloud().described().stream()
                .flatMap(cloud -> overdue(cloud, record.plan().now()).stream())
                .collect(Collectors.toSet());
        overdue.addAll(found(replica, record));
        replica.cloud().described().stream()
                .flatMap(cloud -> cloud.instances().stream())
                .map(Instance::id)
                .filter(machine -> !overdueByAny.contains(machine))
                .forEach(young::add);
    }

    // by what its pass was decided by: the latest answer, or the one before where an action has asked again
    private static Set<String> found(Replica replica, PassRecord record) {
        Iterator<PoolDescription> answers = replica.cloud().described().iterator();
        Set<String> found = overdue(answers.next(), record.plan().now());
        if (!record.plan().actions().isEmpty() && answers.hasNext()) {
            found.retainAll(overdue(answers.next(), record.plan().now()));
        }
        return found;
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
