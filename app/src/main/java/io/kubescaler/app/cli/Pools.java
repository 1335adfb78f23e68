package io.kubescaler.app.cli;

import io.kubescaler.app.config.Settings;
import io.kubescaler.model.LabelSelector;
import java.util.Set;
import java.util.stream.Collectors;

/** What concerns all pools together. */
final class Pools {
    private Pools() {}

    /** Returns the server selectors of all pools: none of them must be killed, whichever pool's it is. */
    static Set<LabelSelector> serverSelectors(Settings settings) {
        return settings.pools().stream()
                .map(pool -> pool.policy().serverSelector())
                .collect(Collectors.toUnmodifiableSet());
    }
}
