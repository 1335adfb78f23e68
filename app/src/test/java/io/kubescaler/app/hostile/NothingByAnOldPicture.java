package io.kubescaler.app.hostile;

import io.kubescaler.model.Node;
import java.time.Duration;

/**
 * I12: nothing is bought or set aside on a picture older than two minutes. A picture is as old as the first thing that
 * happened in the cluster and is not in it.
 */
final class NothingByAnOldPicture extends Watcher {
    static final Duration OLDEST = Duration.ofMinutes(2);

    NothingByAnOldPicture(World world) {
        super(world, "I12");
    }

    @Override
    void nodeWritten(Replica replica, Node before, Node after) {
        if (!before.unschedulable() && after.unschedulable()) {
            check(replica, "cordons node " + after.name());
        }
    }

    @Override
    void resizing(Replica replica, int before, int wanted) {
        check(replica, "grows the pool to " + wanted);
    }

    private void check(Replica replica, String what) {
        Duration age =
                Duration.ofNanos(world.clock().nanos() - replica.cluster().observedUntilNanos());
        if (age.compareTo(OLDEST) > 0) {
            violation("%s %s by what it knew %d s ago".formatted(replica.identity(), what, age.toSeconds()));
        }
    }
}
