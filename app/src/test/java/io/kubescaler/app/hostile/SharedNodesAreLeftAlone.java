package io.kubescaler.app.hostile;

import io.kubescaler.control.PassRecord;
import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.plan.Condition;
import java.util.List;
import java.util.function.Predicate;

/**
 * By what a replica knew, a node that two of its pools select is neither cordoned, taken back nor deleted, by either of
 * them. Its slots count once, for the pool whose cloud lists its machine, and both pools say that they overlap. Looks at
 * the labels of the observed nodes alone.
 */
final class SharedNodesAreLeftAlone extends Watcher {
    SharedNodesAreLeftAlone(World world) {
        super(world, "overlap");
    }

    @Override
    void nodeWritten(Replica replica, Node before, Node after) {
        if (before.unschedulable() != after.unschedulable()) {
            check(replica, node -> node.name().equals(after.name()), after.unschedulable() ? "cordons" : "takes back");
        }
    }

    @Override
    void deleting(Replica replica, String machine) {
        // what the cloud carries out late was ordered by an earlier look
        if (!world.carriesOutLate()) {
            check(replica, node -> World.machineOf(node).equals(machine), "deletes");
        }
    }

    private void check(Replica replica, Predicate<Node> which, String does) {
        observed(replica.cluster()).stream()
                .filter(which)
                .filter(node -> isShared(replica, node))
                .forEach(node -> violation(
                        "%s %s node %s, which two pools select".formatted(replica.identity(), does, node.name())));
    }

    @Override
    void passed(Replica replica, PassRecord record) {
        check(replica, record, replica.cluster(), node -> isListed(replica, node));
    }

    @Override
    void secondPassed(Replica replica, RecordedCluster cluster, PassRecord record) {
        check(replica, record, cluster, node -> false);
        if (record.acted() || !record.plan().marks().isEmpty()) {
            violation("the second pool of %s, which has no machines, plans %s %s"
                    .formatted(
                            replica.identity(),
                            record.plan().marks(),
                            record.plan().actions()));
        }
    }

    private void check(Replica replica, PassRecord record, RecordedCluster cluster, Predicate<Node> listed) {
        Condition condition = record.plan().condition();
        // of an unhealthy pool that is said before
        if (!condition.isReadable() || condition == Condition.UNHEALTHY) {
            return;
        }
        List<Node> nodes = observed(cluster);
        boolean overlap = nodes.stream().anyMatch(node -> isShared(replica, node));
        if (overlap != (condition == Condition.POOLS_OVERLAP)) {
            violation("%s says %s of pool %s, whose nodes are %s"
                    .formatted(
                            replica.identity(),
                            condition.word(),
                            record.plan().pool(),
                            overlap ? "selected by another one too" : "selected by no other"));
        }
        long slots = nodes.stream()
                .filter(node -> !node.unschedulable() && (listed.test(node) || !isShared(replica, node)))
                .mapToLong(node -> Rooms.slots(node, node.load().used()))
                .sum();
        if (record.plan().free() > slots) {
            violation("%s counts %d free slots for pool %s, which has %d"
                    .formatted(
                            replica.identity(),
                            record.plan().free(),
                            record.plan().pool(),
                            slots));
        }
    }

    private static List<Node> observed(RecordedCluster cluster) {
        return cluster.observed() instanceof Known<ClusterState> known
                ? known.value().nodes()
                : List.of();
    }

    private static boolean isShared(Replica replica, Node node) {
        return replica.pools().stream()
                        .filter(pool -> pool.selector().matches(node.labels()))
                        .count()
                > 1;
    }

    // by one of the latest answers: which of them was planned with is not known here
    private static boolean isListed(Replica replica, Node node) {
        return replica.cloud().described().stream()
                .flatMap(cloud -> cloud.instances().stream())
                .map(Instance::id)
                .anyMatch(World.machineOf(node)::equals);
    }
}
