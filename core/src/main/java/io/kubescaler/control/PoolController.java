package io.kubescaler.control;

import io.kubescaler.control.Attempts.Pacing;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolHistory.Machines;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.model.Sightings;
import io.kubescaler.model.TimeBudget;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Mark;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Planner;
import io.kubescaler.provider.NodePoolProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one pool at its buffer: each {@link #pass} observes, plans and acts. Remembers nothing of weight: what the
 * cluster and the cloud say, and the annotations on the nodes, are its state.
 *
 * <p>{@link #pass} is for one thread at a time; {@link #stop} may be called by any.
 */
public final class PoolController {
    /** How long a pass may go on acting; what is left over is decided anew by the next pass. */
    private static final Duration ACTING_TIME = TimeBudget.ACTING;

    /** After how long without a look at both the cluster and the cloud the wait for machines begins anew. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    private static final Logger LOG = LoggerFactory.getLogger(PoolController.class);
    private static final String SPENT_NOTE = "note of an order";
    private static final String NOT_SHOWN = "the cloud took the deletion and still lists the machine";

    private final PoolPolicy policy;
    private final Leadership leadership;
    private final Ports ports;
    private final Timing timing;
    private final boolean dryRun;
    private final TimeBudget budget;
    private final Planner planner;
    private final CloudView cloud;
    private final GrowthOrders orders;
    private final TwoClocks clocks;
    private final ActionRunner runner;
    private final SeenServers seen;
    private final SightedNodes sighted;
    private final OtherNodes otherNodes;
    // both the cluster and the cloud, for the last time
    private TwoClocks.Moment lookedAt;

    // of the pass under way; empty before the first
    private Optional<String> term = Optional.empty();
    private PoolHistory history = PoolHistory.NONE;
    private Attempts attempts = new Attempts();
    private final Attempts notes = new Attempts();
    private volatile boolean stopped;

    /**
     * What a controller works on.
     *
     * @param cluster the Kubernetes cluster
     * @param provider the pool's cloud; closed by whoever made it
     * @param leadership whether this process may act
     * @param journal what must outlive the process and belongs to no node
     */
    public record Ports(Cluster cluster, NodePoolProvider provider, Leadership leadership, PoolJournal journal) {}

    /**
     * The times of a controller.
     *
     * @param clock the wall clock, for what is compared with times in the cluster and the cloud
     * @param nanoTime a clock that never jumps, in nanoseconds from any origin, such as {@link System#nanoTime}
     * @param cloudReadInterval how old the cloud's description of the pool may be for a pass to plan with it; before an
     *     action in the cloud it is always read anew
     */
    public record Timing(Clock clock, LongSupplier nanoTime, Duration cloudReadInterval) {}

    /**
     * @param policy what is asked of the pool
     * @param dryRun decide and report, touch nothing
     */
    public PoolController(PoolPolicy policy, Ports ports, Timing timing, boolean dryRun) {
        this.policy = policy;
        leadership = ports.leadership();
        // what was decided in one term is not carried out in another: somebody else may have acted in between
        this.ports = new Ports(ports.cluster(), ports.provider(), this::mayActInThisTerm, ports.journal());
        this.timing = timing;
        this.dryRun = dryRun;
        clocks = new TwoClocks(timing.nanoTime(), timing.clock());
        lookedAt = clocks.now();
        cloud = new CloudView(ports.provider(), clocks, timing.cloudReadInterval());
        budget = new TimeBudget(ports.provider().longestCall());
        planner = new Planner(budget);
        orders = new GrowthOrders(ports.journal(), budget, timing.clock(), timing.nanoTime());
        runner = new ActionRunner(policy, this.ports, timing.clock(), cloud, orders);
        seen = new SeenServers(policy, this.ports, timing.nanoTime());
        sighted = new SightedNodes(timing.nanoTime());
        otherNodes = new OtherNodes(ports.cluster(), timing.nanoTime(), timing.cloudReadInterval());
    }

    /** Returns the name of the pool. */
    public String pool() {
        return policy.pool();
    }

    /** Returns how long the steps of a pass take at most. */
    TimeBudget budget() {
        return budget;
    }

    /** Returns whether it may act now, or only ever looks on. */
    public boolean leads() {
        return dryRun || leadership.mayAct();
    }

    private boolean mayActInThisTerm() {
        return leadership.mayAct() && term.filter(leadership.term()::equals).isPresent();
    }

    /**
     * Makes one pass: observes, plans and, when it may, acts. Never throws for what the cluster or the cloud does; what
     * it throws is a defect of ours.
     */
    public PassRecord pass() {
        long started = timing.nanoTime().getAsLong();
        begin();
        Reading<PoolDescription> described = cloud.read();
        TwoClocks.Moment observed = clocks.now();
        history = seen.recall(history);
        if (clocks.since(lookedAt).compareTo(longestPause()) > 0) {
            history = history.withoutWaits();
        }
        Reading<ClusterState> cluster = seen.compare(ports.cluster().observe(), history);
        PoolSnapshot snapshot = new PoolSnapshot(described, cluster, see(described, cluster));
        Plan plan = planner.plan(policy, snapshot, history, timing.clock().instant());
        history = plan.history();
        if (!dryRun && !stopped && ports.leadership().mayAct()) {
            seen.note(history);
        }
        if (described instanceof Known && cluster instanceof Known) {
            lookedAt = observed;
        }
        List<Outcome> outcomes = act(plan, snapshot, started, observed);
        clearSpentNote();
        return new PassRecord(plan, outcomes, Duration.ofNanos(timing.nanoTime().getAsLong() - started));
    }

    // what happens to a node in a shorter time than that, with its servers, goes unnoticed
    private Duration longestPause() {
        Duration twoLooks = timing.cloudReadInterval().multipliedBy(2);
        Duration pause = twoLooks.compareTo(LONGEST_PAUSE) > 0 ? twoLooks : LONGEST_PAUSE;
        Duration most = policy.provisioningTimeout().dividedBy(2);
        return pause.compareTo(most) < 0 ? pause : most;
    }

    private Sightings see(Reading<PoolDescription> described, Reading<ClusterState> cluster) {
        return cluster instanceof Known<ClusterState> known
                ? sighted.see(known.value().nodes(), elsewhere(described), cloud.age())
                : Sightings.NONE;
    }

    // of those that had no fit node in the pass before, also while the cloud is away
    private Set<String> elsewhere(Reading<PoolDescription> described) {
        return described
                .knownOrRecent()
                .map(pool -> otherNodes.among(
                        history.machines().map(Machines::awaited).orElse(Map.of()), pool))
                .orElse(Set.of());
    }

    // the first pass of a term, be it of the process or of a lease, begins as a restart does; a lease that was lost and
    // taken again, with nobody in between, is the same term
    private void begin() {
        String now = leadership.term();
        if (term.filter(now::equals).isEmpty()) {
            term = Optional.of(now);
            history = PoolHistory.NONE;
            attempts = new Attempts();
            cloud.forget();
            sighted.forget();
            orders.inherit();
        }
    }

    /** Returns whether the cloud may still carry out an order to grow that had no answer. For the thread of the passes. */
    boolean mayStillGrow() {
        return orders.mayStillCome();
    }

    /** Has a pass under way end after the action that it is at. No later pass acts. */
    public void stop() {
        stopped = true;
    }

    // what a successor would wait for in vain; it does no harm while it cannot be removed
    private void clearSpentNote() {
        if (dryRun || !orders.hasSpentNote() || !ports.leadership().mayAct()) {
            return;
        }
        long now = timing.nanoTime().getAsLong();
        if (notes.mustWait(SPENT_NOTE, now).isEmpty()) {
            try {
                orders.clearNote();
                notes.succeeded(SPENT_NOTE);
            } catch (ClusterException error) {
                notes.failed(SPENT_NOTE, Errors.describe(error), now);
                LOG.debug("pool {}: the note of an order is not removed yet", pool(), error);
            }
        }
    }

    private List<Outcome> act(Plan plan, PoolSnapshot snapshot, long started, TwoClocks.Moment observed) {
        if (plan.marks().isEmpty() && plan.actions().isEmpty()) {
            attempts.keepOnly(Set.of(), timing.nanoTime().getAsLong());
            return List.of();
        }
        attempts.keepOnly(
                Stream.concat(
                                plan.marks().stream().map(PoolController::keyOf),
                                plan.actions().stream().map(PoolController::keyOf))
                        .collect(Collectors.toSet()),
                timing.nanoTime().getAsLong());
        ActionRunner.Run run =
                runner.begin(plan, snapshot, () -> clocks.since(observed).compareTo(ACTING_TIME) < 0);
        if (!dryRun) {
            plan.marks().stream().takeWhile(mark -> mayGoOn(started)).forEach(mark -> write(mark, run));
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (Action action : failedOnesLast(plan.actions())) {
            outcomes.add(outcomeOf(action, run, started));
        }
        run.growthFailure()
                .ifPresent(why -> history = history.withGrowth(
                        history.growth().failed(timing.clock().instant(), Set.of(), why)));
        return outcomes;
    }

    private Outcome outcomeOf(Action action, ActionRunner.Run run, long started) {
        if (dryRun) {
            return new Outcome(action, Result.NOT_ACTING, "dry run");
        }
        if (stopped) {
            return new Outcome(action, Result.NOT_ACTING, "the scaler is stopping");
        }
        if (!ports.leadership().mayAct()) {
            return new Outcome(action, Result.NOT_ACTING, "this replica does not hold the lease");
        }
        if (!mayGoOn(started)) {
            return new Outcome(
                    action, Result.SKIPPED, "the pass has acted for %d s".formatted(ACTING_TIME.toSeconds()));
        }
        return perform(action, run);
    }

    private Outcome perform(Action action, ActionRunner.Run run) {
        String key = keyOf(action);
        Optional<Attempts.Wait> wait = attempts.mustWait(key, timing.nanoTime().getAsLong());
        if (wait.isPresent()) {
            return new Outcome(
                    action,
                    Result.SKIPPED,
                    wait.get().message(),
                    Causes.of(wait.get().why()));
        }
        Outcome outcome = run.perform(action);
        if (action instanceof Action.Delete delete && run.foundInUse()) {
            history = history.withoutWait(delete.instance());
        }
        long now = timing.nanoTime().getAsLong();
        switch (outcome.result()) {
            case DONE -> {
                if (action instanceof Action.Delete) {
                    attempts.failed(key, NOT_SHOWN, now, Pacing.ANSWERED_DELETION);
                } else {
                    attempts.succeeded(key);
                }
            }
            case FAILED, SKIPPED -> attempts.failed(key, outcome.message(), now, pacing(action, run));
            case NOT_ACTING -> {
                // nothing was tried
            }
        }
        return outcome;
    }

    private static Pacing pacing(Action action, ActionRunner.Run run) {
        if (!(action instanceof Action.Delete)) {
            return Pacing.USUAL;
        }
        return run.wasRefused() ? Pacing.ANSWERED_DELETION : Pacing.DELETION;
    }

    private void write(Mark mark, ActionRunner.Run run) {
        String key = keyOf(mark);
        if (attempts.mustWait(key, timing.nanoTime().getAsLong()).isEmpty()) {
            run.mark(mark)
                    .ifPresentOrElse(
                            why -> attempts.failed(key, why, timing.nanoTime().getAsLong()),
                            () -> attempts.succeeded(key));
        }
    }

    private static String keyOf(Action action) {
        return action.type() + " " + action.target();
    }

    private static String keyOf(Mark mark) {
        return mark.kind() + " " + mark.node();
    }

    private boolean mayGoOn(long started) {
        return !stopped
                && ports.leadership().mayAct()
                && timing.nanoTime().getAsLong() - started < ACTING_TIME.toNanos();
    }

    // so that they cannot starve the others
    private List<Action> failedOnesLast(List<Action> actions) {
        return actions.stream()
                .sorted(Comparator.comparing(action -> attempts.hasFailed(keyOf(action))))
                .toList();
    }
}
