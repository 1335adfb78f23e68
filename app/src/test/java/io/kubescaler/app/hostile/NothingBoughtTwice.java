package io.kubescaler.app.hostile;

import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.plan.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * I7: by what a replica knew, it orders no node that those in being or under way make needless. Counts on its own, from
 * the observations and not from the plan.
 */
final class NothingBoughtTwice extends Watcher {
    NothingBoughtTwice(World world) {
        super(world, "I7");
    }

    @Override
    void passed(Replica replica, PassRecord record) {
        for (Outcome outcome : record.outcomes()) {
            // one that was not sent for what the last look showed is no purchase
            if (outcome.result() != Result.SKIPPED
                    && outcome.action() instanceof Action.Grow grow
                    && replica.cluster().observed() instanceof Known<ClusterState> known) {
                // decided by the one before, and allowed by the latest: right by one of them is right
                replica.cloud().described().stream()
                        .map(cloud -> objection(
                                replica,
                                grow,
                                known.value(),
                                cloud,
                                record.plan().now()))
                        .reduce((one, other) -> one.isEmpty() ? one : other)
                        .flatMap(objection -> objection)
                        .ifPresent(this::violation);
            }
        }
    }

    private Optional<String> objection(
            Replica replica, Action.Grow grow, ClusterState cluster, PoolDescription cloud, Instant now) {
        Set<String> leaving = cloud.instances().stream()
                .filter(instance -> instance.state() == Instance.State.DELETING)
                .map(Instance::id)
                .collect(Collectors.toSet());
        long free = 0;
        Set<String> joined = new HashSet<>();
        List<Node> takers = new ArrayList<>();
        for (Node node : cluster.nodes()) {
            String machine = World.machineOf(node);
            joined.add(machine);
            // of two pools that select it, neither can tell that it is theirs
            boolean anybodys = node.providerId().isEmpty() && replica.pools().size() > 1;
            if (takesServers(node, now) && !leaving.contains(machine) && !anybodys) {
                free += Rooms.slots(node, node.load().used());
                takers.add(node);
            }
        }
        long booting = cloud.instances().stream()
                .filter(instance -> !joined.contains(instance.id()) && comes(replica, instance))
                .map(Instance::id)
                .distinct()
                .count();
        List<Pod> waiting =
                cluster.unplaced().stream().filter(Rooms::isOfThePool).toList();
        long missing = world.policy().buffer() + Rooms.slots(waiting) - free - booting * Scenario.SLOTS_PER_NODE;
        long nodes = Math.max(
                Rooms.newNodes(waiting, takers, booting), -Math.floorDiv(-missing, (long) Scenario.SLOTS_PER_NODE));
        long toMinimum = world.policy().minimum() - (long) grow.from();
        return grow.to() - grow.from() > Math.max(nodes, toMinimum)
                ? Optional.of("%s orders %d nodes, and %d are needed beside %d that boot and %d free slots"
                        .formatted(replica.identity(), grow.to() - grow.from(), nodes, booting, free))
                : Optional.empty();
    }

    private static boolean takesServers(Node node, Instant now) {
        return node.readiness().ready()
                && !node.unschedulable()
                && !node.beingDeleted()
                && (node.taints().isEmpty() || Rooms.hasJustCome(node, now))
                && node.unreadable().isEmpty()
                && node.marks().deletingAt().isEmpty();
    }

    private boolean comes(Replica replica, Instance instance) {
        Duration age = Duration.between(instance.createdAt(), replica.wallTime());
        return instance.state() == Instance.State.BOOTING && age.compareTo(Scenario.PROVISIONING_TIMEOUT) < 0;
    }
}
