package io.kubescaler.app.hostile;

import io.kubescaler.model.Node;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** I3: no act of a replica takes the size out of its bounds, except the removal of a machine that never came. */
final class SizeStaysInBounds extends Watcher {
    private final Set<String> cameUp = new HashSet<>();
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

    // while its node is there still
    @Override
    void deleting(Replica replica, String machine) {
        Optional<Node> node = world.nodeOf(machine);
        if (node.filter(it -> it.readiness().ready() || it.marks().emptySince().isPresent())
                .isPresent()) {
            cameUp.add(machine);
        }
    }

    @Override
    void deleted(Replica replica, String machine) {
        int size = world.cloud().size();
        boolean unseen = othersActedAtNanos >= replica.cloud().describedAtNanos();
        if (size < world.policy().minimum() && !unseen && cameUp.contains(machine)) {
            violation("the pool has %d nodes; at least %d are asked for"
                    .formatted(size, world.policy().minimum()));
        }
    }

    @Override
    void othersActed() {
        othersActedAtNanos = world.clock().nanos();
    }
}
