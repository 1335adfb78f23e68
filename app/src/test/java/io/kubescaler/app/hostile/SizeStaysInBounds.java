package io.kubescaler.app.hostile;

import io.kubescaler.model.Node;
import java.util.Optional;

/** I3: no act of a replica takes the size out of its bounds, except the removal of a machine that never came. */
final class SizeStaysInBounds extends Watcher {
    private long othersActedAtNanos = Long.MIN_VALUE;

    SizeStaysInBounds(World world) {
        super(world, "I3");
    }

    @Override
    void resized(Replica replica, int before) {
        int size = world.cloud().size();
        if (size > world.policy().maximum() && size > before) {
            violation("the pool has %d nodes; at most %d are allowed"
                    .formatted(size, world.policy().maximum()));
        }
    }

    @Override
    void deleted(Replica replica, String machine) {
        int size = world.cloud().size();
        boolean unseen = othersActedAtNanos >= replica.cloud().describedAtNanos();
        if (size < world.policy().minimum() && !unseen && cameUp(machine)) {
            violation("the pool has %d nodes; at least %d are asked for"
                    .formatted(size, world.policy().minimum()));
        }
    }

    private boolean cameUp(String machine) {
        Optional<Node> node = world.nodeOf(machine);
        return node.filter(it -> it.readiness().ready()).isPresent();
    }

    @Override
    void othersActed() {
        othersActedAtNanos = world.clock().nanos();
    }
}
