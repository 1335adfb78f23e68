package io.kubescaler.app.cli;

import io.kubescaler.app.config.Settings;
import io.kubescaler.model.ServerLabel;
import java.util.Set;
import java.util.stream.Collectors;

/** What concerns all pools together. */
final class Pools {
    private Pools() {}

    /** Returns the labels of all pools' servers: none of them must be killed, whichever pool's it is. */
    static Set<ServerLabel> serverLabels(Settings settings) {
        return settings.pools().stream()
                .map(pool -> pool.policy().serverLabel())
                .collect(Collectors.toUnmodifiableSet());
    }
}
