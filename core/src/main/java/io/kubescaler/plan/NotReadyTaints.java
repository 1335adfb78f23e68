package io.kubescaler.plan;

import java.util.Set;

/** The taints by which Kubernetes itself says that a node is not fit for pods. Source: the well-known taints. */
final class NotReadyTaints {
    /** On a node from its registration until the cloud's controller has set it up; never put back later. */
    static final String UNINITIALIZED = "node.cloudprovider.kubernetes.io/uninitialized";

    /** On a node that is cordoned, for as long as it is. */
    static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

    private static final Set<String> KEYS = Set.of(
            "node.kubernetes.io/not-ready",
            "node.kubernetes.io/unreachable",
            "node.kubernetes.io/memory-pressure",
            "node.kubernetes.io/disk-pressure",
            "node.kubernetes.io/pid-pressure",
            "node.kubernetes.io/network-unavailable",
            UNINITIALIZED);

    private NotReadyTaints() {}

    static boolean contains(String key) {
        return KEYS.contains(key);
    }
}
