package io.kubescaler.plan;

import io.kubescaler.model.Count;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolHistory.GrowthBackoff;
import io.kubescaler.model.PoolHistory.LastingSurplus;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.model.Reading.Unreadable;
import io.kubescaler.model.TimeBudget;
import io.kubescaler.plan.Machines.Group;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** One pass over one pool: section 4 of the scaling semantics, top to bottom. Made for one call of {@link #plan}. */
final class Pass {
    /** So many nodes may be unready at once in any pool, however small. */
    private static final int FEW_UNREADY = 3;

    /** So many of its nodes may be unready at once, in percent; with more, the fault is taken for one of the cluster. */
    private static final int MOST_UNREADY_PERCENT = 45;

    private final PoolPolicy policy;
    private final PoolSnapshot snapshot;
    private final PoolHistory history;
    private final TimeBudget budget;
    private final Instant now;
    private final PoolView view;
    private final Draft draft;
    private final Absence absence;
    private Optional<Surplus.Outlook> outlook = Optional.empty();
    private Optional<String> refusal = Optional.empty();
    private Optional<String> restraint = Optional.empty();

    Pass(
            PoolPolicy policy,
            PoolSnapshot snapshot,
            PoolHistory history,
            PoolMemory memory,
            TimeBudget budget,
            Instant now) {
        this.policy = policy;
        this.snapshot = snapshot;
        this.history = history;
        this.budget = budget;
        this.now = now;
        view = PoolView.of(policy, snapshot, history, memory, now);
        draft = new Draft(view);
        absence = new Absence(policy, view, history, now);
    }

    Plan plan() {
        clearStaleMarks();
        PoolHistory next = mayDecide() ? (isHealthy() ? decide() : removeWhatNeverCame()) : undecided();
        clearEmptySince();
        return new Plan(
                policy.pool(),
                now,
                draft.condition(),
                draft.message().orElseGet(this::summary),
                view.cloud().size(),
                view.free(),
                policy.buffer(),
                view.demand().servers(),
                view.required(),
                view.servers().pods(),
                view.upcoming(),
                view.slotsPerNewNode(),
                view.demand().since(),
                draft.marks(),
                draft.actions(),
                new Reports(
                        view.machines(),
                        view.slotsPerNewNode(),
                        new Verdicts(policy, now, draft.verdicts(), refusal, restraint, outlook)),
                next);
    }

    private PoolHistory decide() {
        Placing placing = new Placing(policy, view);
        Supply supply = new Supply(policy, view, placing, now, draft);
        Surplus surplus = new Surplus(policy, view, placing, history, now, draft);
        Expiry expiry = new Expiry(policy, view, absence, budget, now, draft);
        Stuck stuck = new Stuck(policy, view, absence, history, now, draft);
        GrowthBackoff backoff = stuck.backoff();

        sayWhetherShared();
        restraint = whyNothingIsSetAside();
        if (restraint.isEmpty()) {
            cordonDoomed();
        }
        supply.takeBack();
        boolean grown = supply.grow(backoff);
        if (restraint.isEmpty()) {
            if (!grown && view.upcomingNodes() == 0) {
                outlook = Optional.of(surplus.cordon());
            }
            surplus.cordonThoseWithoutSlots();
            expiry.keepClocks();
            expiry.deleteExpired();
            expiry.finishDeletions();
            stuck.delete();
        }
        new Waits(policy, view, placing, now)
                .sentence(grown || view.slotsAreComing())
                .ifPresent(sentence -> draft.say(Condition.SERVERS_WAITING, sentence));
        return history(surplus.lastingSurplus(), backoff);
    }

    // what never came has nothing to do with the fault, and would stand in the way of what could come in its stead; and
    // no server is to be placed where the cloud is about to delete it
    private PoolHistory removeWhatNeverCame() {
        Stuck stuck = new Stuck(policy, view, absence, history, now, draft);
        GrowthBackoff backoff = stuck.backoff();
        restraint = whyNothingIsSetAside();
        if (restraint.isEmpty()) {
            cordonDoomed();
            new Expiry(policy, view, absence, budget, now, draft).finishRemovals();
            stuck.deleteThoseThatNeverCame();
        }
        return history(Optional.empty(), backoff);
    }

    private void sayWhetherShared() {
        List<Machine> shared = view.in(Group.SHARED);
        if (!shared.isEmpty()) {
            Machine one = shared.get(0);
            draft.say(
                    Condition.POOLS_OVERLAP,
                    ("node %s is selected by pool %s and by %s, as are %d in all: they are neither set aside, taken back"
                                    + " nor deleted, and their slots count for the pool whose cloud lists them; give"
                                    + " every pool a node-selector of its own")
                            .formatted(one.name(), policy.pool(), one.shared().orElseThrow(), shared.size()));
        }
    }

    // a selector that no server was ever seen by may be mistyped: what looks empty may be full of servers
    private Optional<String> whyNothingIsSetAside() {
        LabelSelector selector = policy.serverSelector();
        if (view.servers().pods() > 0 || history.hasSeenServers(selector)) {
            return Optional.empty();
        }
        draft.say(Condition.NO_SERVER_SEEN, NoServerSeen.message(selector, view.servers()));
        return Optional.of("since no server of %s has ever been seen".formatted(selector));
    }

    // ---- 0. What a person has taken back is theirs, whether the pool is safe to act on or not: cordoned once more, it
    // would pass for ours

    private void clearStaleMarks() {
        for (Machine machine : view.in(Group.TAKEN_BACK_BY_PERSON)) {
            Node node = machine.requireNode();
            Reason reason = node.unschedulable()
                    ? new Reason.CordonedByOther(node.cordonedBy().orElseThrow())
                    : new Reason.UncordonedByPerson();
            draft.mark(machine, Mark.Kind.CLEAR_ALL, Optional.empty(), reason);
        }
    }

    // ---- 1. Unsafe?

    // while the cloud is away, a node that comes and goes tells of its machine all the same
    private PoolHistory undecided() {
        boolean isKnown = snapshot.cluster() instanceof Known<ClusterState>
                && snapshot.cloud() instanceof Unreadable<PoolDescription> unreadable
                && unreadable.recent().isPresent();
        PoolHistory seen = isKnown && !history.isFirst() ? history.withMachines(absence.seen()) : history;
        return seen.withoutSurplus();
    }

    private boolean mayDecide() {
        if (snapshot.cluster() instanceof Unreadable<ClusterState> unreadable) {
            return refuse(Condition.CLUSTER_UNREADABLE, "the cluster cannot be read: " + unreadable.why());
        }
        if (snapshot.cloud() instanceof Unreadable<PoolDescription> unreadable) {
            if (unreadable.recent().isPresent()) {
                // servers can run on what is there, whatever the cloud says next
                new Supply(policy, view, new Placing(policy, view), now, draft).takeBack();
            }
            return refuse(Condition.CLOUD_UNREADABLE, "the cloud cannot be read: " + unreadable.why());
        }
        return true;
    }

    // neither what a person holds nor what is about to go tells of a fault elsewhere; nodes that are left to another
    // pool tell of one only together with our own
    private boolean isHealthy() {
        Health own = new Health();
        Health all = new Health();
        for (Machine machine : view.in(Group.UNFIT)) {
            own.count(machine);
            all.count(machine);
        }
        for (Machine machine : view.in(Group.SHARED)) {
            if (machine.is(NodeState.SHARED) && !machine.fit() && stays(machine)) {
                all.count(machine);
            }
        }
        // as in nearly every pass
        if (own.unready <= FEW_UNREADY) {
            return true;
        }
        long shared = view.in(NodeState.SHARED).stream().filter(this::stays).count();
        long nodes = nodesThatStay();
        return own.isGood(nodes - shared) || all.isGood(nodes) || refuse(Condition.UNHEALTHY, all.sentence(nodes));
    }

    private final class Health {
        private int unready;
        private int uncounted;

        void count(Machine machine) {
            boolean overdue = machine.isOverdue(policy, now) && !machine.is(NodeState.HELD);
            boolean goes = overdue && (absence.neverCame(machine) || machine.isSetAsideEmpty());
            unready += overdue && !goes ? 1 : 0;
            uncounted += goes ? 1 : 0;
        }

        boolean isGood(long nodes) {
            return unready <= FEW_UNREADY || unready * 100L <= (nodes - uncounted) * MOST_UNREADY_PERCENT;
        }

        String sentence(long nodes) {
            return "%d of %d nodes are unready; more than %d %% and more than %d at once point to a fault elsewhere"
                    .formatted(unready, nodes - uncounted, MOST_UNREADY_PERCENT, FEW_UNREADY);
        }
    }

    private boolean refuse(Condition why, String sentence) {
        draft.say(why, sentence);
        refusal = Optional.of(why.word());
        return false;
    }

    private long nodesThatStay() {
        return view.machines().stream().filter(this::stays).count();
    }

    // one that is left to another pool is in the hands of that pool and of people, whatever it is here
    private boolean stays(Machine machine) {
        return machine.node()
                .filter(node -> !machine.is(NodeState.DELETING) && !machine.is(NodeState.HELD))
                .filter(node -> !machine.is(NodeState.SHARED)
                        || !((node.unschedulable() && !node.cordonedByUs())
                                || node.beingDeleted()
                                || node.marks().deletingAt().isPresent()))
                .isPresent();
    }

    // somebody else's deletion: the cloud drains the node in its own time, and the scheduler knows nothing of it
    private void cordonDoomed() {
        for (Machine machine : view.in(NodeState.DELETING)) {
            boolean open = machine.cloudIsDeleting()
                    && machine.node()
                            .filter(node -> !node.unschedulable() && !node.beingDeleted())
                            .isPresent();
            if (open && machine.reasonToKeep().isEmpty()) {
                draft.act(
                        machine,
                        new Action.Cordon(
                                machine.name(), machine.servers() == 0, new Reason.CloudIsDeleting(machine.servers())));
            }
        }
    }

    // ---- 7. A node that has servers is empty no more, whether the pool is safe to act on or not

    // whoever is to decide later may not have seen the servers, and their pods may be gone by force
    private void clearEmptySince() {
        for (Machine machine : view.in(Group.CALLED_EMPTY)) {
            if (machine.servers() > 0) {
                draft.mark(
                        machine,
                        Mark.Kind.CLEAR_EMPTY_SINCE,
                        Optional.empty(),
                        new Reason.NoLongerEmpty(machine.servers()));
            }
        }
    }

    // ---- What the plan says beside its actions

    // joined and not formatted, as nearly every pass ends with it
    private String summary() {
        return Count.are(view.free(), "slot") + " free, " + Count.are(view.upcoming()) + " coming and "
                + Count.are(view.required()) + " required";
    }

    // ---- What the next pass is given

    private PoolHistory history(Optional<LastingSurplus> surplus, GrowthBackoff backoff) {
        Optional<String> seen =
                view.servers().pods() > 0 ? Optional.of(policy.serverSelector().toString()) : history.serversSeen();
        return new PoolHistory(surplus, view.unlisted(), backoff, Optional.of(absence.seen()), seen);
    }
}
