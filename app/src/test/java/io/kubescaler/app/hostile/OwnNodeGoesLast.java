package io.kubescaler.app.hostile;

import io.kubescaler.control.PassRecord;
import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Reason;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * By what a replica knew, it neither sets the node aside that it runs on, nor deletes it for being empty, while another
 * node could go in its place. When none could, its own goes as any other does: the pool would not come to rest otherwise.
 */
final class OwnNodeGoesLast extends Watcher {
    OwnNodeGoesLast(World world) {
        super(world, "own node");
    }

    @Override
    void passed(Replica replica, PassRecord record) {
        if (replica.ownNode().isPresent() && replica.cluster().observed() instanceof Known<ClusterState> known) {
            String own = replica.ownNode().get();
            for (Action action : record.plan().actions()) {
                if (action instanceof Action.Cordon
                        && action.reason() instanceof Reason.Surplus
                        && action.target().equals(own)) {
                    checkCordon(replica, record, known.value(), own);
                }
                if (action instanceof Action.Delete
                        && action.reason() instanceof Reason.Expired
                        && action.target().equals(own)) {
                    check(replica, record, known.value(), "deletes", this::mayBeDeleted);
                }
            }
        }
    }

    private void checkCordon(Replica replica, PassRecord record, ClusterState cluster, String own) {
        Optional<Node> node =
                cluster.nodes().stream().filter(it -> it.name().equals(own)).findFirst();
        // a server that waits may have its place on one of the others
        if (node.isPresent() && cluster.unplaced().isEmpty()) {
            long room = room(node.get());
            check(
                    replica,
                    record,
                    cluster,
                    "cordons",
                    other -> takesServers(other) && room(other) > 0 && room(other) <= room);
        }
    }

    private void check(Replica replica, PassRecord record, ClusterState cluster, String does, Predicate<Node> couldGo) {
        // any of the others may be a node that does not tell what it is
        if (world.nodesLackProviderIds()
                && cluster.nodes().stream().anyMatch(node -> node.providerId().isEmpty())) {
            return;
        }
        cluster.nodes().stream()
                .filter(node -> record.plan().actions().stream()
                        .noneMatch(action -> action.target().equals(node.name())))
                .filter(node -> !node.name().equals(replica.ownNode().orElseThrow()))
                .filter(node -> isOurs(replica, cluster, node) && couldGo.test(node))
                .findFirst()
                .ifPresent(node -> violation("%s %s node %s, on which it runs, and node %s could go"
                        .formatted(replica.identity(), does, replica.ownNode().orElseThrow(), node.name())));
    }

    private boolean mayBeDeleted(Node node) {
        return node.cordonedByUs()
                && node.load().servers() == 0
                && node.load().protector().isEmpty()
                && (node.readiness().ready() || node.marks().emptySince().isPresent());
    }

    private static boolean takesServers(Node node) {
        return !node.unschedulable()
                && node.readiness().ready()
                && node.taints().stream().noneMatch(taint -> taint.key().equals(Scenario.STARTUP_TAINT));
    }

    // nobody's, or not for certain, are those that the cloud does not list exactly once
    private static boolean isOurs(Replica replica, ClusterState cluster, Node node) {
        boolean free = !node.marks().keep()
                && node.unreadable().isEmpty()
                && !node.beingDeleted()
                && node.marks().deletingAt().isEmpty()
                && !cluster.shared().containsKey(node.name());
        return free
                && replica.cloud().described().stream()
                        .allMatch(cloud -> cloud.instances().stream()
                                        .filter(instance -> instance.id().equals(World.machineOf(node)))
                                        .filter(instance -> instance.state() != Instance.State.DELETING)
                                        .count()
                                == 1);
    }

    private static long room(Node node) {
        return Rooms.slots(node, node.load().used());
    }
}
