package io.kubescaler.app.hostile;

import io.kubescaler.model.Node;
import java.util.Optional;

/** I6: whatever takes effect was done by the holder of the lease. */
final class OnlyTheHolderActs extends Watcher {
    OnlyTheHolderActs(World world) {
        super(world, "I6");
    }

    @Override
    void nodeWritten(Replica replica, Node before, Node after) {
        check(replica, "writes node " + after.name());
    }

    @Override
    void resizing(Replica replica, int before, int wanted) {
        check(replica, "resizes the pool");
    }

    @Override
    void deleting(Replica replica, String machine) {
        check(replica, "deletes machine " + machine);
    }

    private void check(Replica replica, String what) {
        if (world.carriesOutLate()) {
            // it was sent in time, and what the cloud makes of it then is beyond any lease
            return;
        }
        Optional<String> holder = world.lease().holder();
        if (!holder.equals(Optional.of(replica.identity()))) {
            violation("%s %s and the lease is held by %s".formatted(replica.identity(), what, holder.orElse("nobody")));
        }
    }
}
