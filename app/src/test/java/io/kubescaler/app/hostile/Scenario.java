package io.kubescaler.app.hostile;

import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import io.kubescaler.simulated.CloudSettings;
import io.kubescaler.simulated.DurationRange;
import io.kubescaler.simulated.PodSpec;
import io.kubescaler.simulated.Randomness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What happens in one history before the scaler does anything about it: all of it follows from the seed. Immutable.
 *
 * @param seed the seed
 * @param policy what is asked of the pool
 * @param cloud how the cloud behaves
 * @param load how servers come and go
 * @param replicas how many scalers share the lease
 * @param onThePool whether the scalers run on nodes of the pool
 * @param faults what goes wrong, in the order of its beginning
 * @param trouble how long servers come and go and things go wrong; after that nobody disturbs the scaler
 */
record Scenario(
        long seed,
        PoolPolicy policy,
        CloudSettings cloud,
        Load load,
        int replicas,
        boolean onThePool,
        List<Fault> faults,
        Duration trouble) {
    static final LabelSelector SERVER = LabelSelector.parse("app in (server, match)");
    // a letter is missing in each of both
    static final LabelSelector MISTYPED = LabelSelector.parse("app in (sever, mach)");
    static final LabelSelector PROTECTED = LabelSelector.parse("tier=lobby");
    static final PodSelectors PODS = new PodSelectors(List.of(SERVER), List.of(PROTECTED));
    static final LabelSelector SELECTOR = LabelSelector.parse("pool=hostile");
    static final String STARTUP_TAINT = "example.com/starting";
    static final int SLOTS_PER_NODE = 4;
    static final Resources ONE_SERVER = resources(1000, 2, 1);
    // room for four servers beside the daemons of a node, and for most of a fifth
    static final Resources NODE = resources(4900, 15, 110);
    static final Resources DAEMON = resources(200, 1, 1);
    static final Duration PROVISIONING_TIMEOUT = Duration.ofMinutes(15);

    Scenario {
        faults = List.copyOf(faults);
    }

    /** How servers come. */
    enum Arrivals {
        STEADY,
        DAILY,
        STEP_OF_THREE_TIMES,
        BURSTS,
        HEAVY_TAILS
    }

    /**
     * How servers come and go.
     *
     * @param arrivals their pattern
     * @param everySeconds the mean time between two arrivals
     * @param lifetimeSeconds the usual lifetime
     * @param longLivedShare the share of servers that live fifty times as long
     * @param oddShare the share of servers that are larger than a slot, or for nodes that the pool has not got
     */
    record Load(
            Arrivals arrivals, double everySeconds, double lifetimeSeconds, double longLivedShare, double oddShare) {}

    /** Draws the history of a seed. */
    static Scenario of(long seed) {
        Randomness randomness = new Randomness(seed);
        SplittableRandom random = randomness.stream("scenario");
        int minimum = random.nextInt(4);
        int maximum = Math.max(2, minimum) + 2 + random.nextInt(9);
        Duration trouble = Duration.ofMinutes(20 + random.nextInt(50));
        PoolPolicy policy = new PoolPolicy(
                "hostile",
                SELECTOR,
                SERVER,
                List.of(PROTECTED),
                ONE_SERVER,
                random.nextInt(9),
                minimum,
                maximum,
                one(random, 0, 30, 120, 600),
                PROVISIONING_TIMEOUT,
                one(random, 0, 0, 15, 60),
                Set.of(STARTUP_TAINT),
                Optional.empty(),
                List.of());
        return new Scenario(
                seed,
                policy,
                cloud(random, minimum, maximum),
                load(random),
                1 + random.nextInt(2),
                randomness.stream("homes").nextInt(3) == 0,
                faults(randomness, trouble),
                trouble);
    }

    /** A history of one replica in which nobody comes and nothing goes wrong; from 3 nodes, of 2 to 5, 1 is not needed. */
    static Scenario uneventful() {
        PoolPolicy policy = new PoolPolicy(
                "hostile",
                SELECTOR,
                SERVER,
                List.of(PROTECTED),
                ONE_SERVER,
                SLOTS_PER_NODE,
                2,
                5,
                Duration.ofMinutes(2),
                PROVISIONING_TIMEOUT,
                Duration.ZERO,
                Set.of(STARTUP_TAINT),
                Optional.empty(),
                List.of());
        return new Scenario(
                1,
                policy,
                CloudSettings.of("hostile", 3, NODE, Map.of("pool", "hostile")),
                new Load(Arrivals.STEADY, 1e9, 60, 0, 0),
                1,
                false,
                List.of(),
                Duration.ofMinutes(20));
    }

    /** Returns this history with its scalers on nodes of the pool. */
    Scenario movedOntoThePool() {
        return new Scenario(seed, policy, cloud, load, replicas, true, faults, trouble);
    }

    /** Returns what is asked of the pool by somebody who has mistyped the server selector. */
    PoolPolicy mistypedPolicy() {
        return new PoolPolicy(
                policy.pool(),
                policy.selector(),
                MISTYPED,
                policy.protectedPods(),
                policy.slotSize(),
                policy.buffer(),
                policy.minimum(),
                policy.maximum(),
                policy.emptyNodeExpiration(),
                policy.provisioningTimeout(),
                policy.cordonDelay(),
                policy.startupTaints(),
                policy.nodeAllocatable(),
                List.of());
    }

    /** Returns a server of the usual size. */
    static PodSpec server(String name) {
        return PodSpec.server(name, labelsOf(name), ONE_SERVER);
    }

    /** Returns the labels of a server; every third carries the other value. */
    static Map<String, String> labelsOf(String name) {
        return Map.of("app", name.hashCode() % 3 == 0 ? "match" : "server");
    }

    /** Returns this history with other faults. */
    Scenario withFaults(List<Fault> others) {
        return new Scenario(seed, policy, cloud, load, replicas, onThePool, others, trouble);
    }

    private static CloudSettings cloud(SplittableRandom random, int minimum, int maximum) {
        List<String> boots = List.of("1m", "4m", "10m", "1m..10m", "30s..2m");
        boolean unreliable = random.nextInt(3) == 0;
        boolean limited = random.nextInt(4) == 0;
        int initial = minimum + random.nextInt(3);
        return CloudSettings.of("hostile", initial, NODE, Map.of("pool", "hostile"))
                .withTimes(DurationRange.parse(boots.get(random.nextInt(boots.size()))), DurationRange.parse("0s..90s"))
                .withShares(unreliable ? random.nextDouble(0.3) : 0, unreliable ? random.nextDouble(0.3) : 0)
                .withLimits(
                        limited ? OptionalInt.of(Math.max(initial, maximum - 1)) : OptionalInt.empty(),
                        random.nextInt(4) == 0 ? OptionalInt.of(30) : OptionalInt.empty());
    }

    private static Load load(SplittableRandom random) {
        Arrivals[] patterns = Arrivals.values();
        // from minutes to days, of which some only ever end after the history
        double lifetime = 60 * Math.pow(10, random.nextDouble(2.2));
        // about as many at once as half a pool takes
        double every = lifetime / (2 + random.nextDouble(16));
        return new Load(
                patterns[random.nextInt(patterns.length)],
                Math.max(5, every),
                lifetime,
                random.nextInt(3) == 0 ? random.nextDouble(0.3) : 0,
                random.nextInt(3) == 0 ? random.nextDouble(0.4) : 0);
    }

    private static List<Fault> faults(Randomness randomness, Duration trouble) {
        List<Fault> faults = new ArrayList<>();
        SplittableRandom random = randomness.stream("faults");
        Fault.Kind[] kinds = Arrays.stream(Fault.Kind.values())
                .filter(kind -> kind != Fault.Kind.POOLS_OVERLAP && kind != Fault.Kind.NODES_LACK_PROVIDER_IDS)
                .toArray(Fault.Kind[]::new);
        int count = random.nextInt(25);
        for (int i = 0; i < count; i++) {
            faults.add(new Fault(
                    Duration.ofMillis(random.nextLong(trouble.toMillis())),
                    // most last for a moment, some for long
                    Duration.ofMillis((long) (1000 * Math.pow(10, random.nextDouble(2.9)))),
                    kinds[random.nextInt(kinds.length)],
                    random.nextInt(2),
                    random.nextDouble()));
        }
        inFew(randomness.stream("overlap"), trouble, 5, Fault.Kind.POOLS_OVERLAP)
                .ifPresent(faults::add);
        inFew(randomness.stream("identities"), trouble, 40, Fault.Kind.NODES_LACK_PROVIDER_IDS)
                .ifPresent(faults::add);
        faults.sort(Comparator.comparing(Fault::at));
        return faults;
    }

    // once at most, and in few histories: while it lasts, hardly a machine is deleted
    private static Optional<Fault> inFew(SplittableRandom random, Duration trouble, int leastMinutes, Fault.Kind kind) {
        return random.nextInt(6) > 0
                ? Optional.empty()
                : Optional.of(new Fault(
                        Duration.ofMillis(random.nextLong(trouble.toMillis())),
                        Duration.ofMinutes(leastMinutes + random.nextInt(20)),
                        kind,
                        0,
                        random.nextDouble()));
    }

    private static Duration one(SplittableRandom random, long... seconds) {
        return Duration.ofSeconds(seconds[random.nextInt(seconds.length)]);
    }

    static Resources resources(long millicores, long gibibytes, long pods) {
        return Resources.of(Map.of(Resources.CPU, millicores, Resources.MEMORY, gibibytes << 30, Resources.PODS, pods));
    }
}
