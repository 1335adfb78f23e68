package io.kubescaler.plan;

import io.kubescaler.model.Count;
import io.kubescaler.model.Node.Marks;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.TimeBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Step 5 of a pass: deletes nodes that have been empty for long enough, and finishes deletions that were begun. */
final class Expiry {
    /** How long the cloud has to show a deletion before it is asked again. */
    private static final Duration CONFIRMATION = Duration.ofSeconds(30);

    /**
     * How long a node must have been cordoned before it is deleted, whatever the expiration. The scheduler binds a pod a
     * moment after it chose the node, so a server can still arrive that was underway when the node was cordoned.
     */
    private static final Duration BINDING_SETTLES = Duration.ofSeconds(5);

    /**
     * The same while a server waits for a node: its node may be chosen already, and the binding wait for a volume. The
     * scheduler's {@code bindTimeoutSeconds}.
     */
    private static final Duration SLOW_BINDING_SETTLES = Duration.ofMinutes(10);

    private static final String WITHOUT_MACHINE =
            "cordoned: the cloud lists no machine for it, so it cannot be deleted";

    private final PoolPolicy policy;
    private final PoolView view;
    private final Absence absence;
    private final TimeBudget budget;
    private final Instant now;
    private final Draft draft;
    private final int size;
    // the same once the deletions under way and those of this pass are done
    private int sizeLeft;
    // whether an empty node may be deleted, now or later, with which the scaler does not go
    private boolean othersMayGo;

    Expiry(PoolPolicy policy, PoolView view, Absence absence, TimeBudget budget, Instant now, Draft draft) {
        this.policy = policy;
        this.view = view;
        this.absence = absence;
        this.budget = budget;
        this.now = now;
        this.draft = draft;
        int leaving = 0;
        for (Machine machine : view.in(NodeState.DELETING)) {
            if (machine.deletionUnconfirmed()) {
                leaving++;
                if (isWaitedFor(machine)) {
                    countAmongOthers(machine);
                }
            }
        }
        size = Math.min(view.cloud().size(), view.listed());
        sizeLeft = size - leaving;
    }

    void keepClocks() {
        for (Machine machine : draft.untouched(view.in(Machines.Group.SET_ASIDE_EMPTY))) {
            Optional<Instant> emptySince = machine.requireNode().marks().emptySince();
            if (machine.servers() == 0
                    && emptySince.isEmpty()
                    && !machine.requireNode().readiness().ready()) {
                keepDark(machine);
            } else if (machine.servers() == 0 && emptySince.map(now::isBefore).orElse(true)) {
                Reason reason =
                        emptySince.<Reason>map(it -> new Reason.ClockAhead(it)).orElseGet(Reason.BecameEmpty::new);
                draft.mark(machine, Mark.Kind.SET_EMPTY_SINCE, Optional.of(now), reason);
                draft.verdict(machine, "cordoned: empty since " + now);
                countAmongOthers(machine);
            } else if (machine.servers() > 0) {
                draft.verdict(machine, waiting(machine));
            }
        }
    }

    // pods that were deleted by force may live on there
    private void keepDark(Machine machine) {
        if (machine.reasonToKeep().isPresent()) {
            draft.verdict(machine, waiting(machine));
        } else if (machine.instance().isEmpty()) {
            draft.verdict(machine, WITHOUT_MACHINE);
        } else if (machine.protection().isPresent()) {
            draft.verdict(machine, "protected by " + machine.protection().get());
        } else {
            draft.hold(machine, "cordoned: ", "not Ready, so nothing tells that its servers have ended");
        }
    }

    /** Returns what is to be said of a node that is set aside and has servers, or is kept. */
    static String waiting(Machine machine) {
        return machine.reasonToKeep()
                .map(why -> "cordoned: neither taken back nor deleted: " + why)
                .orElseGet(() -> "cordoned: waits for " + Count.of(machine.servers(), "server") + " to end");
    }

    void deleteExpired() {
        List<Machine> empty = new ArrayList<>(draft.untouched(view.in(Machines.Group.SET_ASIDE_EMPTY)));
        empty.sort(Comparator.comparing(view::isOwn)
                .thenComparing(this::emptySince)
                .thenComparing(Machine::name));
        for (Machine machine : empty) {
            Instant since = emptySince(machine);
            Duration lasted = Duration.between(since, now);
            Optional<String> unseen = machine.instance().flatMap(any -> mayHaveServersUnseen(machine));
            if (machine.reasonToKeep().isPresent()) {
                draft.verdict(machine, waiting(machine));
            } else if (view.isOwn(machine) && othersMayGo) {
                draft.verdict(machine, "cordoned: the scaler runs on it, and other nodes go first");
            } else if (lasted.compareTo(policy.emptyNodeExpiration()) < 0) {
                draft.verdict(machine, waitingToExpire(since, policy.emptyNodeExpiration()));
            } else if (bindingsSettleIn(machine).compareTo(Duration.ZERO) > 0) {
                long seconds = bindingsSettleIn(machine).plusMillis(999).toSeconds();
                draft.verdict(machine, "cordoned: a server may still be on its way to it for " + seconds + " s");
            } else if (machine.instance().isEmpty()) {
                draft.verdict(machine, WITHOUT_MACHINE);
            } else if (machine.protection().isPresent()) {
                draft.verdict(machine, "protected by " + machine.protection().get());
            } else if (sizeLeft <= policy.minimum()) {
                draft.hold(machine, "cordoned: ", belowMinimum());
            } else if (unseen.isPresent()) {
                draft.hold(machine, "cordoned: ", unseen.get());
            } else {
                draft.delete(machine, new Reason.Expired(since, lasted, policy.emptyNodeExpiration()));
                sizeLeft--;
            }
            countAmongOthers(machine);
        }
    }

    private String belowMinimum() {
        int going = size - sizeLeft;
        String counted = going == 0
                ? ""
                : ": %d of its %s %s as deleted"
                        .formatted(going, Count.of(size, "node"), going == 1 ? "counts" : "count");
        return "the pool would fall below its minimum of " + policy.minimum() + counted;
    }

    private void countAmongOthers(Machine machine) {
        othersMayGo |= !view.isOwn(machine)
                && machine.instance().isPresent()
                && machine.protection().isEmpty()
                && absence.mayBeAnother(machine).isEmpty()
                && !absence.isElsewhere(machine);
    }

    // what is seen to be so, or may have been so while nobody looked; what a Ready node has, it tells
    private Optional<String> mayHaveServersUnseen(Machine machine) {
        Optional<String> another = absence.mayBeAnother(machine);
        return another.isPresent() || machine.requireNode().readiness().ready()
                ? another
                : absence.mayBeElsewhere(machine).or(() -> stillWaitedFor(machine));
    }

    private boolean isWaitedFor(Machine machine) {
        return !machine.requireNode().readiness().ready()
                && stillWaitedFor(machine).isPresent();
    }

    private Optional<String> stillWaitedFor(Machine machine) {
        Duration lasted = absence.lasted(machine);
        return lasted.compareTo(policy.provisioningTimeout()) >= 0
                ? Optional.empty()
                : Optional.of("not Ready: waited %d s of %d s for a sign of servers"
                        .formatted(
                                lasted.toSeconds(), policy.provisioningTimeout().toSeconds()));
    }

    private static Supplier<String> waitingToExpire(Instant since, Duration expiration) {
        return () -> "cordoned: empty since " + since + "; deleted after " + expiration.toSeconds() + " s";
    }

    // the later of the two: a node may have been empty long before it was set aside
    private Instant emptySince(Machine machine) {
        Marks marks = machine.requireNode().marks();
        Instant emptySince = marks.emptySince().orElseThrow();
        return marks.cordonedAt()
                .filter(it -> it.isAfter(emptySince) && !it.isAfter(now))
                .orElse(emptySince);
    }

    private Duration bindingsSettleIn(Machine machine) {
        return bindingSettles().minus(view.sightings().setAside(machine.name()).orElseGet(() -> cordonedFor(machine)));
    }

    // a cordon still to come was noted by a clock that is ahead; the clock of its emptiness has been set right by ours
    private Duration cordonedFor(Machine machine) {
        Marks marks = machine.requireNode().marks();
        Instant cordoned = marks.cordonedAt()
                .filter(it -> !it.isAfter(now))
                .orElseGet(() -> marks.emptySince().orElseThrow());
        return Duration.between(cordoned, now);
    }

    private Duration bindingSettles() {
        return view.demand().mayArrive() ? SLOW_BINDING_SETTLES : BINDING_SETTLES;
    }

    /** Finishes the deletions that were begun and that the cloud does not show. */
    void finishDeletions() {
        finishDeletions(machine -> true);
    }

    /** Finishes those alone of machines that never came under any node. */
    void finishRemovals() {
        finishDeletions(machine -> isRemoval(machine) && absence.neverCameForCertain(machine));
    }

    private void finishDeletions(Predicate<Machine> which) {
        for (Machine machine : view.in(NodeState.DELETING)) {
            if (machine.deletionUnconfirmed() && which.test(machine)) {
                finishDeletion(machine);
            }
        }
    }

    // one that expired had its empty-since
    private static boolean isRemoval(Machine machine) {
        return machine.requireNode().marks().emptySince().isEmpty();
    }

    private void finishDeletion(Machine machine) {
        Instant deletingAt = machine.requireNode().marks().deletingAt().orElseThrow();
        // the distance counts in both directions, for the clock that noted it may have been ahead
        Duration ago = Duration.between(deletingAt, now).abs();
        Optional<String> objection = objectionToFinish(machine);
        Optional<String> unseen = mayHaveServersUnseen(machine);
        if (ago.compareTo(CONFIRMATION) < 0) {
            draft.verdict(machine, "being deleted since %s; the cloud does not show it yet".formatted(deletingAt));
        } else if (objection.isEmpty() && unseen.isPresent()) {
            // the mark stays: what is given up could be taken back, and what the cloud took still be carried out
            draft.hold(
                    machine, "being deleted since %s, and not asked for again: ".formatted(deletingAt), unseen.get());
        } else if (objection.isEmpty()) {
            draft.delete(machine, new Reason.DeletionUnconfirmed(deletingAt));
        } else if (mayBeCarriedOut(machine, ago)) {
            // given up now, it could be taken back and die with new servers
            draft.verdict(
                    machine,
                    "being deleted since %s; the cloud may still carry it out, though %s"
                            .formatted(deletingAt, objection.get()));
        } else {
            draft.mark(
                    machine, Mark.Kind.CLEAR_DELETING, Optional.empty(), new Reason.DeletionAbandoned(objection.get()));
            draft.verdict(machine, "cordoned again: " + objection.get());
        }
    }

    // what the cloud said before the order became void does not show whether it was carried out
    private boolean mayBeCarriedOut(Machine machine, Duration ago) {
        Duration seen = view.sightings().deleting(machine.name()).orElse(ago);
        return seen.minus(view.sightings().cloudAge()).compareTo(budget.deletion()) < 0;
    }

    private Optional<String> objectionToFinish(Machine machine) {
        if (machine.servers() > 0) {
            return Optional.of("it has " + Count.of(machine.servers(), "server"));
        }
        boolean removal = isRemoval(machine);
        if (removal && !machine.neverReady()) {
            return Optional.of("it has become Ready, or got a server, after all");
        }
        // its own deletion is part of that size already; a machine that never came may leave the minimum unfilled
        if (!removal && sizeLeft < policy.minimum()) {
            return Optional.of("the pool would fall below its minimum of " + policy.minimum());
        }
        return machine.protection().map(it -> "protected by " + it);
    }
}
