package io.kubescaler.app.hostile;

import io.kubescaler.control.PassRecord;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import java.time.Duration;

/**
 * I14: by what a replica knew, no server waits while the condition says Ok, but one that is being helped: it has room
 * now, nodes are coming, or this pass gets some; and that not for longer than a machine may take to come.
 */
final class NoServerWaitsUnsaid extends Watcher {
    NoServerWaitsUnsaid(World world) {
        super(world, "I14");
    }

    @Override
    void passed(Replica replica, PassRecord record) {
        if (record.plan().condition() == Condition.OK
                && replica.cluster().observed() instanceof Known<ClusterState> known) {
            for (Pod server : known.value().unplaced()) {
                check(replica, record, known.value(), server);
            }
        }
    }

    private void check(Replica replica, PassRecord record, ClusterState cluster, Pod server) {
        Duration waited = Duration.between(
                server.waiting().since().orElseThrow(), record.plan().now());
        boolean helped = Rooms.isOfThePool(server)
                && (record.plan().upcoming() > 0
                        || record.plan().actions().stream().anyMatch(NoServerWaitsUnsaid::getsNodes)
                        || cluster.nodes().stream()
                                .anyMatch(node -> Rooms.takes(node, server)
                                        || Rooms.hasJustCome(node, record.plan().now())));
        if (!helped || waited.compareTo(Scenario.PROVISIONING_TIMEOUT) >= 0) {
            violation("server %s of %s waits for %d s, and %s says Ok"
                    .formatted(server.name(), server.requests(), waited.toSeconds(), replica.identity()));
        }
    }

    private static boolean getsNodes(Action action) {
        return action instanceof Action.Grow || action instanceof Action.Uncordon;
    }
}
