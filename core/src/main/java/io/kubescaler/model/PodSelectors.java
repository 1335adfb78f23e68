package io.kubescaler.model;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which pods keep the node that they are on, whichever pool's it is: a server of another pool, or a pod that another pool
 * protects, would die with its node all the same. Immutable and thread-safe.
 *
 * @param servers the server selectors of all pools
 * @param protectedPods what all pools protect beside servers
 */
public record PodSelectors(List<LabelSelector> servers, List<LabelSelector> protectedPods) {
    public PodSelectors {
        servers = List.copyOf(servers);
        protectedPods = List.copyOf(protectedPods);
    }

    /** Returns those of some pools, each once. */
    public static PodSelectors of(Collection<PoolPolicy> pools) {
        return new PodSelectors(
                pools.stream().map(PoolPolicy::serverSelector).distinct().toList(),
                pools.stream()
                        .flatMap(pool -> pool.protectedPods().stream())
                        .distinct()
                        .toList());
    }

    /** Returns those of servers alone. */
    public static PodSelectors ofServers(LabelSelector... servers) {
        return new PodSelectors(List.of(servers), List.of());
    }

    /** Returns the names of all labels that some of them look at: the others of a pod make no difference. */
    public Set<String> keys() {
        return Stream.concat(servers.stream(), protectedPods.stream())
                .flatMap(selector -> selector.keys().stream())
                .collect(Collectors.toUnmodifiableSet());
    }
}
