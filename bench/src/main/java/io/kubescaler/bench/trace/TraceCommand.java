package io.kubescaler.bench.trace;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code trace}: writes a trace for {@code kubescaler simulate}. Servers come by chance at a steady rate and stay for
 * times that are distributed exponentially; so many of them run already when it begins, so that there is no beginning.
 */
@Command(
        name = "trace",
        mixinStandardHelpOptions = true,
        description = "Writes a trace of servers that come and go by chance, so many at once, for kubescaler simulate.")
public final class TraceCommand implements Callable<Integer> {
    private static final long SECONDS_PER_HOUR = 3600;
    private static final long SECONDS_PER_DAY = 86_400;

    @Option(
            names = "--at-once",
            defaultValue = "1000",
            description = "servers that run at once, on average (default ${DEFAULT-VALUE})")
    private int atOnce;

    @Option(names = "--hours", defaultValue = "8", description = "hours for which a server runs, on average")
    private double hours;

    @Option(names = "--days", defaultValue = "30", description = "length of the trace (default ${DEFAULT-VALUE})")
    private int days;

    @Option(names = "--seed", defaultValue = "1", description = "the same seed makes the same trace")
    private long seed;

    @Option(names = "--out", required = true, description = "the trace")
    private Path out = Path.of("");

    @Override
    public Integer call() throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        double meanSeconds = hours * SECONDS_PER_HOUR;
        long end = days * SECONDS_PER_DAY;
        try (BufferedWriter trace = Files.newBufferedWriter(out)) {
            trace.write("start_seconds,duration_seconds\n");
            for (int i = 0; i < atOnce; i++) {
                write(trace, 0, exponential(random, meanSeconds), end);
            }
            double start = exponential(random, meanSeconds / atOnce);
            while (start < end) {
                write(trace, start, exponential(random, meanSeconds), end);
                start += exponential(random, meanSeconds / atOnce);
            }
        }
        return 0;
    }

    private static double exponential(SplittableRandom random, double mean) {
        return -mean * Math.log1p(-random.nextDouble());
    }

    // what is left at the end of the trace ends with it
    private static void write(BufferedWriter trace, double start, double duration, long end) throws IOException {
        long from = (long) start;
        trace.write("%d,%d\n".formatted(from, Math.min(1 + (long) duration, end - from)));
    }
}
