package io.kubescaler.model;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * One pod that is not Succeeded or Failed, reduced to what scaling needs. A pod that has ended is not represented: it
 * takes nothing from its node.
 *
 * <p>Immutable and thread-safe.
 *
 * @param namespace its namespace
 * @param name its name, unique in the namespace
 * @param uid its UID, unique for all time
 * @param nodeName the node it is bound to; empty while it is not placed
 * @param labels its labels; only those whose names the caller cares for need be there
 * @param waiting what matters of it while it is on no node; {@link Waiting#NONE} once it is on one
 * @param requests what the scheduler counts for it, including {@link Resources#PODS} = 1; see {@code PodRequests}
 * @param owner who looks after it
 * @param terminating whether it has a deletion timestamp: it still occupies its node, and a server is still alive
 * @param doNotDisrupt the annotation by which it forbids disruption of its node; empty when it does not
 * @param unreadable the first part of it that could not be read, and what is wrong with it: it counts as a server on its
 *     node; empty when all could
 */
public record Pod(
        String namespace,
        String name,
        String uid,
        Optional<String> nodeName,
        Map<String, String> labels,
        Waiting waiting,
        Resources requests,
        Owner owner,
        boolean terminating,
        Optional<String> doNotDisrupt,
        Optional<String> unreadable) {

    /** Annotation of the cluster autoscaler; with the value {@code false} the pod's node is protected. */
    public static final String SAFE_TO_EVICT = "cluster-autoscaler.kubernetes.io/safe-to-evict";

    /** Annotation of Karpenter; with the value {@code true} the pod's node is protected. */
    public static final String DO_NOT_DISRUPT = "karpenter.sh/do-not-disrupt";

    /** Who looks after a pod: tells what every new node of the pool will carry anyway. */
    public enum Owner {
        /** A DaemonSet: the pod comes with the node. */
        DAEMON_SET,
        /** The kubelet itself (a static, "mirror" pod): the pod comes with the node. */
        NODE,
        /** Anything else, or nobody. */
        OTHER
    }

    /**
     * What matters of a pod only while it is on no node.
     *
     * @param constraints which nodes it may be placed on
     * @param since when it was created; empty when that is not known
     * @param gated whether a scheduling gate keeps the scheduler from looking at it
     * @param schedulerSays the scheduler's words on why it is on no node; empty when it said nothing
     */
    public record Waiting(NodeConstraints constraints, Optional<Instant> since, boolean gated, String schedulerSays) {
        /** It waits for nothing. */
        public static final Waiting NONE = new Waiting(NodeConstraints.NONE, Optional.empty(), false, "");
    }

    public Pod {
        labels = Map.copyOf(labels);
    }

    /** Returns this pod as one of which that could not be read. */
    public Pod withUnreadable(Optional<String> what) {
        return new Pod(
                namespace, name, uid, nodeName, labels, waiting, requests, owner, terminating, doNotDisrupt, what);
    }

    /** Returns {@code namespace/name}. */
    public String key() {
        return namespace + "/" + name;
    }

    /** Returns whether it is a dedicated server of a pool with that server selector. */
    public boolean isServer(LabelSelector servers) {
        return servers.matches(labels);
    }
}
