package io.kubescaler.app.hostile;

import io.kubescaler.control.Leadership;
import io.kubescaler.control.PoolController;
import io.kubescaler.control.PoolController.Ports;
import io.kubescaler.control.PoolController.Timing;
import io.kubescaler.control.PoolJournal;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolNotes;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The second pool of one replica, with a production controller of its own. It selects nodes of the first pool, and its
 * cloud lists none of their machines. For one simulation.
 */
final class SecondPool {
    private static final Duration TICK = Duration.ofSeconds(10);

    private final World world;
    private final Replica replica;
    private final RecordedCluster cluster;
    private final PoolController controller;

    SecondPool(
            World world,
            Replica replica,
            PoolPolicy policy,
            RecordedCluster cluster,
            Leadership leadership,
            Timing timing) {
        this.world = world;
        this.replica = replica;
        this.cluster = cluster;
        // one that has never seen a server would leave all nodes alone for that
        PoolNotes notes = PoolNotes.NONE.withServersSeen(policy.serverSelector().toString());
        controller = new PoolController(
                policy, new Ports(cluster, new EmptyCloud(), leadership, PoolJournal.inMemory(notes)), timing, false);
    }

    /** Makes passes for as long as the process exists. */
    void passes() {
        while (true) {
            if (controller.leads()) {
                world.secondPassed(replica, cluster, controller.pass());
            }
            world.turns().current().sleep(TICK);
        }
    }

    /** A cloud whose pool has no machines and gets none. */
    private static final class EmptyCloud implements NodePoolProvider {
        @Override
        public PoolDescription describe() {
            return new PoolDescription(0, List.of(), Optional.empty(), Optional.empty(), OptionalInt.empty());
        }

        @Override
        public void grow(int size) throws ProviderException {
            throw new ProviderException.QuotaExceeded("this pool gets no machines");
        }

        @Override
        public List<Deletion> delete(List<String> instanceIds) {
            return instanceIds.stream().map(Deletion::done).toList();
        }

        @Override
        public List<Finding> preflight(int maximum) {
            return List.of();
        }

        @Override
        public void close() {
            // nothing is held open
        }
    }
}
