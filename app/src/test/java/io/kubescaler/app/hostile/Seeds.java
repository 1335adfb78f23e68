package io.kubescaler.app.hostile;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.slf4j.LoggerFactory;

/**
 * Runs the histories of many seeds, as many at once as there are processors. Each is replayed by its seed alone; of the
 * first that violate an invariant, the faults that they do not need are left out before they are told.
 */
final class Seeds {
    // trying a history again for each of its faults takes long
    private static final int MOST_MADE_SMALL = 3;

    private final PrintStream out;
    private int madeSmall;

    /**
     * What became of all histories together.
     *
     * @param seeds how many there were
     * @param ticks the passes of all replicas in all of them
     * @param violations how many seeds violated an invariant
     * @param acts what was done in them
     * @param digest a digest of all that happened
     */
    record Total(long seeds, long ticks, long violations, World.Acts acts, String digest) {
        @Override
        public String toString() {
            return "seeds=%d ticks=%d violations=%d".formatted(seeds, ticks, violations);
        }
    }

    private record One(long seed, List<String> violations, long ticks, World.Acts acts, String digest) {
        static One of(long seed, World.Result result) {
            return new One(seed, result.violations(), result.passes(), result.acts(), result.digest());
        }
    }

    Seeds(PrintStream out) {
        this.out = out;
    }

    /** Runs so many seeds, from the first on, and tells of each violation. */
    Total run(long first, long count) throws InterruptedException {
        Logger log = (Logger) LoggerFactory.getLogger("io.kubescaler");
        Level before = log.getLevel();
        // every fault would be logged
        log.setLevel(Level.OFF);
        try {
            return runQuietly(first, count);
        } finally {
            log.setLevel(before);
        }
    }

    private Total runQuietly(long first, long count) throws InterruptedException {
        ExecutorService workers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<Future<One>> running = new ArrayList<>();
            for (long seed = first; seed < first + count; seed++) {
                long one = seed;
                running.add(workers.submit(() -> One.of(one, outcome(Scenario.of(one)))));
            }
            Total total = new Total(0, 0, 0, World.Acts.NONE, "");
            for (Future<One> future : running) {
                total = plus(total, future.get());
            }
            out.println("what went wrong in them: " + faults(first, count));
            World.Acts acts = total.acts();
            out.printf(
                    Locale.ROOT,
                    "done by the scaler: %,d grows, %,d deletions, %,d cordons, %,d uncordons; pods that came to a node"
                            + " behind the last look: %d%n",
                    acts.grows(),
                    acts.deletions(),
                    acts.cordons(),
                    acts.uncordons(),
                    acts.unavoidable());
            out.println("digest of all histories: " + total.digest());
            out.println(total);
            return total;
        } catch (ExecutionException defect) {
            throw new IllegalStateException("the simulation itself failed", defect.getCause());
        } finally {
            workers.shutdownNow();
        }
    }

    /** Returns how often each kind of fault is in those histories. */
    private static String faults(long first, long count) {
        Map<Fault.Kind, Long> counts = LongStream.range(first, first + count)
                .boxed()
                .flatMap(seed -> Scenario.of(seed).faults().stream())
                .collect(Collectors.groupingBy(
                        Fault::kind, () -> new EnumMap<>(Fault.Kind.class), Collectors.counting()));
        return counts.entrySet().stream()
                .map(entry -> "%s %d".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private Total plus(Total total, One one) {
        boolean violated = !one.violations().isEmpty();
        if (violated) {
            tell(one);
        }
        Total sum = new Total(
                total.seeds() + 1,
                total.ticks() + one.ticks(),
                total.violations() + (violated ? 1 : 0),
                total.acts().plus(one.acts()),
                History.digest(List.of(total.digest(), one.digest())));
        if (sum.seeds() % 500 == 0) {
            out.println("... " + sum);
        }
        return sum;
    }

    private void tell(One one) {
        out.printf("seed %d violates:%n  %s%n", one.seed(), String.join("\n  ", one.violations()));
        if (madeSmall < MOST_MADE_SMALL) {
            madeSmall++;
            out.printf(
                    "of its faults it takes: %s%n",
                    smallest(Scenario.of(one.seed())).faults().stream()
                            .map(Fault::toString)
                            .collect(Collectors.joining("; ")));
        }
        out.printf("replay it: mvn -B -q -Phostile test -Dseed=%d%n", one.seed());
    }

    /** Returns the history with the faults left out that its violation does not need, each tried once. */
    private static Scenario smallest(Scenario scenario) {
        return smallest(scenario, tried -> !outcome(tried).violations().isEmpty());
    }

    static Scenario smallest(Scenario scenario, Predicate<Scenario> violates) {
        Scenario small = scenario;
        for (Fault fault : scenario.faults()) {
            List<Fault> fewer = new ArrayList<>(small.faults());
            fewer.remove(fault);
            Scenario without = small.withFaults(fewer);
            if (violates.test(without)) {
                small = without;
            }
        }
        return small;
    }

    // a defect of the code under test, or of the simulation, counts as a violation of its own
    private static World.Result outcome(Scenario scenario) {
        try {
            return World.run(scenario);
        } catch (RuntimeException defect) {
            Throwable cause = defect.getCause() == null ? defect : defect.getCause();
            return new World.Result(List.of("defect: " + cause), 0, World.Acts.NONE, "", List.of());
        }
    }

    /**
     * Runs as many seeds as the system property {@code seeds} says, from 1 on; or, with {@code seed}, that one alone, and
     * prints its history made small. Ends with exit status 1 on a violation.
     */
    public static void main(String[] arguments) throws InterruptedException {
        long seed = Long.getLong("seed", 0);
        if (seed > 0) {
            Scenario scenario = Scenario.of(seed);
            boolean violates = !outcome(scenario).violations().isEmpty();
            outcome(violates ? smallest(scenario) : scenario).lines().forEach(System.out::println);
        }
        Total total = new Seeds(System.out).run(Math.max(1, seed), seed > 0 ? 1 : Long.getLong("seeds", 1000));
        System.exit(total.violations() > 0 ? 1 : 0);
    }
}
