package io.kubescaler.app.simulate;

import io.kubescaler.app.config.ConfigurationException;
import io.kubescaler.app.config.OwnPool;
import io.kubescaler.app.options.TimeConverter;
import io.kubescaler.app.output.Documents;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.simulated.DurationDistribution;
import io.kubescaler.simulated.DurationRange;
import io.kubescaler.simulated.MeasuredDurations;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.DoubleConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Replays a trace of servers against a grid of policies. */
@Command(
        name = "simulate",
        description = {
            "Replays a trace of servers against policies and tells how long servers wait and what it costs.",
            "Runs the scaler itself, on virtual time; the same input and seed give the same result.",
            "What no option gives is taken from --set and --config: cordon-delay, provisioning-timeout, buffer-slot-size,",
            "empty-node-expiration-sec, minimum-node-pool-size and maximum-node-pool-size."
        })
public final class SimulateCommand implements Callable<Integer> {
    private static final int MOST_SLOTS_PER_NODE = 10_000;
    private static final int MOST_BUFFER = 1_000_000;
    private static final int MOST_NODES = 100_000;

    private static final String BUFFER = "buffer-slot-size";
    private static final String EXPIRATION = "empty-node-expiration-sec";
    private static final String MINIMUM = "minimum-node-pool-size";
    private static final String MAXIMUM = "maximum-node-pool-size";
    // what a pool must have and a simulation makes up by itself
    private static final Map<String, Object> DEFAULTS = Map.of(
            "node-selector", "pool=simulated",
            "server-pod-label-name", "app",
            "server-pod-label-value", "server",
            "server-cpu-resource-request", "1000m");

    private final PrintWriter out;
    private final DoubleConsumer progress;
    private final OwnPool.Reader pools;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--servers",
            paramLabel = "FILE",
            required = true,
            description = "the trace: CSV with the columns start_seconds,duration_seconds; no duration is still running"
                    + " at the end")
    private Path servers = Path.of("");

    @Option(
            names = "--slots-per-node",
            paramLabel = "NUMBER",
            required = true,
            description = "servers that a node takes")
    private int slotsPerNode;

    @Option(
            names = "--boot-time",
            paramLabel = "TIME|RANGE|FILE",
            required = true,
            description =
                    "from the order of a machine until its node is Ready: 4m, 1m..10m, or a file of measured seconds")
    private String bootTime = "";

    @Option(
            names = "--buffer",
            paramLabel = "NUMBER",
            split = ",",
            defaultValue = "4",
            description = "slots that are to stand free; several make a grid (${DEFAULT-VALUE})")
    private List<Integer> buffers = List.of();

    @Option(
            names = "--expiration",
            paramLabel = "TIME",
            split = ",",
            defaultValue = "120s",
            converter = TimeConverter.class,
            description = "how long an empty node is kept; several make a grid (${DEFAULT-VALUE})")
    private List<Duration> expirations = List.of();

    @Option(
            names = "--minimum",
            paramLabel = "NUMBER",
            defaultValue = "0",
            description = "the fewest nodes (${DEFAULT-VALUE})")
    private int minimum;

    @Option(
            names = "--maximum",
            paramLabel = "NUMBER",
            defaultValue = "500",
            description = "the most nodes (${DEFAULT-VALUE})")
    private int maximum;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "where all randomness comes from (${DEFAULT-VALUE})")
    private long seed;

    @Option(
            names = "--price-per-hour",
            paramLabel = "AMOUNT",
            description = "what a node costs in an hour; adds the cost")
    private Optional<Double> price = Optional.empty();

    @Option(
            names = "--output",
            paramLabel = "table|json",
            defaultValue = "table",
            description = "how the result is shown: ${COMPLETION-CANDIDATES}; json is one document and nothing else")
    private Output output = Output.table;

    /** The forms of the result, spelled as users type them. */
    enum Output {
        /** For people. */
        table,
        /** For programs. */
        json
    }

    /**
     * @param out where the result goes
     * @param progress told now and then what share is done, 0 to 1
     * @param pools reads the policy, as far as no option gives it
     */
    public SimulateCommand(PrintWriter out, DoubleConsumer progress, OwnPool.Reader pools) {
        this.out = out;
        this.progress = progress;
        this.pools = pools;
    }

    @Override
    public Integer call() throws ConfigurationException, InterruptedException {
        within("--slots-per-node", slotsPerNode, 1, MOST_SLOTS_PER_NODE);
        buffers.forEach(buffer -> within("--buffer", buffer, 0, MOST_BUFFER));
        within("--maximum", maximum, 1, MOST_NODES);
        within("--minimum", minimum, 0, isGiven("--maximum") ? maximum : MOST_NODES);
        price.filter(perHour -> !(perHour >= 0 && perHour <= 1e6)).ifPresent(perHour -> {
            throw refused("--price-per-hour %s: write an amount from 0 to 1000000".formatted(perHour));
        });
        Grid grid = grid(pools.read(pool()));
        Trace trace = trace();
        List<Outcome> outcomes = new Replay(trace, grid, progress).run();
        if (output == Output.json) {
            Documents.write(out, ReplayJson.document(trace, grid, outcomes));
        } else {
            ReplayTable.write(out, trace, grid, outcomes);
        }
        return 0;
    }

    private Grid grid(PoolPolicy policy) {
        within(MAXIMUM, policy.maximum(), 1, MOST_NODES);
        within(BUFFER, policy.buffer(), 0, MOST_BUFFER);
        return new Grid(
                slotsPerNode,
                bootTime(policy.provisioningTimeout()),
                isGiven("--buffer") ? buffers : List.of(policy.buffer()),
                isGiven("--expiration") ? expirations : List.of(policy.emptyNodeExpiration()),
                policy.minimum(),
                policy.maximum(),
                policy.provisioningTimeout(),
                policy.cordonDelay(),
                seed,
                price.map(OptionalDouble::of).orElse(OptionalDouble.empty()));
    }

    /** Returns the pool that is simulated, of which an option that is given sets a key for good. */
    private OwnPool pool() {
        Map<String, OwnPool.Given> given = new HashMap<>();
        Map<String, Object> defaults = new HashMap<>(DEFAULTS);
        key(BUFFER, "--buffer", buffers.get(0), given, defaults);
        key(EXPIRATION, "--expiration", expirations.get(0).toSeconds(), given, defaults);
        key(MINIMUM, "--minimum", minimum, given, defaults);
        key(MAXIMUM, "--maximum", maximum, given, defaults);
        Set<String> settable =
                new HashSet<>(List.of(BUFFER, EXPIRATION, MINIMUM, MAXIMUM, "provisioning-timeout", "cordon-delay"));
        settable.removeAll(given.keySet());
        return new OwnPool("simulate", "simulated", defaults, settable, given);
    }

    private void key(
            String key, String option, Object value, Map<String, OwnPool.Given> given, Map<String, Object> defaults) {
        defaults.put(key, value);
        if (isGiven(option)) {
            given.put(key, new OwnPool.Given(option, value));
        }
    }

    private boolean isGiven(String option) {
        return spec.commandLine().getParseResult().hasMatchedOption(option);
    }

    private Trace trace() {
        try {
            return TraceReader.read(servers);
        } catch (IOException unreadable) {
            throw refused("--servers: " + unreadable.getMessage());
        }
    }

    private DurationDistribution bootTime(Duration provisioningTimeout) {
        DurationDistribution distribution = distribution();
        if (distribution.shortest().compareTo(provisioningTimeout) >= 0) {
            throw refused(
                    "--boot-time %s: no machine would come within %d s, after which the scaler gives one up; raise"
                                    .formatted(bootTime, provisioningTimeout.toSeconds())
                            + " provisioning-timeout");
        }
        return distribution;
    }

    private DurationDistribution distribution() {
        try {
            if (Files.isRegularFile(Path.of(bootTime))) {
                return new MeasuredDurations(TraceReader.readTimes(Path.of(bootTime)));
            }
            return DurationRange.parse(bootTime);
        } catch (IOException | IllegalArgumentException unread) {
            throw refused("--boot-time: %s; or give a file of measured seconds".formatted(unread.getMessage()));
        }
    }

    private void within(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw refused("%s %d: it must be from %d to %d".formatted(option, value, least, most));
        }
    }

    private ParameterException refused(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
