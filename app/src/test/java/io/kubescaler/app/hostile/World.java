package io.kubescaler.app.hostile;

import io.kubescaler.app.config.Election;
import io.kubescaler.control.PassRecord;
import io.kubescaler.kubernetes.lease.SimulatedElection;
import io.kubescaler.kubernetes.pool.SimulatedWatch;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.plan.Condition;
import io.kubescaler.simulated.ClusterListener;
import io.kubescaler.simulated.NodeSpec;
import io.kubescaler.simulated.PodDeath;
import io.kubescaler.simulated.PodSpec;
import io.kubescaler.simulated.Randomness;
import io.kubescaler.simulated.SimulatedCloud;
import io.kubescaler.simulated.SimulatedCluster;
import io.kubescaler.simulated.Simulation;
import io.kubescaler.simulated.SimulationClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** One history: a cluster, a cloud, replicas of the scaler and those who watch over the invariants. Run once. */
final class World implements ClusterListener {
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final PodSpec DAEMON = PodSpec.daemon("node-agent", Scenario.DAEMON);
    static final Duration READY_AFTER = Duration.ofSeconds(5);
    private static final Duration JOINING = Duration.ofSeconds(1);
    private static final Duration RESTART_AFTER = Duration.ofSeconds(5);
    // longer than the longest pause of growth, the provisioning timeout and a boot after each other
    private static final Duration MOST_CALM = Duration.ofHours(3);
    // longer than the provisioning timeout, which a new term waits out once more
    private static final Duration STILL = Duration.ofMinutes(17);
    // a hundred times as many as usual
    private static final int MOST_PASSES = 60_000;
    private static final Duration STEP = Duration.ofMinutes(1);

    private final Scenario scenario;
    private final SimulationClock clock;
    private final Simulation simulation;
    private final Turns turns;
    private final History history;
    private final Network network;
    private final SimulatedWatch.Journals journals;
    private final SimulatedElection.SharedLease lease = new SimulatedElection.SharedLease();
    private final PodTemplate pods = new PodTemplate();
    private final List<Replica> replicas = new ArrayList<>();
    private final List<Watcher> watchers;
    private final Trouble trouble;
    private final Users users;
    private final Homes homes = new Homes(this);
    private final Map<String, Long> unseenSinceNanos = new HashMap<>();
    private final Set<String> saidToHaveFailed = new HashSet<>();
    // uids of all nodes that there ever were
    private final Set<String> joined = new HashSet<>();
    private Optional<String> undeletable = Optional.empty();
    private boolean calm;
    private boolean over;
    private boolean carriesOutLate;
    private Configuration configuration = Configuration.RIGHT;
    private Condition lastCondition = Condition.OK;
    private int incarnations;
    private long passes;
    private long lastActNanos;
    private Acts acts = Acts.NONE;

    /**
     * What became of a history.
     *
     * @param violations what happened that must never happen; empty for a clean history
     * @param passes how many passes all replicas made together
     * @param acts what the replicas did
     * @param digest a digest of all that happened
     * @param lines all that happened
     */
    record Result(List<String> violations, long passes, Acts acts, String digest, List<String> lines) {}

    /**
     * What replicas did.
     *
     * @param unavoidable pods that died on a node of ours because somebody put them there behind the last look
     */
    record Acts(long cordons, long uncordons, long grows, long deletions, long unavoidable) {
        static final Acts NONE = new Acts(0, 0, 0, 0, 0);

        Acts plus(Acts other) {
            return new Acts(
                    cordons + other.cordons,
                    uncordons + other.uncordons,
                    grows + other.grows,
                    deletions + other.deletions,
                    unavoidable + other.unavoidable);
        }
    }

    /** Makes a world in which nothing has happened yet. */
    World(Scenario scenario) {
        this.scenario = scenario;
        clock = SimulationClock.virtual(START);
        simulation = Simulation.open(
                clock, new Randomness(scenario.seed()), scenario.cloud(), Scenario.PODS, List.of(DAEMON), READY_AFTER);
        journals = new SimulatedWatch.Journals(clock);
        turns = new Turns(clock);
        history = new History(clock);
        network = new Network(randomness().stream("network"));
        watchers = Watcher.all(this);
        trouble = new Trouble(this);
        users = new Users(this);
    }

    /** Lets a history happen, from its start until the pool has come to rest. */
    static Result run(Scenario scenario) {
        World world = new World(scenario);
        try {
            world.happen();
        } finally {
            world.end();
        }
        return new Result(
                List.copyOf(world.history.violations()),
                world.passes,
                world.acts.plus(new Acts(0, 0, 0, 0, Watcher.unavoidable(world.watchers))),
                world.history.digest(),
                List.copyOf(world.history.lines()));
    }

    /** Starts the replicas, and has their users come. */
    void begin() {
        cluster().listen(journals);
        cluster().listen(this);
        cluster().listen(homes);
        for (int i = 0; i < scenario.replicas(); i++) {
            startReplica(i);
        }
        users.start();
    }

    private void happen() {
        begin();
        scenario.faults().forEach(fault -> clock.at(START.plus(fault.at()), () -> trouble.begin(fault)));
        turns.runUntil(scenario.trouble().toNanos());
        calm = true;
        history.note("calm: nobody comes, nobody goes and nothing fails from now on");
        users.stop();
        trouble.endAll();
        comeToRest();
        watchers.forEach(Watcher::atRest);
    }

    private void comeToRest() {
        long deadline = clock.nanos() + MOST_CALM.toNanos();
        lastActNanos = clock.nanos();
        while (clock.nanos() < deadline
                && clock.nanos() - lastActNanos < stillFor().toNanos()) {
            turns.runUntil(clock.nanos() + STEP.toNanos());
        }
        if (clock.nanos() - lastActNanos < stillFor().toNanos()) {
            history.violation("convergence", "%d h after all calmed down it still acts".formatted(MOST_CALM.toHours()));
        }
    }

    // a pause of growth, or a machine that never came, may lie between two acts
    private Duration stillFor() {
        return STILL.plus(Duration.ofMinutes(30)).plus(scenario.policy().emptyNodeExpiration());
    }

    /** Ends every replica. */
    void end() {
        over = true;
        List.copyOf(replicas).forEach(replica -> replica.kill("the history ends"));
        turns.close();
    }

    // ---- replicas ----

    private void startReplica(int index) {
        if (pods.election(index) instanceof Election.Impossible impossible) {
            history.note("replica %d does not start: leader-election.namespace %s".formatted(index, impossible.why()));
            startLater(index);
            return;
        }
        incarnations++;
        // a good clock is a few milliseconds wrong, a bad one minutes
        long skewMillis = randomness().stream("skew-" + incarnations).nextLong(-120_000, 120_000);
        Duration skew = Duration.ofMillis(incarnations % 2 == 0 ? skewMillis : skewMillis / 10_000);
        Replica replica = new Replica(this, configuration.pools(scenario), index, incarnations, skew);
        replicas.add(replica);
        replica.start();
    }

    /** A replica is gone; another one starts in its place a moment later. */
    void ended(Replica replica) {
        replicas.remove(replica);
        startLater(replica.index());
    }

    private void startLater(int index) {
        if (!over) {
            clock.after(RESTART_AFTER, () -> startReplica(index));
        }
    }

    /** Has all replicas start anew, and be configured otherwise. */
    void configure(UnaryOperator<Configuration> change, String what) {
        configuration = change.apply(configuration);
        replicas().forEach(replica -> replica.kill("from now on " + what));
    }

    /** Returns how the pool stood by the last pass of any replica. */
    Condition lastCondition() {
        return lastCondition;
    }

    /** Returns the replica of that number that runs now; empty when none does. */
    Optional<Replica> replica(int index) {
        return replicas.stream().filter(replica -> replica.index() == index).findFirst();
    }

    List<Replica> replicas() {
        return List.copyOf(replicas);
    }

    List<Watcher> watchers() {
        return watchers;
    }

    // ---- what is told to the watchers ----

    void nodeRead(Replica replica, String node) {
        watchers.forEach(watcher -> watcher.nodeRead(replica, node));
    }

    void loadRead(Replica replica, String node, NodeLoad load) {
        watchers.forEach(watcher -> watcher.loadRead(replica, node, load));
    }

    /** A write is about to reach the API server; somebody else may get in first. */
    void beforeWrite(Replica replica, String node) {
        if (network.atWork(Fault.Kind.API_CONFLICTS, replica.index()).isPresent()
                && cluster().hasNode(node)) {
            cluster().setLabel(node, "example.com/heartbeat", String.valueOf(clock.nanos()));
        }
    }

    /** The last look at the pool's size is over, and the order to grow it is not sent yet. */
    void beforeGrowth() {
        trouble.beforeGrowth();
    }

    /** A replica has given up waiting for the cloud's answer to the deletion of a machine. */
    void deletionUnanswered(Replica replica, String machine) {
        trouble.deletionUnanswered(replica, machine);
    }

    /** A replica has given up waiting for the cloud's answer to an order to grow: often more servers come before it does. */
    void growthUnanswered(Replica replica) {
        if (network.atWork(Fault.Kind.CLOUD_CARRIES_OUT_LATE, replica.index()).isPresent()) {
            users.crowd();
        }
    }

    void written(Replica replica, Node before, Node after) {
        history.note(
                "%s writes node %s: %s -> %s".formatted(replica.identity(), after.name(), told(before), told(after)));
        if (!isNeverDeleted(machineOf(after))) {
            lastActNanos = clock.nanos();
        }
        if (before.unschedulable() != after.unschedulable()) {
            acts = acts.plus(after.unschedulable() ? new Acts(1, 0, 0, 0, 0) : new Acts(0, 1, 0, 0, 0));
        }
        watchers.forEach(watcher -> watcher.nodeWritten(replica, before, after));
        trouble.nodeWritten(replica, before, after);
    }

    void beforeResize(Replica replica, int before, int wanted) {
        watchers.forEach(watcher -> watcher.resizing(replica, before, wanted));
    }

    void resized(Replica replica, int before) {
        history.note("%s resizes the pool from %d to %d".formatted(replica.identity(), before, cloud().size()));
        lastActNanos = clock.nanos();
        acts = acts.plus(new Acts(0, 0, 1, 0, 0));
        watchers.forEach(watcher -> watcher.resized(replica, before));
    }

    void beforeDeletion(Replica replica, String machine) {
        watchers.forEach(watcher -> watcher.deleting(replica, machine));
    }

    void deleted(Replica replica, String machine) {
        history.note("%s deletes machine %s".formatted(replica.identity(), machine));
        lastActNanos = clock.nanos();
        acts = acts.plus(new Acts(0, 0, 0, 1, 0));
        watchers.forEach(watcher -> watcher.deleted(replica, machine));
    }

    void passed(Replica replica, PassRecord record) {
        passes++;
        lastCondition = record.plan().condition();
        if (passes > MOST_PASSES) {
            throw new IllegalStateException("more than %d passes: it never comes to an end".formatted(MOST_PASSES));
        }
        if (record.acted() || !record.plan().marks().isEmpty()) {
            history.note("%s plans %s".formatted(replica.identity(), told(record)));
        }
        watchers.forEach(watcher -> watcher.passed(replica, record));
    }

    void secondPassed(Replica replica, RecordedCluster cluster, PassRecord record) {
        watchers.forEach(watcher -> watcher.secondPassed(replica, cluster, record));
    }

    @Override
    public void died(PodDeath death) {
        if (death.pod().isServer(Scenario.SERVER)) {
            history.note("server %s dies with node %s".formatted(death.pod().name(), death.node()));
            watchers.forEach(watcher -> watcher.died(death));
        }
    }

    /** Does what a server was asked for by somebody who has given it up since. */
    void late(Runnable change) {
        history.note("the cloud carries out what was given up");
        carriesOutLate = true;
        try {
            change.run();
        } finally {
            carriesOutLate = false;
        }
    }

    /** Returns whether what happens now was given up by whoever asked for it. */
    boolean carriesOutLate() {
        return carriesOutLate;
    }

    /** Somebody else did something to a node or the pool. */
    void othersActed(String what) {
        history.note("somebody else: " + what);
        watchers.forEach(Watcher::othersActed);
    }

    private static String told(Node node) {
        return "%s%s%s%s"
                .formatted(
                        node.unschedulable() ? "unschedulable" : "schedulable",
                        node.marks()
                                .cordonedAt()
                                .map(at -> " cordoned-at " + at)
                                .orElse(""),
                        node.marks()
                                .emptySince()
                                .map(at -> " empty-since " + at)
                                .orElse(""),
                        node.marks()
                                .deletingAt()
                                .map(at -> " deleting-at " + at)
                                .orElse(""));
    }

    private static String told(PassRecord record) {
        List<String> parts = new ArrayList<>();
        record.plan()
                .marks()
                .forEach(mark -> parts.add("%s %s (%s)"
                        .formatted(mark.kind(), mark.node(), mark.reason().message())));
        record.outcomes()
                .forEach(outcome -> parts.add("%s %s (%s): %s %s"
                        .formatted(
                                outcome.action().type(),
                                outcome.action().target(),
                                outcome.action().reason().message(),
                                outcome.result(),
                                outcome.message())));
        return String.join("; ", parts);
    }

    // ---- what is there ----

    Scenario scenario() {
        return scenario;
    }

    PoolPolicy policy() {
        return scenario.policy();
    }

    SimulationClock clock() {
        return clock;
    }

    Randomness randomness() {
        return simulation.randomness();
    }

    SimulatedCluster cluster() {
        return simulation.cluster();
    }

    SimulatedCloud cloud() {
        return simulation.cloud();
    }

    Turns turns() {
        return turns;
    }

    History history() {
        return history;
    }

    Network network() {
        return network;
    }

    SimulatedWatch.Journals journals() {
        return journals;
    }

    SimulatedElection.SharedLease lease() {
        return lease;
    }

    PodTemplate pods() {
        return pods;
    }

    Homes homes() {
        return homes;
    }

    boolean calm() {
        return calm;
    }

    /** Returns the pods on a node that are not its own, as they are now. */
    List<Pod> podsOn(String node) {
        return journals.podsNow().stream()
                .filter(pod -> pod.nodeName().filter(node::equals).isPresent())
                .filter(pod -> pod.owner() == Pod.Owner.OTHER)
                .toList();
    }

    /** Returns the Node object of that name as it is now; empty when there is none. */
    Optional<Node> node(String name) {
        return journals.nodesNow().stream()
                .filter(node -> node.name().equals(name))
                .findFirst();
    }

    /** The Node object of a machine was deleted, and its servers with it, which live on there all the same. */
    void livesOnUnseen(String machine) {
        unseenSinceNanos.put(machine, clock.nanos());
    }

    /** Returns what a kubelet of that name registers as when it does so anew: with the labels of the pool. */
    NodeSpec registeredAnew(String name) {
        NodeSpec spec = cluster().spec(name);
        Map<String, String> labels = new HashMap<>(spec.labels());
        labels.put("pool", "hostile");
        return spec.labelled(labels);
    }

    /** Returns since when servers have lived on unseen on a machine; empty when none do, or its kubelet has ended them. */
    Optional<Long> unseenSinceNanos(String machine) {
        return Optional.ofNullable(unseenSinceNanos.get(machine));
    }

    /** Has the cloud say that a machine has failed, which runs, or say so no more. */
    void sayFailed(String machine, boolean failed) {
        if (failed) {
            saidToHaveFailed.add(machine);
        } else {
            saidToHaveFailed.remove(machine);
        }
    }

    /** Returns whether the cloud says of a machine that runs that it has failed. */
    boolean isSaidToHaveFailed(String machine) {
        return saidToHaveFailed.contains(machine);
    }

    // a kubelet that is Ready has ended what the API server knows nothing of
    @Override
    public void nodeWritten(Node node) {
        if (joined.add(node.uid()) && node.createdAt().plus(JOINING).isAfter(clock.now())) {
            trouble.nodeJoined(node.name());
        }
        if (node.readiness().ready()) {
            unseenSinceNanos.remove(machineOf(node));
        }
    }

    /** Returns whether machines are told by their provider IDs alone, which new nodes lack. */
    boolean nodesLackProviderIds() {
        return trouble.nodesLackProviderIds();
    }

    /** Returns the id of the machine that a node is. */
    static String machineOf(Node node) {
        return node.labels().getOrDefault(SimulatedCloud.INSTANCE_LABEL, node.name());
    }

    /** Returns the node of a machine as it is now; empty when there is none. */
    Optional<Node> nodeOf(String machine) {
        return journals.nodesNow().stream()
                .filter(node -> machineOf(node).equals(machine))
                .findFirst();
    }

    /** Returns whether that machine can never be deleted; a fault at work picks the next one that is to be. */
    boolean isNeverDeleted(Replica replica, String machine) {
        if (undeletable.isEmpty()
                && network.atWork(Fault.Kind.CLOUD_FAILS_ONE_DELETION, replica.index())
                        .isPresent()) {
            undeletable = Optional.of(machine);
        }
        return isNeverDeleted(machine);
    }

    /** Returns whether that machine can never be deleted. */
    boolean isNeverDeleted(String machine) {
        return undeletable.filter(machine::equals).isPresent();
    }
}
