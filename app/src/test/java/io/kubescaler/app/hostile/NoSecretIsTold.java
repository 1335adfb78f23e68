package io.kubescaler.app.hostile;

import io.kubescaler.control.PassRecord;

/** I11: the token is in nothing that is told of a pass, though the cloud repeats it in whatever it refuses. */
final class NoSecretIsTold extends Watcher {
    NoSecretIsTold(World world) {
        super(world, "I11");
    }

    @Override
    void passed(Replica replica, PassRecord record) {
        if (record.toString().contains(ReplicaCloud.TOKEN)) {
            violation("a pass of %s tells the token".formatted(replica.identity()));
        }
    }
}
