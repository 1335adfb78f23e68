package io.kubescaler.app.cli;

import io.kubescaler.app.config.ConfigurationException;
import io.kubescaler.app.config.OwnPool;
import io.kubescaler.app.demo.DemoCommand;
import io.kubescaler.app.simulate.ProgressBar;
import io.kubescaler.app.simulate.SimulateCommand;
import java.io.PrintWriter;
import java.util.function.DoubleConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program from its arguments to its exit status. */
public final class Program {
    private static final Logger LOG = LoggerFactory.getLogger(Program.class);

    private Program() {}

    /**
     * Runs the command that the arguments name.
     *
     * @return the exit status: 0 done, 1 it failed while running, 2 bad usage or bad configuration
     */
    public static int run(Surroundings surroundings, String... arguments) {
        int status = commandLine(surroundings).execute(arguments);
        surroundings.out().flush();
        surroundings.err().flush();
        return status;
    }

    static CommandLine commandLine(Surroundings surroundings) {
        GlobalOptions options = new GlobalOptions();
        OwnPool.Reader ownPools = pool -> options.ownPool(surroundings, pool);
        RunCommand run = new RunCommand(surroundings, options);
        CommandLine line = new CommandLine(new KubescalerCommand(options, run));
        line.addSubcommand(run)
                .addSubcommand(new DemoCommand(surroundings.out(), ownPools))
                .addSubcommand(new CheckCommand(surroundings, options))
                .addSubcommand(new PlanCommand(surroundings, options))
                .addSubcommand(new SimulateCommand(surroundings.out(), progress(surroundings), ownPools))
                .addSubcommand(new ProvidersCommand(surroundings, options))
                .addSubcommand(new VersionCommand(surroundings, options));
        return line.setOut(surroundings.out())
                .setErr(surroundings.err())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(badUsage())
                .setExecutionExceptionHandler(failure());
    }

    private static DoubleConsumer progress(Surroundings surroundings) {
        return Terminal.isStandardError(surroundings.environment()) ? new ProgressBar(surroundings.err()) : share -> {};
    }

    private static IParameterExceptionHandler badUsage() {
        return (exception, arguments) -> {
            CommandLine line = exception.getCommandLine();
            PrintWriter err = line.getErr();
            err.println("kubescaler: " + refusal(exception));
            suggest(exception, err);
            err.printf(
                    "`%s --help` shows what it takes.%n", line.getCommandSpec().qualifiedName());
            return ExitStatus.REFUSED;
        };
    }

    private static String refusal(ParameterException exception) {
        if (!(exception instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(exception.getMessage());
        }
        String those = unmatched.getUnmatched().stream().map("'%s'"::formatted).collect(Collectors.joining(", "));
        CommandSpec command = exception.getCommandLine().getCommandSpec();
        if (command.parent() == null) {
            return those + " is no command and no option";
        }
        return "%s %s of `%s`"
                .formatted(
                        those,
                        unmatched.getUnmatched().size() == 1 ? "is no option" : "are no options",
                        command.name());
    }

    private static void suggest(ParameterException exception, PrintWriter err) {
        if (!UnmatchedArgumentException.printSuggestions(exception, err)) {
            LOG.trace("nothing to suggest for {}", exception.getMessage());
        }
    }

    private static IExecutionExceptionHandler failure() {
        return (exception, line, result) -> {
            PrintWriter err = line.getErr();
            if (exception instanceof ConfigurationException || exception instanceof CommandException) {
                err.println("kubescaler: " + exception.getMessage());
                return exception instanceof CommandException command ? command.exitStatus() : ExitStatus.REFUSED;
            }
            LOG.error("a fault of the program's own; please report it with this log", exception);
            return ExitStatus.FAILED;
        };
    }
}
