package io.kubescaler.app.hostile;

import io.kubescaler.model.Node;
import java.time.Instant;
import java.util.Optional;

/** I5: a cordoned node is not set aside again, and neither of its clocks is restarted while it runs. */
final class ClocksAreNotRestarted extends Watcher {
    ClocksAreNotRestarted(World world) {
        super(world, "I5");
    }

    @Override
    void nodeWritten(Replica replica, Node before, Node after) {
        if (!before.unschedulable()) {
            // somebody uncordoned it, and what marks it still carries are stale
            return;
        }
        if (restarted(before.marks().cordonedAt(), after.marks().cordonedAt())) {
            violation("%s cordons node %s again".formatted(replica.identity(), after.name()));
        }
        Optional<Instant> since = before.marks().emptySince();
        boolean ahead = since.filter(it -> it.isAfter(replica.wallTime())).isPresent();
        // a clock that jumped back while the request was under way was right to call it ahead
        boolean jumped = since.filter(it -> it.isAfter(replica.wallTime().minusSeconds(5)))
                .isPresent();
        if (restarted(since, after.marks().emptySince()) && !ahead && !jumped) {
            violation("%s restarts the clock of node %s".formatted(replica.identity(), after.name()));
        }
    }

    private static boolean restarted(Optional<Instant> before, Optional<Instant> after) {
        return before.isPresent() && after.isPresent() && !before.equals(after);
    }
}
