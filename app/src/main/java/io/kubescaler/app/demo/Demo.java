package io.kubescaler.app.demo;

import io.kubescaler.app.config.OwnPool;
import io.kubescaler.control.Cluster;
import io.kubescaler.control.Leadership;
import io.kubescaler.control.PassListener;
import io.kubescaler.control.PoolController;
import io.kubescaler.control.PoolController.Ports;
import io.kubescaler.control.PoolController.Timing;
import io.kubescaler.control.PoolJournal;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.model.PoolNotes;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import io.kubescaler.simulated.CloudSettings;
import io.kubescaler.simulated.DurationRange;
import io.kubescaler.simulated.PassDriver;
import io.kubescaler.simulated.PodSpec;
import io.kubescaler.simulated.Randomness;
import io.kubescaler.simulated.Simulation;
import io.kubescaler.simulated.SimulationClock;
import io.kubescaler.simulated.SimulationClock.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * The demonstration itself: a simulated cluster and cloud, users that come and go, and the production controller that
 * keeps the buffer. What happens hangs on the seed alone, not on the speed or the machine that it runs on.
 *
 * <p>Run by one thread; the simulation may be looked at by any.
 */
final class Demo {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Map<String, Object> DEFAULTS = Map.of(
            "node-selector", "pool=demo",
            "server-pod-label-name", "app",
            "server-pod-label-value", "game-server",
            "server-cpu-resource-request", "1000m",
            "server-memory-resource-request", "2Gi",
            "maximum-node-pool-size", 10,
            "empty-node-expiration-sec", 90,
            "provisioning-timeout", "5m",
            // as long beside a day of 20 minutes as the default is beside hours
            "cordon-delay", "2m");

    /** The pool of the demonstration before its user sets anything. */
    static final OwnPool POOL = new OwnPool("demo", "demo", DEFAULTS, OwnPool.KEYS_OF_A_POOL, Map.of());

    // room for four servers of the usual size beside the daemons of a node
    private static final Resources NODE = resources(4300, 15, 110);
    private static final Resources DAEMONS = resources(200, 1, 1);
    private static final PodSpec DAEMON = PodSpec.daemon("node-agent", DAEMONS);
    private static final int INITIAL_SIZE = 2;
    private static final Duration TICK = Duration.ofSeconds(10);
    private static final Duration CLOUD_READ_INTERVAL = Duration.ofSeconds(10);
    private static final Duration READY_AFTER = Duration.ofSeconds(5);

    private final PoolPolicy policy;
    private final Simulation simulation;
    private final DayNightLoad load;
    private final DemoTotals totals;
    private final Cluster cluster;

    /**
     * Makes a demonstration that has not begun.
     *
     * @param seed where everything random comes from
     * @param policy what is asked of its pool, whose selectors match the labels that they require
     */
    Demo(long seed, PoolPolicy policy) {
        this.policy = policy;
        SimulationClock clock = SimulationClock.virtual(START);
        int initial = Math.max(policy.minimum(), Math.min(INITIAL_SIZE, policy.maximum()));
        CloudSettings cloud = CloudSettings.of(
                        policy.pool(), initial, NODE, policy.selector().requiredLabels())
                .withTimes(DurationRange.parse("45s..90s"), DurationRange.parse("10s..20s"));
        LabelSelector server = policy.serverSelector();
        simulation = Simulation.open(
                clock,
                new Randomness(seed),
                cloud,
                new PodSelectors(List.of(server), policy.protectedPods()),
                List.of(DAEMON),
                READY_AFTER);
        cluster = simulation.cluster().forPool(policy.selector(), server);
        load = new DayNightLoad(
                clock,
                simulation.cluster(),
                simulation.randomness(),
                name -> PodSpec.server(name, server.requiredLabels(), policy.slotSize()));
        totals = new DemoTotals(simulation, load);
    }

    /** Returns what is asked of the pool. */
    PoolPolicy policy() {
        return policy;
    }

    /** Returns how many servers a node has room for. */
    long serversPerNode() {
        return NODE.timesFits(policy.slotSize(), DAEMONS);
    }

    /** Returns what has become of everything so far. */
    DemoTotals totals() {
        return totals;
    }

    /** Returns the users. */
    DayNightLoad load() {
        return load;
    }

    /** Returns the cluster and the cloud. */
    Simulation simulation() {
        return simulation;
    }

    /**
     * Runs until that much simulated time has passed, or until it is stopped. Call once.
     *
     * @param simulated how long; empty is until it is stopped
     * @param pace how simulated time goes with real time
     * @param stop ends it when it reaches 0
     * @param listeners told of every pass, in this order
     * @throws InterruptedException when the thread is interrupted
     */
    void run(Optional<Duration> simulated, Pace pace, CountDownLatch stop, List<PassListener> listeners)
            throws InterruptedException {
        SimulationClock clock = simulation.clock();
        // the pool is there for the servers that come: what precedes the first one is no mistyped selector
        PoolNotes seen = PoolNotes.NONE.withServersSeen(policy.serverSelector().toString());
        PoolController controller = new PoolController(
                policy,
                new Ports(cluster, simulation.provider(), Leadership.ALWAYS, PoolJournal.inMemory(seen)),
                new Timing(clock.asClock(), clock::nanos, CLOUD_READ_INTERVAL),
                false);
        List<PassListener> all =
                Stream.concat(Stream.of(totals), listeners.stream()).toList();
        PassDriver driver = new PassDriver(clock, controller, TICK, all);
        simulation.cluster().listen(totals);
        simulation.cluster().listen(driver);
        load.start();
        driver.start();
        // a hundred years is until it is stopped
        clock.run(START.plus(simulated.orElse(Duration.ofDays(36_500))), pace, stop);
    }

    private static Resources resources(long millicores, long gibibytes, long pods) {
        return Resources.of(Map.of(Resources.CPU, millicores, Resources.MEMORY, gibibytes << 30, Resources.PODS, pods));
    }
}
