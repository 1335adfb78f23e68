package io.kubescaler.app.cli;

import io.kubescaler.app.config.ConfigLoader;
import io.kubescaler.app.config.Configuration;
import io.kubescaler.app.config.ConfigurationException;
import io.kubescaler.app.config.Purpose;
import io.kubescaler.app.config.Sources;
import io.kubescaler.app.plugins.ProviderCatalog;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes. */
final class GlobalOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "the configuration file (or the variable KUBESCALER_CONFIG)")
    private Optional<Path> file = Optional.empty();

    // one value an option: a value may hold commas
    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            description = "sets one key, over the file and the environment; may be repeated")
    private List<String> assignments = new ArrayList<>();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "shows this help")
    private boolean help;

    /** Returns whether only help was asked for. */
    boolean help() {
        return help;
    }

    /** Returns where the configuration is read from. */
    Sources sources(Surroundings surroundings) {
        return new Sources(file, surroundings.environment(), assignments, surroundings.inCluster());
    }

    /**
     * Reads and checks the configuration.
     *
     * @param catalog the providers at hand
     * @throws ConfigurationException with everything that is wrong with it
     */
    Configuration configuration(Surroundings surroundings, ProviderCatalog catalog, Purpose purpose)
            throws ConfigurationException {
        ConfigLoader loader = new ConfigLoader(
                catalog.all().stream().map(ProviderCatalog.Entry::factory).toList(),
                Version.read().userAgent(),
                surroundings.clock());
        return loader.load(sources(surroundings), purpose);
    }
}
