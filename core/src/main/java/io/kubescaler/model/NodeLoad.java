package io.kubescaler.model;

import java.util.Collection;
import java.util.Optional;

/**
 * What the pods bound to one node add up to. Immutable and thread-safe.
 *
 * @param servers live dedicated servers of any pool, terminating ones included, and pods that could not be read in part
 * @param used what all pods of the node request together, as the scheduler counts it
 * @param daemons the part of {@code used} that every new node carries too: DaemonSet and static pods
 * @param protector {@code namespace/name (why)} of a pod that protects the node from deletion, the first by name; empty
 *     when none does
 * @param unreadable {@code namespace/name (what is wrong)} of a pod that could not be read in part, the first by name;
 *     empty when all could
 */
public record NodeLoad(
        int servers, Resources used, Resources daemons, Optional<String> protector, Optional<String> unreadable) {
    /** A node without pods. */
    public static final NodeLoad EMPTY = new NodeLoad(0, Resources.NONE, Resources.NONE, Optional.empty());

    /** A node whose pods could all be read. */
    public NodeLoad(int servers, Resources used, Resources daemons, Optional<String> protector) {
        this(servers, used, daemons, protector, Optional.empty());
    }

    /** Returns whether there are servers or protected pods. */
    public boolean keepsNode() {
        return servers > 0 || protector.isPresent();
    }

    /** Adds up the pods that are bound to one node. */
    public static NodeLoad of(Collection<Pod> pods, PodSelectors selectors) {
        int servers = 0;
        Resources used = Resources.NONE;
        Resources daemons = Resources.NONE;
        Optional<Pod> protector = Optional.empty();
        Optional<Pod> unreadable = Optional.empty();
        for (Pod pod : pods) {
            used = used.plus(pod.requests());
            servers += isServer(pod, selectors) ? 1 : 0;
            if (pod.owner() != Pod.Owner.OTHER) {
                daemons = daemons.plus(pod.requests());
            }
            if (isProtected(pod, selectors) && isFirst(pod, protector)) {
                protector = Optional.of(pod);
            }
            if (pod.unreadable().isPresent() && isFirst(pod, unreadable)) {
                unreadable = Optional.of(pod);
            }
        }
        return new NodeLoad(
                servers,
                used,
                daemons,
                protector.map(pod -> named(pod, whyProtected(pod, selectors))),
                unreadable.map(pod -> named(pod, pod.unreadable().orElseThrow())));
    }

    /** Returns whether a pod would keep the node that it came to. */
    public static boolean keepsNode(Pod pod, PodSelectors selectors) {
        return isServer(pod, selectors) || isProtected(pod, selectors);
    }

    private static boolean isServer(Pod pod, PodSelectors selectors) {
        return pod.unreadable().isPresent() || LabelSelector.anyMatches(selectors.servers(), pod.labels());
    }

    private static boolean isProtected(Pod pod, PodSelectors selectors) {
        return pod.doNotDisrupt().isPresent() || LabelSelector.anyMatches(selectors.protectedPods(), pod.labels());
    }

    private static String whyProtected(Pod pod, PodSelectors selectors) {
        return pod.doNotDisrupt()
                .orElseGet(() -> "protected-pod-selectors: "
                        + selectors.protectedPods().stream()
                                .filter(selector -> selector.matches(pod.labels()))
                                .findFirst()
                                .orElseThrow());
    }

    private static boolean isFirst(Pod pod, Optional<Pod> first) {
        return first.isEmpty() || pod.key().compareTo(first.get().key()) < 0;
    }

    private static String named(Pod pod, String why) {
        return "%s (%s)".formatted(pod.key(), why);
    }
}
