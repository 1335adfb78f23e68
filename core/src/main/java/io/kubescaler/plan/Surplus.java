package io.kubescaler.plan;

import io.kubescaler.model.Count;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolHistory.LastingSurplus;
import io.kubescaler.model.PoolPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Predicate;

/** Step 4 of a pass: sets nodes aside without which the buffer and the minimum still stand. */
final class Surplus {
    private final PoolPolicy policy;
    private final PoolView view;
    private final Placing placing;
    private final PoolHistory history;
    private final Instant now;
    private final Draft draft;
    private Optional<LastingSurplus> lasting = Optional.empty();
    private boolean spared;

    Surplus(PoolPolicy policy, PoolView view, Placing placing, PoolHistory history, Instant now, Draft draft) {
        this.policy = policy;
        this.view = view;
        this.placing = placing;
        this.history = history;
        this.now = now;
        this.draft = draft;
    }

    /** Returns what is to be said of the active nodes with room that stay. */
    Outlook cordon() {
        Queue<Machine> surplus = new PriorityQueue<>(this::emptiestFirst);
        if (mayBeAny()) {
            for (Machine machine : view.in(Machines.Group.WITH_ROOM)) {
                if (isSurplus(machine)) {
                    surplus.add(machine);
                }
            }
        }
        lasting = surplus.isEmpty() ? Optional.empty() : Optional.of(lasting());
        if (lasting.filter(this::hasLasted).isPresent()) {
            cordon(surplus, lasting.get().slots());
            // what has come since is counted from now on
            lasting = Optional.of(new LastingSurplus(now, present()));
        }
        return new Outlook(
                policy,
                draft.free(),
                view.required(),
                draft.takers(),
                lasting.map(LastingSurplus::since),
                placing::isReserved);
    }

    /** Sets nodes aside that came without a single slot, once they have had the time to get one, and are empty. */
    void cordonThoseWithoutSlots() {
        for (Machine machine : view.withoutSlots()) {
            if (machine.servers() == 0
                    && machine.instance().isPresent()
                    && machine.reasonToKeep().isEmpty()
                    && !view.isOwn(machine)
                    && !placing.isReserved(machine)) {
                draft.act(
                        machine,
                        new Action.Cordon(
                                machine.name(),
                                true,
                                new Reason.WithoutSlots(machine.lacking().orElseThrow())));
            }
        }
    }

    private long present() {
        return draft.free() - view.required();
    }

    // taking back means that there was none until now; a time still to come was noted by a clock that was set back
    // since
    private LastingSurplus lasting() {
        LastingSurplus present = new LastingSurplus(now, present());
        return history.surplus()
                .filter(before -> !policy.cordonDelay().isZero())
                .filter(before ->
                        !before.since().isAfter(now) && draft.fewestTakenBack().isEmpty())
                .map(before -> new LastingSurplus(before.since(), Math.min(before.slots(), present.slots())))
                .orElse(present);
    }

    private boolean hasLasted(LastingSurplus surplus) {
        return Duration.between(surplus.since(), now).compareTo(policy.cordonDelay()) >= 0;
    }

    private void cordon(Queue<Machine> surplus, long lastingSlots) {
        long most = lastingSlots;
        for (Machine next = surplus.poll(); next != null && mayBeAny(); next = surplus.poll()) {
            // those before it may have left nothing to spare
            if (isSurplus(next) && next.room() <= most && cordonOrSpare(next)) {
                most -= next.room();
            }
        }
    }

    // in one pass a node must not take the place of one that its servers leave sooner; where such a one is spared, the
    // scaler's own is not the last that may go
    private boolean cordonOrSpare(Machine machine) {
        if (machine.servers() > draft.fewestTakenBack().orElse(Integer.MAX_VALUE)) {
            spared = true;
            return false;
        }
        if (view.isOwn(machine) && (spared || anotherMayGoNext())) {
            return false;
        }
        long slots = machine.room();
        Reason reason = new Reason.Surplus(draft.free(), slots, view.required(), machine.servers());
        draft.act(machine, new Action.Cordon(machine.name(), machine.servers() == 0, reason));
        draft.lose(slots);
        return true;
    }

    // one that a person has taken back is left alone until its marks are gone
    private boolean anotherMayGoNext() {
        return view.in(Machines.Group.TAKEN_BACK_BY_PERSON).stream().anyMatch(machine -> machine.is(NodeState.ACTIVE));
    }

    // then the one with the most room, the youngest, and by name; the scaler's own after all others
    private int emptiestFirst(Machine one, Machine other) {
        int order = Boolean.compare(view.isOwn(one), view.isOwn(other));
        if (order == 0) {
            order = Integer.compare(one.servers(), other.servers());
        }
        if (order == 0) {
            order = Long.compare(other.room(), one.room());
        }
        if (order == 0) {
            order = other.requireNode().createdAt().compareTo(one.requireNode().createdAt());
        }
        return order == 0 ? one.name().compareTo(other.name()) : order;
    }

    // in most passes not even the least room can be spared
    private boolean mayBeAny() {
        return draft.free() > view.required() && draft.takers() > policy.minimum();
    }

    private boolean isSurplus(Machine machine) {
        return draft.free() - machine.room() >= view.required()
                && draft.takers() - 1 >= policy.minimum()
                && machine.instance().isPresent()
                && !placing.isReserved(machine)
                && machine.reasonToKeep().isEmpty();
    }

    /** Returns the surplus that lasts; empty when there is none. */
    Optional<LastingSurplus> lastingSurplus() {
        return lasting;
    }

    /**
     * Why active nodes with room are kept. Immutable and thread-safe.
     *
     * @param policy what the user asks of the pool
     * @param free slots that are free once the actions of the pass are done
     * @param required slots that are required
     * @param takers nodes that take servers once the actions of the pass are done
     * @param since since when there has been a surplus; empty when there is none
     * @param reserved whether a server that waits has its place on a node
     */
    record Outlook(
            PoolPolicy policy,
            long free,
            long required,
            int takers,
            Optional<Instant> since,
            Predicate<Machine> reserved) {
        /** Returns what is to be said of an active node with room that is not cordoned. */
        String of(Machine machine) {
            long left = free - machine.room();
            if (machine.instance().isEmpty()) {
                return "kept: the cloud lists no machine for it, so it could not be deleted";
            }
            if (machine.reasonToKeep().isPresent()) {
                return "kept: " + machine.reasonToKeep().get();
            }
            if (reserved.test(machine)) {
                return "needed: a server that waits for a node has room here";
            }
            if (left < required) {
                return "needed: without it " + Count.are(left, "slot") + " free and " + Count.are(required)
                        + " required";
            }
            if (takers - 1 < policy.minimum()) {
                return "needed: the minimum is " + Count.of(policy.minimum(), "node that takes", "nodes that take")
                        + " servers";
            }
            return "surplus since %s; cordoned when it has lasted %d s"
                    .formatted(since.orElseThrow(), policy.cordonDelay().toSeconds());
        }
    }
}
