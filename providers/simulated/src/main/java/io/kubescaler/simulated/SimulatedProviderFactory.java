package io.kubescaler.simulated;

import io.kubescaler.model.Resources;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.Setting;
import io.kubescaler.simulated.SimulationClock.Pace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;

/** Makes providers of clouds in memory, each with a pool of its own that follows the wall clock. */
public final class SimulatedProviderFactory implements NodePoolProviderFactory {
    private static final String INITIAL_SIZE = "initial-size";
    private static final String BOOT_TIME = "boot-time";
    private static final String DELETION_TIME = "deletion-time";
    private static final String STUCK_SHARE = "stuck-share";
    private static final String FAILED_SHARE = "failed-share";
    private static final String QUOTA = "quota";
    private static final String REQUESTS_PER_MINUTE = "requests-per-minute";
    private static final String NODE_CPU = "node-cpu-millicores";
    private static final String NODE_MEMORY = "node-memory-mebibytes";
    private static final String NODE_PODS = "node-pods";
    private static final String SEED = "seed";
    private static final String SPEED = "speed";

    @Override
    public String name() {
        return "simulated";
    }

    @Override
    public String description() {
        return "A cloud in memory, for demonstrations and tests: machines boot, fail and go, and nothing is bought.";
    }

    @Override
    public List<Setting> settings() {
        return List.of(
                Setting.withDefault(INITIAL_SIZE, "2", "Nodes that the pool has at the start; 0 or more."),
                Setting.withDefault(
                        BOOT_TIME, "1m..3m", "How long a machine boots: a duration, or a range such as 1m..10m."),
                Setting.withDefault(
                        DELETION_TIME, "20s", "How long a machine stays after its deletion: a duration or a range."),
                Setting.withDefault(STUCK_SHARE, "0", "Share of machines that never come up; 0 to 1."),
                Setting.withDefault(FAILED_SHARE, "0", "Share of machines that fail while they boot; 0 to 1."),
                Setting.optional(QUOTA, "The most nodes that the cloud gives; no limit when not set."),
                Setting.optional(
                        REQUESTS_PER_MINUTE,
                        "The most requests that the cloud takes in a minute; no limit when not set."),
                Setting.withDefault(NODE_CPU, "4000", "What pods may use of a node's CPU, in millicores."),
                Setting.withDefault(NODE_MEMORY, "16384", "What pods may use of a node's memory, in MiB."),
                Setting.withDefault(NODE_PODS, "110", "The most pods on a node."),
                Setting.withDefault(
                        SEED, "1", "Where all randomness comes from; the same seed gives the same history."),
                Setting.withDefault(SPEED, "1", "Simulated seconds in a real second; above 0."));
    }

    @Override
    public List<Problem> validate(ProviderContext context) {
        Check check = new Check(context);
        if (context.poolName().isBlank()) {
            check.problems.add(new Problem("node-pool-name", "is missing; any name will do, such as demo"));
        }
        read(check);
        return check.problems;
    }

    @Override
    public NodePoolProvider create(ProviderContext context) {
        Check check = new Check(context);
        CloudSettings settings = read(check);
        if (!check.problems.isEmpty()) {
            throw new IllegalArgumentException("not validated: " + check.problems);
        }
        Pace pace = Pace.startingNow(speed(check), System::nanoTime);
        SimulationClock clock = SimulationClock.following(context.clock().instant(), pace);
        SimulatedCloud cloud = new SimulatedCloud(clock, settings, new Randomness(seed(check)));
        return new SimulatedProvider(clock, cloud, context.token(), context.mayWrite());
    }

    private static CloudSettings read(Check check) {
        seed(check);
        speed(check);
        Resources node = Resources.of(Map.of(
                Resources.CPU, (long) check.whole(NODE_CPU, "4000", 1),
                Resources.MEMORY, check.whole(NODE_MEMORY, "16384", 1) * 1024L * 1024L,
                Resources.PODS, (long) check.whole(NODE_PODS, "110", 1)));
        int initialSize = check.whole(INITIAL_SIZE, "2", 0);
        CloudSettings settings = CloudSettings.of(check.context.poolName(), initialSize, node, Map.of())
                .withTimes(
                        check.read(BOOT_TIME, "1m..3m", DurationRange::parse),
                        check.read(DELETION_TIME, "20s", DurationRange::parse));
        double stuck = check.share(STUCK_SHARE);
        double failed = check.share(FAILED_SHARE);
        if (stuck + failed > 1) {
            check.problems.add(new Problem(
                    FAILED_SHARE,
                    "is %s and %s is %s; together they must not be above 1".formatted(failed, STUCK_SHARE, stuck)));
            return settings;
        }
        return settings.withShares(stuck, failed)
                .withLimits(check.limit(QUOTA, initialSize), check.limit(REQUESTS_PER_MINUTE, 1));
    }

    private static long seed(Check check) {
        return check.read(SEED, "1", text -> number(text, Long::valueOf, "a whole number"));
    }

    private static double speed(Check check) {
        return check.read(SPEED, "1", text -> {
            double speed = number(text, Double::valueOf, "a number above 0");
            if (!(speed > 0 && speed <= 1e6)) {
                throw new IllegalArgumentException("'%s' must be above 0 and at most 1000000".formatted(text));
            }
            return speed;
        });
    }

    private static <T> T number(String text, Function<String, T> parser, String what) {
        try {
            return parser.apply(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'%s' is not %s".formatted(text, what), e);
        }
    }

    /** Reads settings, and notes what is wrong with them instead of stopping; a wrong one reads as its default. */
    private static final class Check {
        private final List<Problem> problems = new ArrayList<>();
        private final ProviderContext context;

        Check(ProviderContext context) {
            this.context = context;
        }

        <T> T read(String key, String fallback, Function<String, T> parser) {
            try {
                return parser.apply(context.settings().getOrDefault(key, fallback));
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(key, String.valueOf(e.getMessage())));
                return parser.apply(fallback);
            }
        }

        int whole(String key, String fallback, int least) {
            return read(key, fallback, text -> {
                int value = number(text, Integer::valueOf, "a whole number");
                if (value < least) {
                    throw new IllegalArgumentException("'%s' must be at least %d".formatted(text, least));
                }
                return value;
            });
        }

        double share(String key) {
            return read(key, "0", text -> {
                double share = number(text, Double::valueOf, "a number from 0 to 1");
                if (!(share >= 0 && share <= 1)) {
                    throw new IllegalArgumentException("'%s' must be from 0 to 1".formatted(text));
                }
                return share;
            });
        }

        OptionalInt limit(String key, int least) {
            return context.settings().containsKey(key)
                    ? OptionalInt.of(whole(key, Integer.toString(least), least))
                    : OptionalInt.empty();
        }
    }
}
