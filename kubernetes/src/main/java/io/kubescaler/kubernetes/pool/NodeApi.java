package io.kubescaler.kubernetes.pool;

import io.kubescaler.control.ClusterException;
import io.kubescaler.kubernetes.client.Deadline;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Pod;
import io.kubescaler.model.TimeBudget;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Single requests about nodes and their pods, each bounded in time. Reads are quorum reads: without a resource version,
 * the API server answers with what is true after the request came. Thread-safe.
 */
interface NodeApi {
    /** Returns the deadline for all reads together that make up one call, from now. */
    Deadline deadline();

    /** Reads one node, without its load; empty when there is none. */
    Optional<Node> node(String name, Deadline deadline) throws ClusterException;

    /**
     * Reads the nodes that fit, without their loads; of the others nothing is kept.
     *
     * @param labelSelector what the server is to select by; empty for all nodes of the cluster
     */
    List<Node> nodes(Optional<String> labelSelector, Predicate<Node> fits, Deadline deadline) throws ClusterException;

    /** Reads what the live pods bound to a node name add up to. */
    NodeLoad load(String node, Deadline deadline) throws ClusterException;

    /** Reads the live pods bound to a node name, with all their labels. */
    List<Pod> pods(String node, Deadline deadline) throws ClusterException;

    /**
     * Changes a node that has this version still, within {@link TimeBudget#NODE_WRITE}.
     *
     * @return the node as it is afterwards, without its load
     */
    Node patch(String name, String resourceVersion, NodePatch patch) throws ClusterException;
}
