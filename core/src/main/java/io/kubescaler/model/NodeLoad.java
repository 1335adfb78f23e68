package io.kubescaler.model;

import java.util.Collection;
import java.util.Optional;
import java.util.function.Function;

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

    /** Adds up the pods that are bound to one node. */
    public static NodeLoad of(Collection<Pod> pods, PodSelectors selectors) {
        int servers = 0;
        Resources used = Resources.NONE;
        Resources daemons = Resources.NONE;
        for (Pod pod : pods) {
            used = used.plus(pod.requests());
            servers += isServer(pod, selectors) ? 1 : 0;
            if (pod.owner() != Pod.Owner.OTHER) {
                daemons = daemons.plus(pod.requests());
            }
        }
        return new NodeLoad(
                servers, used, daemons, first(pods, pod -> whyProtected(pod, selectors)), first(pods, Pod::unreadable));
    }

    /** Returns whether a pod would keep the node that it came to. */
    public static boolean keepsNode(Pod pod, PodSelectors selectors) {
        return isServer(pod, selectors) || whyProtected(pod, selectors).isPresent();
    }

    private static boolean isServer(Pod pod, PodSelectors selectors) {
        return pod.unreadable().isPresent()
                || selected(pod, selectors.servers()).isPresent();
    }

    private static Optional<LabelSelector> selected(Pod pod, Collection<LabelSelector> selectors) {
        for (LabelSelector selector : selectors) {
            if (selector.matches(pod.labels())) {
                return Optional.of(selector);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> whyProtected(Pod pod, PodSelectors selectors) {
        return pod.doNotDisrupt()
                .or(() -> selected(pod, selectors.protectedPods()).map(it -> "protected-pod-selectors: " + it));
    }

    private static Optional<String> first(Collection<Pod> pods, Function<Pod, Optional<String>> about) {
        Optional<Pod> first = Optional.empty();
        for (Pod pod : pods) {
            if (about.apply(pod).isPresent()
                    && (first.isEmpty() || pod.key().compareTo(first.get().key()) < 0)) {
                first = Optional.of(pod);
            }
        }
        return first.map(pod -> "%s (%s)".formatted(pod.key(), about.apply(pod).orElseThrow()));
    }
}
