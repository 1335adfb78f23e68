package io.kubescaler.app.hostile;

import io.kubescaler.control.PassRecord;
import io.kubescaler.model.Node;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Mark;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** I10: whatever a replica does is in the record of the pass that did it, with its reason. */
final class EverythingHasAReason extends Watcher {
    private final Map<String, Set<String>> done = new HashMap<>();

    EverythingHasAReason(World world) {
        super(world, "I10");
    }

    @Override
    void nodeWritten(Replica replica, Node before, Node after) {
        did(replica, after.name());
    }

    @Override
    void resized(Replica replica, int before) {
        did(replica, "");
    }

    @Override
    void deleted(Replica replica, String machine) {
        did(replica, machine);
    }

    @Override
    void passed(Replica replica, PassRecord record) {
        Set<String> unexplained = done.getOrDefault(replica.identity(), new HashSet<>());
        for (Mark mark : record.plan().marks()) {
            requireReason(mark.reason().message());
            unexplained.remove(mark.node());
        }
        for (PassRecord.Outcome outcome : record.outcomes()) {
            requireReason(outcome.action().reason().message());
            unexplained.remove(outcome.action().target());
            if (outcome.action() instanceof Action.Delete delete) {
                unexplained.remove(delete.instance());
            }
        }
        unexplained.forEach(what ->
                violation("%s did something to '%s' that no pass tells of".formatted(replica.identity(), what)));
        done.remove(replica.identity());
    }

    private void requireReason(String message) {
        if (message.isBlank()) {
            violation("an action has no reason");
        }
    }

    private void did(Replica replica, String what) {
        if (world.carriesOutLate()) {
            // told by the pass that sent it, which has ended since
            return;
        }
        done.computeIfAbsent(replica.identity(), any -> new HashSet<>()).add(what);
    }
}
