package io.kubescaler.app.hostile;

import io.kubescaler.model.Node;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import io.kubescaler.plan.Condition;
import java.util.List;

/**
 * Convergence, and with it I8 and I9: long after all trouble, the buffer stands or the maximum is reached, nothing is
 * left half done, and no node could go.
 */
final class ComesToRest extends Watcher {
    ComesToRest(World world) {
        super(world, "convergence");
    }

    @Override
    void atRest() {
        PoolPolicy policy = world.policy();
        List<Node> nodes = world.journals().nodesNow();
        List<Node> takers = nodes.stream().filter(ComesToRest::takesServers).toList();
        int size = world.cloud().size();
        int most = Math.min(policy.maximum(), world.scenario().cloud().quota().orElse(policy.maximum()));
        long free = takers.stream().mapToLong(this::slots).sum();
        List<Pod> waiting = world.journals().podsNow().stream()
                .filter(pod -> pod.nodeName().isEmpty() && pod.isServer(Scenario.SERVER) && Rooms.isOfThePool(pod))
                .toList();
        long required = policy.buffer() + Rooms.slots(waiting);
        if (size < policy.minimum()) {
            violation("%d nodes, and at least %d are asked for".formatted(size, policy.minimum()));
        }
        if (free < required && size < most) {
            violation("%d slots free, %d required, and %d nodes of at most %d".formatted(free, required, size, most));
        }
        if (!waiting.isEmpty() && size < most) {
            violation("server %s waits, at %d nodes of at most %d"
                    .formatted(waiting.get(0).name(), size, most));
        }
        for (Node node : nodes) {
            check(node, takers, free, required);
        }
        world.cloud().machines().stream()
                .filter(machine -> world.nodeOf(machine).isEmpty() && !world.isNeverDeleted(machine))
                // where no machine has a node, the pool may be another cluster's
                .filter(machine -> world.cloud().machines().stream()
                        .anyMatch(other -> world.nodeOf(other).isPresent()))
                .forEach(machine -> violation("machine %s has no node and is still there".formatted(machine)));
    }

    private void check(Node node, List<Node> takers, long free, long required) {
        PoolPolicy policy = world.policy();
        boolean protectedNode = node.marks().keep()
                || world.podsOn(node.name()).stream()
                        .anyMatch(pod -> pod.doNotDisrupt().isPresent() || Scenario.PROTECTED.matches(pod.labels()));
        boolean orphan = !world.cloud().machines().contains(World.machineOf(node));
        // nobody has seen a server yet, and by that the selector may be mistyped
        boolean unseen = world.lastCondition() == Condition.NO_SERVER_SEEN;
        if (unseen || protectedNode || orphan || world.isNeverDeleted(World.machineOf(node))) {
            return;
        }
        if (takers.contains(node)) {
            long slots = slots(node);
            if (slots > 0 && free - slots >= required && takers.size() > policy.minimum()) {
                violation("node %s is not needed: %d slots free, %d required".formatted(node.name(), free, required));
            }
            if (node.marks().any()) {
                violation("node %s takes servers and carries marks of ours".formatted(node.name()));
            }
        } else if (node.marks().cordonedAt().isPresent()
                && world.podsOn(node.name()).isEmpty()
                && world.cloud().size() > policy.minimum()) {
            violation("node %s is cordoned and empty and still there".formatted(node.name()));
        }
    }

    private long slots(Node node) {
        return Rooms.slots(
                node,
                world.podsOn(node.name()).stream()
                        .filter(pod -> pod.isServer(Scenario.SERVER))
                        .map(Pod::requests)
                        .reduce(Scenario.DAEMON, Resources::plus));
    }

    private static boolean takesServers(Node node) {
        return node.readiness().ready()
                && !node.unschedulable()
                && node.taints().isEmpty();
    }
}
