package io.kubescaler.app.simulate;

import io.kubescaler.control.Leadership;
import io.kubescaler.control.PassListener;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PoolController;
import io.kubescaler.control.PoolController.Ports;
import io.kubescaler.control.PoolController.Timing;
import io.kubescaler.control.PoolJournal;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.model.PoolNotes;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import io.kubescaler.plan.Action;
import io.kubescaler.simulated.CloudSettings;
import io.kubescaler.simulated.ClusterListener;
import io.kubescaler.simulated.DurationRange;
import io.kubescaler.simulated.PassDriver;
import io.kubescaler.simulated.PodSpec;
import io.kubescaler.simulated.Randomness;
import io.kubescaler.simulated.Simulation;
import io.kubescaler.simulated.SimulationClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;

/**
 * One policy over one trace: the production controller on virtual time, a simulated cloud and a simulated cluster. The
 * pool begins with its buffer standing. Run once, by one thread.
 */
final class PolicyRun implements ClusterListener, PassListener {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String POOL = "simulated";
    private static final Map<String, String> LABELS = Map.of("pool", POOL);
    private static final LabelSelector SELECTOR = LabelSelector.parse("pool=" + POOL);
    private static final LabelSelector SERVER = LabelSelector.parse("app=server");
    private static final Resources ONE_SERVER = Resources.cpu(1000).with(Resources.PODS, 1);
    private static final Duration TICK = Duration.ofSeconds(10);
    private static final Duration CLOUD_READ_INTERVAL = Duration.ofSeconds(10);
    private static final int STEPS = 100;
    // the pool is there for servers that come, and its selector is ours: what precedes the first one is no mistake
    private static final PoolNotes SEEN = PoolNotes.NONE.withServersSeen(SERVER.toString());

    private final Trace trace;
    private final Grid.Cell cell;
    private final PoolPolicy policy;
    private final SimulationClock clock = SimulationClock.virtual(START);
    private final Simulation simulation;
    // by the place of the server in the trace; empty while it waits
    private final List<Optional<Duration>> waits;
    private int next;
    private int peakNodes;
    private long passes;
    private long nodesOrdered;
    private long changes;

    private PolicyRun(Trace trace, Grid grid, Grid.Cell cell) {
        this.trace = trace;
        this.cell = cell;
        waits = new ArrayList<>(Collections.nCopies(trace.servers().size(), Optional.empty()));
        policy = new PoolPolicy(
                POOL,
                SELECTOR,
                SERVER,
                List.of(),
                ONE_SERVER,
                cell.buffer(),
                grid.minimum(),
                grid.maximum(),
                cell.expiration(),
                grid.provisioningTimeout(),
                grid.cordonDelay(),
                Set.of(),
                Optional.empty(),
                List.of());
        int standing = (cell.buffer() + grid.slotsPerNode() - 1) / grid.slotsPerNode();
        int initial = Math.min(grid.maximum(), Math.max(grid.minimum(), standing));
        Resources node = Resources.cpu(1000L * grid.slotsPerNode()).with(Resources.PODS, grid.slotsPerNode());
        CloudSettings cloud = CloudSettings.of(POOL, initial, node, LABELS)
                .withTimes(grid.bootTime(), DurationRange.constant(Duration.ZERO));
        simulation = Simulation.open(
                clock, new Randomness(grid.seed()), cloud, PodSelectors.ofServers(SERVER), List.of(), Duration.ZERO);
        peakNodes = initial;
    }

    /**
     * Runs the whole trace.
     *
     * @param progress told now and then what share is done, 0 to 1
     */
    static Outcome of(Trace trace, Grid grid, Grid.Cell cell, DoubleConsumer progress) {
        return new PolicyRun(trace, grid, cell).run(progress);
    }

    private Outcome run(DoubleConsumer progress) {
        PoolController controller = new PoolController(
                policy,
                new Ports(
                        simulation.cluster().forPool(SELECTOR, SERVER),
                        simulation.provider(),
                        Leadership.ALWAYS,
                        PoolJournal.inMemory(SEEN)),
                new Timing(clock.asClock(), clock::nanos, CLOUD_READ_INTERVAL),
                false);
        PassDriver driver = new PassDriver(clock, controller, TICK, List.of(this));
        simulation.cluster().listen(this);
        simulation.cluster().listen(driver);
        driver.start();
        awaitNext();
        Duration length = trace.length();
        for (int step = 1; step <= STEPS; step++) {
            clock.advanceTo(START.plus(length.multipliedBy(step).dividedBy(STEPS)));
            progress.accept((double) step / STEPS);
        }
        return new Outcome(
                cell, allWaits(length), simulation.cloud().machineTime(), peakNodes, passes, nodesOrdered, changes);
    }

    private void awaitNext() {
        if (next < trace.servers().size()) {
            clock.at(START.plus(trace.servers().get(next).start()), this::arrive);
        }
    }

    private void arrive() {
        String name = String.valueOf(next);
        next++;
        simulation.cluster().createPod(PodSpec.server(name, SERVER.requiredLabels(), ONE_SERVER));
        awaitNext();
    }

    @Override
    public void placed(Pod pod, Duration waited) {
        int place = Integer.parseInt(pod.name());
        waits.set(place, Optional.of(waited));
        String key = pod.key();
        trace.servers()
                .get(place)
                .duration()
                .ifPresent(duration ->
                        clock.after(duration, () -> simulation.cluster().deletePod(key, Duration.ZERO)));
    }

    @Override
    public void passed(PassRecord pass) {
        passes++;
        for (PassRecord.Outcome outcome : pass.outcomes()) {
            if (outcome.result() == PassRecord.Result.DONE) {
                count(outcome.action());
            }
        }
        peakNodes = Math.max(peakNodes, simulation.cloud().size());
    }

    private void count(Action action) {
        if (action instanceof Action.Grow grow) {
            nodesOrdered += grow.to() - grow.from();
        } else if (action instanceof Action.Cordon || action instanceof Action.Uncordon) {
            changes++;
        }
    }

    // who never had room waited until the end
    private List<Duration> allWaits(Duration length) {
        return IntStream.range(0, waits.size())
                .mapToObj(place -> waits.get(place)
                        .orElseGet(() -> length.minus(trace.servers().get(place).start())))
                .toList();
    }
}
