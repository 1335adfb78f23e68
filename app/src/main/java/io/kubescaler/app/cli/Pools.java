package io.kubescaler.app.cli;

import io.kubescaler.app.config.Settings;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolPolicy;
import java.util.List;
import java.util.Optional;

/** What concerns all pools together. */
final class Pools {
    private Pools() {}

    /** Returns what is asked of all pools, in the order of the configuration. */
    static List<PoolPolicy> policies(Settings settings) {
        return settings.pools().stream().map(PoolSettings::policy).toList();
    }

    /**
     * Returns the nodes that are taken for a pool's machines where no cloud tells: a machine is in one pool of the cloud,
     * so of several pools that select its node, the first one has it.
     */
    static List<Node> nodesOf(PoolPolicy pool, List<PoolPolicy> pools, List<Node> selected) {
        return selected.stream()
                .filter(node -> first(pools, node)
                        .filter(first -> first.pool().equals(pool.pool()))
                        .isPresent())
                .toList();
    }

    private static Optional<PoolPolicy> first(List<PoolPolicy> pools, Node node) {
        return pools.stream()
                .filter(pool -> pool.selector().matches(node.labels()))
                .findFirst();
    }
}
