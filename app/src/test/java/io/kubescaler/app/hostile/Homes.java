package io.kubescaler.app.hostile;

import io.kubescaler.model.Node;
import io.kubescaler.simulated.ClusterListener;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * On which nodes of the pool the replicas run, in a history in which they do: a process that ends starts anew on the same
 * one, and with its node goes a replica, and starts anew on another. For one simulation.
 */
final class Homes implements ClusterListener {
    private final World world;
    // by the replica's number
    private final Map<Integer, String> homes = new HashMap<>();

    Homes(World world) {
        this.world = world;
    }

    /** Returns the node on which a process of the scaler starts now; empty when it runs outside of the pool. */
    Optional<String> of(int replica, String identity) {
        if (!world.scenario().onThePool()) {
            return Optional.empty();
        }
        if (!homes.containsKey(replica)) {
            place(identity).ifPresent(node -> homes.put(replica, node));
        }
        return Optional.ofNullable(homes.get(replica));
    }

    private Optional<String> place(String identity) {
        List<Node> nodes = world.journals().nodesNow().stream()
                .filter(node -> node.readiness().ready()
                        && !node.unschedulable()
                        && node.taints().isEmpty())
                .toList();
        return nodes.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        nodes.get(world.randomness().stream("home-" + identity).nextInt(nodes.size()))
                                .name());
    }

    @Override
    public void nodeRemoved(Node node) {
        homes.values().removeIf(node.name()::equals);
        world.replicas().stream()
                .filter(replica -> replica.ownNode().equals(Optional.of(node.name())))
                .forEach(replica -> replica.kill("its node %s is gone".formatted(node.name())));
    }
}
