package io.kubescaler.app.hostile;

import io.kubescaler.model.Node;
import java.util.HashMap;
import java.util.Map;

/**
 * I4: a node that a person cordoned is neither uncordoned nor deleted, none outside the selector is touched,
 * one that is to be kept neither cordoned nor taken back nor deleted, and one that cannot be read none of it.
 */
final class OthersNodesAreLeftAlone extends Watcher {
    // when a replica last saw a node as it is, by both names
    private final Map<String, Long> lookedAtNanos = new HashMap<>();
    private long othersActedAtNanos = Long.MIN_VALUE;

    OthersNodesAreLeftAlone(World world) {
        super(world, "I4");
    }

    @Override
    void nodeRead(Replica replica, String node) {
        looked(replica, node);
    }

    @Override
    void nodeWritten(Replica replica, Node before, Node after) {
        looked(replica, after.name());
        if (!world.policy().selector().matches(before.labels())) {
            violation("%s writes node %s, which is outside the selector".formatted(replica.identity(), after.name()));
        }
        if (before.marks().keep() && !before.unschedulable() && after.unschedulable()) {
            violation("%s cordons node %s, which is to be kept".formatted(replica.identity(), after.name()));
        }
        if (before.marks().keep() && before.unschedulable() && !after.unschedulable()) {
            violation("%s takes node %s back, which is to be kept".formatted(replica.identity(), after.name()));
        }
        if (before.unreadable().isPresent() && before.unschedulable() != after.unschedulable()) {
            violation("%s sets node %s, which cannot be read".formatted(replica.identity(), after.name()));
        }
        if (isHeld(before) && !after.unschedulable()) {
            violation("%s uncordons node %s, which a person cordoned".formatted(replica.identity(), after.name()));
        }
    }

    @Override
    void deleting(Replica replica, String machine) {
        world.nodeOf(machine)
                .filter(node -> !changedSince(replica, node.name()))
                .ifPresent(node -> checkDeletion(replica, node));
    }

    private void checkDeletion(Replica replica, Node node) {
        if (isHeld(node)) {
            violation("%s deletes node %s, which a person cordoned".formatted(replica.identity(), node.name()));
        }
        if (node.unreadable().isPresent()) {
            violation("%s deletes node %s, which cannot be read".formatted(replica.identity(), node.name()));
        }
        if (node.marks().keep()) {
            violation("%s deletes node %s, which is to be kept".formatted(replica.identity(), node.name()));
        }
        if (!world.policy().selector().matches(node.labels())) {
            violation("%s deletes node %s, which is outside the selector".formatted(replica.identity(), node.name()));
        }
    }

    @Override
    void othersActed() {
        othersActedAtNanos = world.clock().nanos();
    }

    private void looked(Replica replica, String node) {
        lookedAtNanos.put(replica.identity() + " " + node, world.clock().nanos());
    }

    private boolean changedSince(Replica replica, String node) {
        return othersActedAtNanos >= lookedAtNanos.getOrDefault(replica.identity() + " " + node, Long.MIN_VALUE);
    }

    private static boolean isHeld(Node node) {
        return node.unschedulable()
                && (node.marks().cordonedAt().isEmpty()
                        || node.cordonedBy().filter("kubescaler"::equals).isEmpty());
    }
}
