package io.kubescaler.app.hostile;

import io.kubescaler.model.Node;
import io.kubescaler.simulated.ClusterListener;
import java.util.List;
import java.util.Optional;

/**
 * On which nodes of the pool the replicas run, in a history in which they do: with its node goes a replica, and starts
 * anew on another. For one simulation.
 */
final class Homes implements ClusterListener {
    private final World world;

    Homes(World world) {
        this.world = world;
    }

    /** Returns the node on which a pod of the scaler starts now; empty when it runs outside of the pool. */
    Optional<String> choose(String identity) {
        List<Node> nodes = world.journals().nodesNow().stream()
                .filter(node -> node.readiness().ready()
                        && !node.unschedulable()
                        && node.taints().isEmpty())
                .toList();
        return world.scenario().onThePool() && !nodes.isEmpty()
                ? Optional.of(
                        nodes.get(world.randomness().stream("home-" + identity).nextInt(nodes.size()))
                                .name())
                : Optional.empty();
    }

    @Override
    public void nodeRemoved(Node node) {
        world.replicas().stream()
                .filter(replica -> replica.ownNode().equals(Optional.of(node.name())))
                .forEach(replica -> replica.kill("its node %s is gone".formatted(node.name())));
    }
}
