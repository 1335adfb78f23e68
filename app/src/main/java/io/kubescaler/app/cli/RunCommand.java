package io.kubescaler.app.cli;

import io.kubescaler.app.config.ConfigurationException;
import io.kubescaler.app.config.Purpose;
import io.kubescaler.app.config.Settings;
import io.kubescaler.app.observe.Logs;
import io.kubescaler.app.observe.SecretMask;
import io.kubescaler.app.plugins.ProviderCatalog;
import io.kubescaler.model.Count;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Scales the configured pools until it is stopped. */
@Command(name = "run", description = "Scales the configured pools until stopped. What it does without a command, too.")
final class RunCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RunCommand.class);

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

    /** Runs until stopped. */
    int run(RunOptions chosen) throws ConfigurationException, CommandException, InterruptedException {
        try (ProviderCatalog catalog = ProviderCatalog.open(surroundings.environment())) {
            Settings settings = settings(catalog);
            return run(chosen.dryRun() ? settings.inDryRun() : settings, catalog);
        }
    }

    // how the logs look is not known before
    private Settings settings(ProviderCatalog catalog) throws ConfigurationException {
        try {
            return options.configuration(surroundings, catalog, Purpose.SCALE).settings();
        } catch (ConfigurationException e) {
            Providers.tell(catalog, surroundings);
            throw e;
        }
    }

    private int run(Settings settings, ProviderCatalog catalog) throws CommandException, InterruptedException {
        Logs.configure(settings.log(), SecretMask.of(settings, catalog::find));
        catalog.problems().forEach(problem -> LOG.warn("{}", problem.message()));
        StopSignal signal = surroundings.stopSignal().get();
        int status = ExitStatus.FAILED;
        try (Scaler scaler = Scaler.of(settings, surroundings, catalog)) {
            greet(settings);
            scaler.start();
            signal.await();
            LOG.info("stopping: the action under way may finish");
            status = ExitStatus.DONE;
        } finally {
            // closed by now; what comes after this the process may not live to see
            LOG.info("stopped");
            signal.stopped(status);
        }
        return status;
    }

    private static void greet(Settings settings) {
        LOG.info(
                "kubescaler {} scales {}{}",
                Version.read().version(),
                settings.pools().stream()
                        .map(pool -> "%s (%s, %d to %s, buffer %d)"
                                .formatted(
                                        pool.policy().pool(),
                                        pool.provider(),
                                        pool.policy().minimum(),
                                        Count.of(pool.policy().maximum(), "node"),
                                        pool.policy().buffer()))
                        .collect(Collectors.joining(", ")),
                settings.dryRun() ? " in a dry run: it touches nothing" : "");
    }
}
