package io.kubescaler.app.cli;

import io.kubescaler.app.config.Configuration;
import io.kubescaler.app.config.ConfigurationException;
import io.kubescaler.app.config.Purpose;
import io.kubescaler.app.plugins.ProviderCatalog;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Scales the configured pools until it is stopped. */
@Command(name = "run", description = "Scales the configured pools until stopped.")
final class RunCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final GlobalOptions options;

    @Mixin
    private final RunOptions runOptions = new RunOptions();

    RunCommand(Surroundings surroundings, GlobalOptions options) {
        this.surroundings = surroundings;
        this.options = options;
    }

    @Override
    public Integer call() throws Exception {
        return run(runOptions);
    }

    int run(RunOptions chosen) throws ConfigurationException {
        try (ProviderCatalog catalog = Providers.open(surroundings)) {
            Configuration configuration = options.configuration(surroundings, catalog, Purpose.SCALE);
            surroundings.err().println(configuration.settings().dryRun() || chosen.dryRun());
            return ExitStatus.DONE;
        }
    }
}
