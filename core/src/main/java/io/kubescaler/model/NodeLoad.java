package io.kubescaler.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the pods bound to one node add up to. Immutable and thread-safe.
 *
 * @param servers live dedicated servers, terminating ones included
 * @param used what all pods of the node request together, as the scheduler counts it
 * @param daemons the part of {@code used} that every new node carries too: DaemonSet and static pods
 * @param doNotDisrupt {@code namespace/name (annotation)} of a pod that protects the node from deletion, the first by
 *     name; empty when none does
 */
public record NodeLoad(int servers, Resources used, Resources daemons, Optional<String> doNotDisrupt) {
    /** A node without pods. */
    public static final NodeLoad EMPTY = new NodeLoad(0, Resources.NONE, Resources.NONE, Optional.empty());

    /** Adds up the pods that are bound to one node. */
    public static NodeLoad of(Collection<Pod> pods, ServerLabel serverLabel) {
        int servers = 0;
        Resources used = Resources.NONE;
        Resources daemons = Resources.NONE;
        for (Pod pod : pods) {
            used = used.plus(pod.requests());
            if (pod.isServer(serverLabel)) {
                servers++;
            }
            if (pod.owner() != Pod.Owner.OTHER) {
                daemons = daemons.plus(pod.requests());
            }
        }
        return new NodeLoad(servers, used, daemons, protector(pods));
    }

    private static Optional<String> protector(Collection<Pod> pods) {
        List<Pod> protectors = pods.stream()
                .filter(pod -> pod.doNotDisrupt().isPresent())
                .sorted(Comparator.comparing(Pod::key))
                .toList();
        return protectors.stream()
                .findFirst()
                .map(pod -> "%s (%s)".formatted(pod.key(), pod.doNotDisrupt().orElseThrow()));
    }
}
