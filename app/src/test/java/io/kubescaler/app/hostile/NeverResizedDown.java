package io.kubescaler.app.hostile;

/** I2: the pool is never resized to less than it has. */
final class NeverResizedDown extends Watcher {
    private long othersActedAtNanos = Long.MIN_VALUE;

    NeverResizedDown(World world) {
        super(world, "I2");
    }

    @Override
    void resizing(Replica replica, int before, int wanted) {
        // the cloud takes no precondition: whoever gets in between the reading and the order cannot be seen
        boolean unseen = othersActedAtNanos >= replica.cloud().describedAtNanos();
        if (wanted < before && !unseen) {
            violation("%s resizes the pool from %d to %d".formatted(replica.identity(), before, wanted));
        }
    }

    @Override
    void othersActed() {
        othersActedAtNanos = world.clock().nanos();
    }
}
