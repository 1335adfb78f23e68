package io.kubescaler.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything observed that a pass decides from: one pool at one moment. Immutable and thread-safe.
 *
 * @param cloud what the cloud says of the pool
 * @param cluster what Kubernetes says of it
 * @param sightings for how long the process that plans has seen things as they are
 */
public record PoolSnapshot(Reading<PoolDescription> cloud, Reading<ClusterState> cluster, Sightings sightings) {
    /** A snapshot for a plan that nobody carries out: the times that are noted on the nodes count. */
    public PoolSnapshot(Reading<PoolDescription> cloud, Reading<ClusterState> cluster) {
        this(cloud, cluster, Sightings.NONE);
    }

    /**
     * What Kubernetes says of a pool.
     *
     * @param nodes the nodes that match the pool's selector, each with its load, in any order
     * @param unplaced the pool's server pods that are bound to no node and are not terminating; whether they
     *     could be placed on a node of the pool is for the pass to decide
     * @param otherUnplaced pods that are bound to no node, are not terminating, and would keep the node that they come to
     *     without being servers of the pool: servers of other pools, and protected pods
     * @param servers what was found of the pool's servers in the whole cluster
     * @param shared the nodes that other configured pools select too: node name to the names of those pools, in one text;
     *     empty when the pools' selectors do not overlap
     * @param ownNode the name of the node that the scaler itself runs on; empty when it is not known
     */
    public record ClusterState(
            List<Node> nodes,
            List<Pod> unplaced,
            List<Pod> otherUnplaced,
            ServersFound servers,
            Map<String, String> shared,
            Optional<String> ownNode) {
        public ClusterState {
            nodes = List.copyOf(nodes);
            unplaced = List.copyOf(unplaced);
            otherUnplaced = List.copyOf(otherUnplaced);
            shared = Map.copyOf(shared);
        }

        /** Returns this state with the labels that pods carry where servers were looked for. */
        public ClusterState withServers(ServersFound found) {
            return new ClusterState(nodes, unplaced, otherUnplaced, found, shared, ownNode);
        }

        /** What Kubernetes says where no other pods wait, and it is not known which node the scaler runs on. */
        public ClusterState(List<Node> nodes, List<Pod> unplaced, ServersFound servers, Map<String, String> shared) {
            this(nodes, unplaced, List.of(), servers, shared, Optional.empty());
        }

        /** Returns this state with other pods that wait for a node and would keep it. */
        public ClusterState withOtherUnplaced(List<Pod> others) {
            return new ClusterState(nodes, unplaced, others, servers, shared, ownNode);
        }

        /** Returns this state with the node that the scaler itself runs on. */
        public ClusterState withOwnNode(Optional<String> name) {
            return new ClusterState(nodes, unplaced, otherUnplaced, servers, shared, name);
        }
    }
}
