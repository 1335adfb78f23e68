package io.kubescaler.kubernetes.pool;

import io.kubescaler.model.Node;
import io.kubescaler.model.PoolPolicy;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds the nodes of a pool that other configured pools select too. Whether selectors overlap is seen on the nodes alone:
 * two that no node matches both do no harm. Immutable and thread-safe.
 */
final class Overlap {
    private final List<PoolPolicy> others;

    /** @param pools all pools, with or without that one */
    Overlap(PoolPolicy pool, Collection<PoolPolicy> pools) {
        others = pools.stream()
                .filter(other -> !other.pool().equals(pool.pool()))
                .toList();
    }

    /** Returns the other pools that select a node, in one text such as {@code pool large}; empty when none does. */
    Optional<String> of(Node node) {
        List<String> names = others.stream()
                .filter(other -> other.selector().matches(node.labels()))
                .map(PoolPolicy::pool)
                .sorted()
                .toList();
        return switch (names.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of("pool " + names.get(0));
            default -> Optional.of("pools " + String.join(", ", names));
        };
    }

    /** Returns those of some nodes that other pools select too: node name to those pools. */
    Map<String, String> among(Collection<Node> nodes) {
        Map<String, String> shared = new TreeMap<>();
        nodes.forEach(node -> of(node).ifPresent(pools -> shared.put(node.name(), pools)));
        return shared;
    }
}
