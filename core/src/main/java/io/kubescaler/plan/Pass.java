package io.kubescaler.plan;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import io.kubescaler.model.Node.Marks;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolHistory.GrowthBackoff;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.model.Reading.Unreadable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One pass over one pool: section 4 of the scaling semantics, top to bottom. Made for one call of {@link #plan}. */
final class Pass {
    /** How long the cloud has to show a deletion before it is asked again. */
    private static final Duration CONFIRMATION = Duration.ofSeconds(30);

    private static final Comparator<Machine> FULLEST_FIRST =
            Comparator.comparingInt(Machine::servers).reversed().thenComparing(Machine::name);

    private final PoolPolicy policy;
    private final PoolSnapshot snapshot;
    private final PoolHistory history;
    private final Instant now;

    private final PoolView view;

    private final List<Mark> marks = new ArrayList<>();
    private final List<Action> actions = new ArrayList<>();
    private final IdentityHashMap<Machine, String> verdicts = new IdentityHashMap<>();
    private Condition condition = Condition.OK;
    private String message = "";
    private GrowthBackoff growth;
    private Optional<Instant> surplusSince = Optional.empty();
    private long free;
    private int takers;
    private boolean grown;
    private int deletions;

    Pass(PoolPolicy policy, PoolSnapshot snapshot, PoolHistory history, Instant now) {
        this.policy = policy;
        this.snapshot = snapshot;
        this.history = history;
        this.now = now;
        growth = history.growth();
        view = PoolView.of(policy, snapshot, history, now);
        free = view.free();
        takers = view.takers();
    }

    Plan plan() {
        if (mayAct()) {
            clearStaleMarks();
            List<Machine> stuck = findStuck();
            takeBackBelowMinimum();
            takeBackWhenShort();
            grow();
            cordonSurplus();
            keepClocks();
            deleteExpired();
            finishDeletions();
            deleteStuck(stuck);
        }
        return new Plan(
                policy.pool(),
                now,
                condition,
                message.isEmpty() ? summary() : message,
                view.cloud().size(),
                view.free(),
                policy.buffer(),
                view.unplaced(),
                view.required(),
                view.upcoming(),
                view.slotsPerNewNode(),
                marks,
                actions,
                view.machines().stream().map(this::report).toList(),
                nextHistory());
    }

    // ---- 1. Unsafe?

    private boolean mayAct() {
        if (snapshot.cluster() instanceof Unreadable<ClusterState> unreadable) {
            return refuse(Condition.CLUSTER_UNREADABLE, "the cluster cannot be read: " + unreadable.why());
        }
        if (snapshot.cloud() instanceof Unreadable<PoolDescription> unreadable) {
            return refuse(Condition.CLOUD_UNREADABLE, "the cloud cannot be read: " + unreadable.why());
        }
        List<Machine> nodes = view.machines().stream()
                .filter(machine -> machine.node().isPresent() && !machine.is(NodeState.DELETING))
                .toList();
        long unready =
                nodes.stream().filter(machine -> machine.isOverdue(policy, now)).count();
        if (unready > 3 && unready * 100 > nodes.size() * 45L) {
            return refuse(
                    Condition.UNHEALTHY,
                    "%d of %d nodes are unready; more than 45 %% and more than 3 at once point to a fault elsewhere"
                            .formatted(unready, nodes.size()));
        }
        return true;
    }

    private boolean refuse(Condition why, String sentence) {
        condition = why;
        message = sentence;
        view.machines().forEach(machine -> verdicts.put(machine, "nothing is done: " + why.word()));
        return false;
    }

    private void clearStaleMarks() {
        for (Machine machine : view.machines()) {
            boolean schedulable =
                    machine.node().map(node -> !node.unschedulable()).orElse(false);
            if (schedulable
                    && !machine.is(NodeState.DELETING)
                    && machine.requireNode().marks().any()) {
                mark(machine, Mark.Kind.CLEAR_ALL, Optional.empty(), new Reason.UncordonedByPerson());
            }
        }
    }

    // ---- 2. Below minimum

    private void takeBackBelowMinimum() {
        for (Machine machine : takeBackCandidates()) {
            if (takers >= policy.minimum()) {
                return;
            }
            takeBack(machine, new Reason.TakersBelowMinimum(takers, policy.minimum(), machine.servers()));
        }
    }

    // ---- 3. Short

    private void takeBackWhenShort() {
        for (Machine machine : takeBackCandidates()) {
            if (free >= view.required()) {
                return;
            }
            long gained = Slots.free(machine.requireNode(), policy.slotSize());
            if (gained > 0) {
                takeBack(machine, new Reason.TakenBack(free, view.required(), gained, machine.servers()));
            }
        }
    }

    // a cordoned node that is not Ready, or that the cloud no longer lists, would take no servers for long
    private List<Machine> takeBackCandidates() {
        return view.machines().stream()
                .filter(machine -> machine.is(NodeState.CORDONED) && !verdicts.containsKey(machine))
                .filter(machine -> machine.countsTowardsSize() && Machine.isReady(machine.requireNode(), policy))
                .sorted(FULLEST_FIRST)
                .toList();
    }

    private void takeBack(Machine machine, Reason reason) {
        act(machine, new Action.Uncordon(machine.name(), reason));
        free += Slots.free(machine.requireNode(), policy.slotSize());
        takers++;
    }

    private void grow() {
        int size = view.cloud().size();
        int target = Math.max(size, policy.minimum());
        Reason reason = new Reason.BelowMinimum(size, policy.minimum());
        long coming = view.upcoming() + (target - size) * view.slotsPerNewNode().orElse(0);
        long missing = view.required() - free - coming;
        if (missing > 0 && view.slotsPerNewNode().isEmpty()) {
            say(Condition.LEARNING, "how many slots a new node has is not known until one is Ready");
            if (target == size && view.upcomingNodes() == 0) {
                target = size + 1;
                reason = new Reason.SlotsUnknown(free, view.required());
            }
        } else if (missing > 0 && view.slotsPerNewNode().getAsLong() == 0) {
            say(
                    Condition.SLOT_LARGER_THAN_NODE,
                    "a slot of %s does not fit on an empty node of this pool: no node is added for the %d missing slots"
                            .formatted(policy.slotSize(), missing));
        } else if (missing > 0) {
            long nodes = ceilDiv(missing, view.slotsPerNewNode().getAsLong());
            if (target == size) {
                reason = new Reason.Short(
                        free,
                        view.upcoming(),
                        view.required(),
                        view.slotsPerNewNode().getAsLong());
            }
            target = (int) Math.min(target + nodes, Integer.MAX_VALUE);
        }
        orderUpTo(target, reason);
    }

    private void orderUpTo(int wanted, Reason reason) {
        int most = Math.min(policy.maximum(), view.cloud().limit().orElse(Integer.MAX_VALUE));
        int target = Math.min(wanted, most);
        if (target < wanted) {
            say(
                    Condition.AT_MAXIMUM,
                    "%d nodes are needed and %d is %s"
                            .formatted(
                                    wanted,
                                    most,
                                    most == policy.maximum() ? "the maximum" : "the most that the cloud will give"));
        }
        if (target <= view.cloud().size()) {
            return;
        }
        if (growth.pausedAt(now)) {
            say(
                    Condition.GROWTH_PAUSED,
                    "%d nodes are needed; growth is paused until %s: %s"
                            .formatted(wanted, growth.until().orElseThrow(), growth.why()));
            return;
        }
        actions.add(new Action.Grow(view.cloud().size(), target, reason));
        grown = true;
    }

    // ---- 4. Surplus

    private void cordonSurplus() {
        if (view.upcomingNodes() > 0 || grown) {
            return;
        }
        List<Machine> candidates = view.machines().stream()
                .filter(machine -> machine.is(NodeState.ACTIVE) && view.slots(machine) > 0)
                .sorted(Comparator.comparingInt(Machine::servers)
                        .thenComparing(view::slots, Comparator.reverseOrder())
                        .thenComparing(machine -> machine.requireNode().createdAt(), Comparator.reverseOrder())
                        .thenComparing(Machine::name))
                .toList();
        for (Machine machine : candidates) {
            long without = free - view.slots(machine);
            if (machine.instance().isEmpty()) {
                verdicts.put(machine, "kept: the cloud lists no machine for it, so it could not be deleted");
            } else if (machine.requireNode().marks().keep()) {
                verdicts.put(machine, "kept: " + machine.protection().orElseThrow());
            } else if (without < view.required()) {
                verdicts.put(
                        machine,
                        "needed: without it %d slots are free and %d are required".formatted(without, view.required()));
            } else if (takers - 1 < policy.minimum()) {
                verdicts.put(machine, "needed: the minimum is %d nodes that take servers".formatted(policy.minimum()));
            } else {
                cordonWhenLasting(machine);
            }
        }
    }

    private void cordonWhenLasting(Machine machine) {
        Instant since = history.surplusSince().orElse(now);
        surplusSince = Optional.of(since);
        if (Duration.between(since, now).compareTo(policy.cordonDelay()) < 0) {
            verdicts.put(
                    machine,
                    "surplus since %s; cordoned when it has lasted %d s"
                            .formatted(since, policy.cordonDelay().toSeconds()));
            return;
        }
        Reason reason = new Reason.Surplus(free, view.slots(machine), view.required(), machine.servers());
        act(machine, new Action.Cordon(machine.name(), machine.servers() == 0, reason));
        free -= view.slots(machine);
        takers--;
    }

    // ---- 5. Expire

    private void keepClocks() {
        for (Machine machine : untouched(NodeState.CORDONED)) {
            Optional<Instant> emptySince = machine.requireNode().marks().emptySince();
            if (machine.servers() == 0 && emptySince.map(now::isBefore).orElse(true)) {
                Reason reason =
                        emptySince.<Reason>map(it -> new Reason.ClockAhead(it)).orElseGet(Reason.BecameEmpty::new);
                mark(machine, Mark.Kind.SET_EMPTY_SINCE, Optional.of(now), reason);
                verdicts.put(machine, "cordoned: empty since " + now);
            } else if (machine.servers() > 0) {
                emptySince.ifPresent(since -> mark(
                        machine,
                        Mark.Kind.CLEAR_EMPTY_SINCE,
                        Optional.empty(),
                        new Reason.NoLongerEmpty(machine.servers())));
                verdicts.put(machine, "cordoned: waits for %d servers to end".formatted(machine.servers()));
            }
        }
    }

    private void deleteExpired() {
        List<Machine> empty = untouched(NodeState.CORDONED).stream()
                .sorted(Comparator.comparing(this::emptySince).thenComparing(Machine::name))
                .toList();
        for (Machine machine : empty) {
            Instant since = emptySince(machine);
            Duration lasted = Duration.between(since, now);
            if (lasted.compareTo(policy.emptyNodeExpiration()) < 0) {
                verdicts.put(
                        machine,
                        "cordoned: empty since %s; deleted after %d s"
                                .formatted(since, policy.emptyNodeExpiration().toSeconds()));
            } else if (machine.instance().isEmpty()) {
                verdicts.put(machine, "cordoned: the cloud lists no machine for it, so it cannot be deleted");
            } else if (machine.protection().isPresent()) {
                verdicts.put(machine, "protected by " + machine.protection().get());
            } else if (sizeAfterDeletions() <= policy.minimum()) {
                verdicts.put(machine, "cordoned: the pool would fall below its minimum of " + policy.minimum());
            } else {
                delete(machine, new Reason.Expired(since, lasted, policy.emptyNodeExpiration()));
            }
        }
    }

    // the later of the two: a node may have been empty long before it was set aside
    private Instant emptySince(Machine machine) {
        Marks marks = machine.requireNode().marks();
        Instant emptySince = marks.emptySince().orElseThrow();
        return marks.cordonedAt()
                .filter(it -> it.isAfter(emptySince) && !it.isAfter(now))
                .orElse(emptySince);
    }

    private int sizeAfterDeletions() {
        long leaving =
                view.machines().stream().filter(Machine::deletionUnconfirmed).count();
        long listed =
                view.machines().stream().filter(Machine::countsTowardsSize).count();
        return (int) Math.min(view.cloud().size(), listed) - (int) leaving - deletions;
    }

    private void finishDeletions() {
        for (Machine machine : view.machines()) {
            if (machine.deletionUnconfirmed() && !verdicts.containsKey(machine)) {
                finishDeletion(machine);
            }
        }
    }

    private void finishDeletion(Machine machine) {
        Instant deletingAt = machine.requireNode().marks().deletingAt().orElseThrow();
        Optional<String> objection = objectionToFinish(machine);
        if (objection.isPresent()) {
            mark(machine, Mark.Kind.CLEAR_DELETING, Optional.empty(), new Reason.DeletionAbandoned(objection.get()));
            verdicts.put(machine, "cordoned again: " + objection.get());
        } else if (Duration.between(deletingAt, now).compareTo(CONFIRMATION) >= 0) {
            act(
                    machine,
                    new Action.Delete(
                            machine.instance().orElseThrow().id(),
                            Optional.of(machine.name()),
                            new Reason.DeletionUnconfirmed(deletingAt)));
        }
    }

    private Optional<String> objectionToFinish(Machine machine) {
        if (machine.servers() > 0) {
            return Optional.of("it has %d servers".formatted(machine.servers()));
        }
        // its own deletion is part of that size already; a machine that never came may leave the minimum unfilled
        if (sizeAfterDeletions() < policy.minimum() && !machine.neverReady()) {
            return Optional.of("the pool would fall below its minimum of " + policy.minimum());
        }
        return machine.protection().map(it -> "protected by " + it);
    }

    // ---- 6. Stuck

    /** Finds the view.machines() that never came, and pauses growth for those that were not known to be so. */
    private List<Machine> findStuck() {
        boolean recovered = growth.failedAt()
                .map(failedAt -> view.machines().stream().anyMatch(machine -> becameReadyAfter(machine, failedAt)))
                .orElse(false);
        Set<String> listed = view.cloud().instances().stream().map(Instance::id).collect(Collectors.toSet());
        Set<String> counted = new HashSet<>(growth.counted());
        counted.retainAll(listed);
        growth = recovered
                ? new GrowthBackoff(0, Optional.empty(), counted, "")
                : new GrowthBackoff(growth.failures(), growth.failedAt(), counted, growth.why());
        List<Machine> stuck = view.machines().stream()
                .filter(machine -> machine.is(NodeState.UNREADY) && machine.countsTowardsSize())
                .filter(Machine::neverReady)
                .toList();
        Set<String> fresh = stuck.stream()
                .map(machine -> machine.instance().orElseThrow().id())
                .collect(Collectors.toSet());
        fresh.removeAll(counted);
        if (!fresh.isEmpty()) {
            growth = growth.failed(now, fresh, "%d machines never became Ready".formatted(fresh.size()));
        }
        return stuck;
    }

    private boolean becameReadyAfter(Machine machine, Instant failedAt) {
        return machine.is(NodeState.ACTIVE)
                && machine.requireNode()
                        .readiness()
                        .changedAt()
                        .map(at -> at.isAfter(failedAt)
                                && at.isBefore(machine.requireNode().createdAt().plus(policy.provisioningTimeout())))
                        .orElse(false);
    }

    private void deleteStuck(List<Machine> stuck) {
        for (Machine machine : stuck) {
            if (machine.servers() > 0) {
                verdicts.put(machine, "unready: %d servers are on it".formatted(machine.servers()));
            } else if (machine.protection().isPresent()) {
                verdicts.put(machine, "protected by " + machine.protection().get());
            } else {
                delete(
                        machine,
                        machine.cloudSaysFailed()
                                ? new Reason.MachineFailed(
                                        machine.instance().orElseThrow().message())
                                : new Reason.NeverReady(machine.age(now), policy.provisioningTimeout()));
            }
        }
    }

    // ---- What every step uses

    private void act(Machine machine, Action action) {
        actions.add(action);
        verdicts.put(machine, action.type() + ": " + action.reason().message());
    }

    private void delete(Machine machine, Reason reason) {
        act(
                machine,
                new Action.Delete(
                        machine.instance().orElseThrow().id(), machine.node().map(Node::name), reason));
        deletions++;
    }

    private void mark(Machine machine, Mark.Kind kind, Optional<Instant> at, Reason reason) {
        marks.add(new Mark(machine.name(), kind, at, reason));
    }

    // the first trouble named is the one that the later ones follow from
    private void say(Condition what, String sentence) {
        if (condition == Condition.OK) {
            condition = what;
            message = sentence;
        }
    }

    private List<Machine> untouched(NodeState state) {
        return view.machines().stream()
                .filter(machine -> machine.is(state) && !verdicts.containsKey(machine))
                .toList();
    }

    private static long ceilDiv(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }

    private String summary() {
        return "%d slots are free, %d are coming and %d are required"
                .formatted(view.free(), view.upcoming(), view.required());
    }

    private NodeReport report(Machine machine) {
        return new NodeReport(
                machine.node().map(Node::name),
                machine.instance().map(Instance::id),
                machine.state(),
                machine.servers(),
                view.slots(machine),
                verdicts.getOrDefault(machine, ownVerdict(machine)));
    }

    private String ownVerdict(Machine machine) {
        return switch (machine.state()) {
            case ACTIVE ->
                view.slots(machine) == 0
                        ? "full: never surplus"
                        : "in use: nothing is cordoned while %d nodes are coming"
                                .formatted(Math.max(view.upcomingNodes(), 1));
            case BOOTING ->
                "booting for %d s of at most %d s"
                        .formatted(
                                machine.age(now).toSeconds(),
                                policy.provisioningTimeout().toSeconds());
            case CORDONED -> "cordoned";
            case HELD -> "cordoned by a person: left alone";
            case UNREADY ->
                machine.instance().isEmpty()
                        ? "unready: the cloud lists no machine for it"
                        : "unready: it was Ready once, so it is left to a person";
            case DELETING -> "being deleted";
        };
    }

    private PoolHistory nextHistory() {
        boolean readable = snapshot.cloud() instanceof Known && snapshot.cluster() instanceof Known;
        return readable ? new PoolHistory(surplusSince, view.unlisted(), view.unlistedSince(), growth) : history;
    }
}
