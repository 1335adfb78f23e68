package io.kubescaler.bench;

import io.kubescaler.bench.chart.ChartCommand;
import io.kubescaler.bench.load.LoadCommand;
import io.kubescaler.bench.trace.TraceCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** The benchmarks as commands. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures Kubescaler.",
        subcommands = {Bench.Jmh.class, LoadCommand.class, ChartCommand.class, TraceCommand.class})
public final class Bench {
    /** Runs the benchmarks; ends the process with their exit status. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Command(
            name = "jmh",
            description = "The benchmarks of JMH, with JMH's own arguments, such as: jmh PassBenchmark -prof gc")
    static final class Jmh implements Callable<Integer> {
        @Unmatched
        private List<String> arguments = new ArrayList<>();

        @Override
        public Integer call() throws Exception {
            Main.main(arguments.toArray(String[]::new));
            return 0;
        }
    }
}
