package io.kubescaler.control;

import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.MachineIdentity;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.PoolIdentities;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.ServersFound.CarriedLabel;
import io.kubescaler.plan.Mark;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The Kubernetes cluster, as far as one pool needs it. Every call is bounded in time. Safe for use by several threads.
 *
 * <p>The writes are conditional: they carry the node's {@code resourceVersion} and fail with
 * {@link ClusterException.Kind#CONFLICT} on a node that somebody else has changed since it was read.
 */
public interface Cluster {
    /** The most labels that {@link #readLabels} returns. */
    int MOST_LABELS = 5;

    /**
     * Returns the pool's nodes and unplaced servers from what has been watched. Reads memory, asks nobody.
     *
     * @return the state, or why it cannot be relied on: not synced yet, or the watch has gone silent
     */
    Reading<ClusterState> observe();

    /**
     * Returns whether any node that has been watched is a machine, whatever its labels, or may be and is outside the pool.
     * Reads memory, asks nobody.
     */
    boolean hasNode(MachineIdentity machine);

    /**
     * Returns the watched nodes outside the pool that are one of some machines, and those without a provider ID that host servers
     * or protected pods, unless the cloud's controller has yet to set them up; without loads. Reads memory, asks nobody.
     */
    List<Node> nodesOutside(PoolIdentities machines);

    /**
     * Reads one node and the pods bound to it from the API server with a quorum read, never from a cache.
     *
     * @return the node with its load as of now; empty when there is no such node
     */
    Optional<Node> readNode(String name) throws ClusterException;

    /**
     * Looks among all nodes of the cluster, whatever their labels, for one that is, or may be, a machine, with a quorum read.
     *
     * @return the node with its load as of now; empty when no node can be that machine
     */
    Optional<Node> findNode(MachineIdentity machine) throws ClusterException;

    /**
     * Looks among all nodes of the cluster for a further one that is a machine which has a node already, and among the pool's
     * for one that may be, with a quorum read: its kubelet may have registered anew under another name. Nodes on which no
     * server can be are passed over, and those that nothing tells from it and that registered clearly before it was ordered. One
     * outside the pool that nothing tells from it counts only while servers or protected pods are on it.
     *
     * @param passOver which nodes to pass over too, by what they are now, without their loads
     * @return such a node, without its load; empty when there is none
     */
    Optional<Node> findFurtherNode(MachineIdentity machine, Predicate<Node> passOver) throws ClusterException;

    /**
     * Reads the pods bound to a node name from the API server with a quorum read, whether or not there is such a node.
     */
    NodeLoad readLoad(String nodeName) throws ClusterException;

    /**
     * Reads which labels the pods on some nodes carry, DaemonSet and static pods aside: where no server is found, one of
     * them may be what was meant. Bounded in time and number: of many nodes only those with the most pods are looked at.
     *
     * @param selector what was looked for
     * @return at most {@link #MOST_LABELS}, the nearest to the selector first
     */
    List<CarriedLabel> readLabels(List<Node> nodes, LabelSelector selector) throws ClusterException;

    /** Makes a node unschedulable and annotates it as cordoned by us, in one write. */
    void cordon(Node node, Instant cordonedAt, Optional<Instant> emptySince) throws ClusterException;

    /** Makes a node schedulable and removes our annotations, in one write. */
    void uncordon(Node node) throws ClusterException;

    /** Changes our annotations on a node. */
    void mark(Node node, Mark mark) throws ClusterException;

    /**
     * Makes a node unschedulable and annotates it as being deleted by us, and as cordoned by us where it is not yet, in
     * one write: from then on no new server is placed on it.
     */
    void markDeleting(Node node, Instant deletingAt) throws ClusterException;
}
