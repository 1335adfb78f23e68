package io.kubescaler.app.hostile;

import io.kubescaler.app.config.Election;
import io.kubescaler.app.plugins.GuardedForTests;
import io.kubescaler.control.ClusterException;
import io.kubescaler.control.Leadership;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassSchedule;
import io.kubescaler.control.PoolController;
import io.kubescaler.control.PoolController.Ports;
import io.kubescaler.control.PoolController.Timing;
import io.kubescaler.control.PoolJournal;
import io.kubescaler.kubernetes.lease.SimulatedElection;
import io.kubescaler.kubernetes.pool.SimulatedNodeApi;
import io.kubescaler.kubernetes.pool.SimulatedWatch;
import io.kubescaler.kubernetes.watch.SimulatedFeed;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.TimeBudget;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One process of the scaler, from its start to its end: the production controller, index, elector and schedule, on
 * clocks of its own. For one simulation.
 */
final class Replica implements Turns.Process, SimulatedFeed.Conditions {
    private static final Duration TICK = Duration.ofSeconds(10);
    private static final Duration CLOUD_READ_INTERVAL = Duration.ofSeconds(10);
    private static final Duration NODE_READ = Duration.ofSeconds(15);
    private static final Duration CLOUD_REQUEST = Duration.ofSeconds(5);

    private final World world;
    // the pool, and perhaps a second one
    private final List<PoolPolicy> pools;
    private final int index;
    private final String identity;
    private final SplittableRandom random;
    private final SimulatedWatch watch;
    // empty where production acts without a lease
    private final Optional<SimulatedElection> election;
    private final RecordedCluster cluster;
    private final ReplicaCloud cloud;
    private final Optional<SecondPool> second;
    private final Optional<String> ownNode;
    private final PoolController controller;
    private final PassSchedule schedule;

    private final Duration skew;
    private Duration wallOffset;
    private boolean alive = true;
    private boolean stopping;
    private long frozenUntilNanos;
    private long suspendedNanos;
    private Dying dying = Dying.NOT;
    private boolean idle;
    private Optional<Turns.Task> passTask = Optional.empty();
    private Optional<Turns.Task> electionTask = Optional.empty();

    /** When the process is going to be killed. */
    private enum Dying {
        NOT,
        BEFORE_CHANGE,
        AFTER_CHANGE
    }

    Replica(World world, List<PoolPolicy> pools, int index, int incarnation, Duration wallOffset) {
        this.world = world;
        this.pools = pools;
        this.index = index;
        skew = wallOffset;
        this.wallOffset = wallOffset;
        identity = "replica-%d-%d".formatted(index, incarnation);
        random = world.randomness().stream(identity);
        ownNode = world.homes().of(index, identity);
        watch = new SimulatedWatch(
                world.clock(), world.journals(), pools, this, this::nanoTime, this::wallTime, random.split());
        election =
                world.pods().election(index) instanceof Election.ByLease ? Optional.of(election()) : Optional.empty();
        SimulatedNodeApi requests = new SimulatedNodeApi(
                apiWire(Network.Server.API, NODE_READ, TimeBudget.NODE_WRITE),
                world.cluster(),
                world.journals(),
                PodSelectors.of(pools),
                this::nanoTime,
                new NodeFacts());
        cloud = new ReplicaCloud(world, this, CLOUD_REQUEST);
        cluster = recorded(pools.get(0), requests, cloud::decides);
        Timing timing = new Timing(new WallClock(), this::nanoTime, CLOUD_READ_INTERVAL);
        controller = new PoolController(
                pools.get(0),
                new Ports(
                        cluster,
                        GuardedForTests.guarded(cloud, ReplicaCloud.TOKEN),
                        new Standing(),
                        election.map(it -> it.journal(world.policy().pool())).orElseGet(PoolJournal::inMemory)),
                timing,
                false);
        second = pools.stream()
                .skip(1)
                .findFirst()
                .map(pool ->
                        new SecondPool(world, this, pool, recorded(pool, requests, () -> {}), new Standing(), timing));
        schedule = new PassSchedule(TICK, nanoTime());
    }

    private RecordedCluster recorded(PoolPolicy pool, SimulatedNodeApi requests, Runnable decides) {
        return new RecordedCluster(watch.cluster(pool, requests, ownNode), watch::knownUntilNanos, decides);
    }

    /** Starts the process. */
    void start() {
        world.history()
                .note(identity + " starts"
                        + ownNode.map(node -> " on node " + node).orElse(""));
        watch.onChange(pools.get(0), this::wake);
        watch.start();
        electionTask = election.map(it -> world.turns().spawn(identity + "-lease", this, () -> elect(it)));
        passTask = Optional.of(world.turns().spawn(identity + "-pool", this, this::passes));
        second.ifPresent(pool -> world.turns().spawn(identity + "-second-pool", this, pool::passes));
    }

    int index() {
        return index;
    }

    /** Returns what it is asked of its pool, and of a second one if it has one. */
    List<PoolPolicy> pools() {
        return pools;
    }

    /** Returns the name of the node that it runs on; empty when that is none of the pool's. */
    Optional<String> ownNode() {
        return ownNode;
    }

    String identity() {
        return identity;
    }

    /** Returns what the pool looked like to it in its latest pass. */
    RecordedCluster cluster() {
        return cluster;
    }

    /** Returns what the cloud said to it last. */
    ReplicaCloud cloud() {
        return cloud;
    }

    private final class Standing implements Leadership {
        @Override
        public boolean mayAct() {
            return Replica.this.mayAct();
        }

        @Override
        public String term() {
            return Replica.this.term();
        }
    }

    /** Returns the term in which it leads; empty where it acts without a lease. */
    String term() {
        return election.map(SimulatedElection::term).orElse("");
    }

    boolean mayAct() {
        return alive && !stopping && election.map(SimulatedElection::mayAct).orElse(true);
    }

    /** Returns the time on its wall clock. */
    Instant wallTime() {
        return world.clock().now().plus(wallOffset);
    }

    // ---- what happens to it ----

    /** Ends it at once. */
    void kill(String why) {
        if (alive) {
            alive = false;
            world.history().note("%s is killed: %s".formatted(identity, why));
            passTask.ifPresent(task -> task.wakeAt(world.clock().nanos()));
            electionTask.ifPresent(task -> task.wakeAt(world.clock().nanos()));
            world.ended(this);
        }
    }

    void killBeforeChange() {
        dying = Dying.BEFORE_CHANGE;
    }

    void killAfterChange() {
        dying = Dying.AFTER_CHANGE;
    }

    /** Stops it in good order: the action under way ends, then the lease is given back. */
    void stop() {
        stopping = true;
        controller.stop();
        wake();
    }

    void freeze(Duration duration, boolean clockToo) {
        frozenUntilNanos = world.clock().nanos() + duration.toNanos();
        if (clockToo) {
            // what has passed on the monotonic clock while it stands still is taken off at once: nobody looks meanwhile
            suspendedNanos += duration.toNanos();
        }
    }

    void moveWallClock(Duration by) {
        wallOffset = wallOffset.plus(by);
    }

    /** Sets its wall clock right, but for what it was always wrong by. */
    void setWallClockRight() {
        wallOffset = skew;
    }

    void cutWatches(boolean versionsGone) {
        watch.cut(versionsGone);
    }

    void replayWatches() {
        watch.replay();
    }

    /** A request is about to be sent, which whoever is gone does not do. */
    void requireAlive() {
        if (!alive) {
            throw new Turns.Killed();
        }
    }

    /** A request that changes something is about to be sent. */
    void beforeChange() {
        if (dying == Dying.BEFORE_CHANGE) {
            kill("right before a change");
            throw new Turns.Killed();
        }
    }

    /** What a request changed is done, and its answer is there. */
    void afterChange() {
        if (dying == Dying.AFTER_CHANGE) {
            kill("right after a change");
            throw new Turns.Killed();
        }
    }

    @Override
    public boolean isAlive() {
        return alive;
    }

    @Override
    public long frozenUntilNanos() {
        return frozenUntilNanos;
    }

    @Override
    public boolean away() {
        return world.network().apiIsAway(index);
    }

    @Override
    public boolean silent(SimulatedFeed.Kind kind) {
        return world.network().watchAtWork(Fault.Kind.WATCH_SILENT, index, kind);
    }

    @Override
    public boolean ends(SimulatedFeed.Kind kind) {
        return world.network().watchAtWork(Fault.Kind.WATCH_OPENS_AND_ENDS, index, kind);
    }

    @Override
    public Duration lateness() {
        return world.network()
                .atWork(Fault.Kind.WATCH_LATE, index)
                .map(fault -> Duration.ofMillis(100 + (long) (fault.choice() * 20_000)))
                .orElse(Duration.ofMillis(20));
    }

    // ---- what it does ----

    private SimulatedElection election() {
        return new SimulatedElection(
                world.lease(),
                identity,
                world.policy().pool(),
                apiWire(Network.Server.LEASE, SimulatedElection.requestTimeout(), SimulatedElection.requestTimeout()),
                this::nanoTime,
                this::wallTime);
    }

    private void elect(SimulatedElection election) {
        while (true) {
            boolean failed = false;
            try {
                election.attempt();
            } catch (ClusterException refused) {
                world.history().note("%s: lease: %s".formatted(identity, refused.getMessage()));
                failed = true;
            }
            task(electionTask).sleep(election.pause(failed, random.nextDouble()));
        }
    }

    private void passes() {
        boolean led = false;
        while (!stopping) {
            awaitDue();
            boolean leads = controller.leads();
            if (leads) {
                if (!led) {
                    world.history().note(identity + " leads");
                }
                pass();
            }
            led = leads;
        }
        election.ifPresent(this::giveBack);
        kill("it has stopped");
    }

    private void awaitDue() {
        while (!stopping && schedule.dueAtNanos() > nanoTime()) {
            idle = true;
            task(passTask).sleepUntil(schedule.dueAtNanos() + suspendedNanos);
            idle = false;
        }
        schedule.begin(nanoTime());
    }

    private void pass() {
        PassRecord record = controller.pass();
        if (record.unfinished()) {
            schedule.retry(nanoTime());
        }
        world.passed(this, record);
    }

    private void giveBack(SimulatedElection election) {
        try {
            election.release();
        } catch (ClusterException refused) {
            world.history().note("%s: the lease was not given back: %s".formatted(identity, refused.getMessage()));
        }
    }

    private void wake() {
        schedule.event(nanoTime());
        if (idle) {
            passTask.ifPresent(task -> task.wakeAt(schedule.dueAtNanos() + suspendedNanos));
        }
    }

    private long nanoTime() {
        return world.clock().nanos() - suspendedNanos;
    }

    private static Turns.Task task(Optional<Turns.Task> task) {
        return task.orElseThrow();
    }

    private Wire<ClusterException> apiWire(Network.Server server, Duration readTimeout, Duration changeTimeout) {
        return new Wire<>(world, this, server, readTimeout, changeTimeout, new Wire.Failures<>() {
            @Override
            public ClusterException refused(Fault fault) {
                return new ClusterException(ClusterException.Kind.UNAVAILABLE, "503: etcd is away");
            }

            @Override
            public ClusterException timedOut() {
                return new ClusterException(ClusterException.Kind.UNAVAILABLE, "no answer in time");
            }
        });
    }

    private final class NodeFacts implements SimulatedNodeApi.Listener {
        @Override
        public void nodeRead(String node) {
            world.nodeRead(Replica.this, node);
        }

        @Override
        public void loadRead(String node, NodeLoad load) {
            world.loadRead(Replica.this, node, load);
        }

        @Override
        public void beforeWrite(String node) {
            world.beforeWrite(Replica.this, node);
        }

        @Override
        public void written(Node before, Node after) {
            world.written(Replica.this, before, after);
        }
    }

    /** The wall clock of this process, which may be wrong and may jump. */
    private final class WallClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new IllegalArgumentException("this clock has no zone but UTC");
        }

        @Override
        public Instant instant() {
            return wallTime();
        }
    }
}
