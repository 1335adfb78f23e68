package io.kubescaler.app.cli;

import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.app.plugins.ProviderCatalog;
import io.kubescaler.provider.NodePoolProvider;

/** Opens the providers for a command and tells its user of plug-ins that were left out. */
final class Providers {
    private Providers() {}

    /** Opens them; whoever opens closes. */
    static ProviderCatalog open(Surroundings surroundings) {
        ProviderCatalog catalog = ProviderCatalog.open(surroundings.environment());
        tell(catalog, surroundings);
        return catalog;
    }

    /** Tells the user of plug-ins that were left out. */
    static void tell(ProviderCatalog catalog, Surroundings surroundings) {
        catalog.problems().forEach(problem -> surroundings.err().println("kubescaler: " + problem.message()));
    }

    /** Makes the provider of a pool, for reading alone: it is told that it may change nothing. */
    static NodePoolProvider readOnly(ProviderCatalog catalog, PoolSettings pool) {
        return catalog.find(pool.provider())
                .orElseThrow(() -> new IllegalStateException("the configuration was checked against other providers"))
                .create(pool.context().withMayWrite(() -> false));
    }
}
