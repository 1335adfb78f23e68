package io.kubescaler.app.cli;

import io.kubescaler.app.config.ConfigLoader;
import io.kubescaler.app.config.Configuration;
import io.kubescaler.app.config.ConfigurationException;
import io.kubescaler.app.config.OwnPool;
import io.kubescaler.app.config.Purpose;
import io.kubescaler.app.config.Sources;
import io.kubescaler.app.plugins.ProviderCatalog;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.provider.NodePoolProviderFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The options that every command has. Those that read no configuration refuse two of them. */
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

    /**
     * Ends the command when a configuration was named, which it does not read.
     *
     * @param command the command
     * @param instead what is to be done instead, as a sentence
     * @throws ParameterException when one was named
     */
    void refuseConfiguration(CommandSpec command, String instead) {
        if (file.isPresent() || !assignments.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "%s means nothing to `%s`, which reads no configuration; %s; run, check, plan, simulate and demo take it"
                            .formatted(file.isPresent() ? "--config" : "--set", command.name(), instead));
        }
    }

    /**
     * Reads the pool that a command brings itself.
     *
     * @throws ConfigurationException with everything that is wrong with what was set
     */
    PoolPolicy ownPool(Surroundings surroundings, OwnPool pool) throws ConfigurationException {
        if (file.isEmpty() && assignments.isEmpty()) {
            return loader(List.of(), surroundings)
                    .load(new Sources(Optional.empty(), Map.of(), List.of(), surroundings.inCluster()), pool);
        }
        // a file may hold the settings of any provider
        try (ProviderCatalog catalog = Providers.open(surroundings)) {
            return loader(factories(catalog), surroundings).load(sources(surroundings), pool);
        }
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
        return loader(factories(catalog), surroundings).load(sources(surroundings), purpose);
    }

    private static List<NodePoolProviderFactory> factories(ProviderCatalog catalog) {
        return catalog.all().stream().map(ProviderCatalog.Entry::factory).toList();
    }

    private static ConfigLoader loader(List<NodePoolProviderFactory> providers, Surroundings surroundings) {
        return new ConfigLoader(providers, Version.read().userAgent(), surroundings.clock());
    }
}
