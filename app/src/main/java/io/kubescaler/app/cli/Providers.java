package io.kubescaler.app.cli;

import io.kubescaler.app.plugins.ProviderCatalog;

/** Opens the providers for a command and tells its user of plug-ins that were left out. */
final class Providers {
    private Providers() {}

    /** Opens them; whoever opens closes. */
    static ProviderCatalog open(Surroundings surroundings) {
        ProviderCatalog catalog = ProviderCatalog.open(surroundings.environment());
        catalog.problems().forEach(problem -> surroundings.err().println("kubescaler: " + problem.message()));
        return catalog;
    }
}
