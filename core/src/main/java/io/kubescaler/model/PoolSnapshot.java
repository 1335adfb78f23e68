package io.kubescaler.model;

import java.util.List;
import java.util.Optional;

/**
 * Everything observed that a pass decides from: one pool at one moment. Immutable and thread-safe.
 *
 * @param cloud what the cloud says of the pool
 * @param cluster what Kubernetes says of it
 */
public record PoolSnapshot(Reading<PoolDescription> cloud, Reading<ClusterState> cluster) {

    /**
     * What Kubernetes says of a pool.
     *
     * @param nodes the nodes that match the pool's selector, each with its load, in any order
     * @param unplaced the pool's server pods that are bound to no node and are not terminating; whether they
     *     could be placed on a node of the pool is for the pass to decide
     * @param ownNode the name of the node that the scaler itself runs on; empty when it is not known
     */
    public record ClusterState(List<Node> nodes, List<Pod> unplaced, Optional<String> ownNode) {
        public ClusterState {
            nodes = List.copyOf(nodes);
            unplaced = List.copyOf(unplaced);
        }

        /** What Kubernetes says where it is not known which node the scaler runs on. */
        public ClusterState(List<Node> nodes, List<Pod> unplaced) {
            this(nodes, unplaced, Optional.empty());
        }

        /** Returns this state with the node that the scaler itself runs on. */
        public ClusterState withOwnNode(Optional<String> name) {
            return new ClusterState(nodes, unplaced, name);
        }
    }
}
