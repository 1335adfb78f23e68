package io.kubescaler.app.hostile;

import io.kubescaler.control.PassRecord;
import io.kubescaler.plan.Condition;

/** I13: a pool is never unreadable because one object in the cluster is. */
final class OneObjectBlindsNobody extends Watcher {
    OneObjectBlindsNobody(World world) {
        super(world, "I13");
    }

    @Override
    void passed(Replica replica, PassRecord record) {
        // a word of the JSON reader's, with the place in the list
        if (record.plan().condition() == Condition.CLUSTER_UNREADABLE
                && record.plan().message().contains("(at /")) {
            violation("%s acts on nothing for one object: %s"
                    .formatted(replica.identity(), record.plan().message()));
        }
    }
}
