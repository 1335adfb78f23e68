package io.kubescaler.plan;

import io.kubescaler.model.Count;
import io.kubescaler.model.PoolHistory.GrowthBackoff;
import io.kubescaler.model.PoolPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;

/** Steps 2 and 3 of a pass: gets the nodes and the slots that are missing, taking back before it grows. */
final class Supply {
    private static final Comparator<Machine> FULLEST_FIRST =
            Comparator.comparingInt(Machine::servers).reversed().thenComparing(Machine::name);

    private final PoolPolicy policy;
    private final PoolView view;
    private final Placing placing;
    private final Instant now;
    private final Draft draft;

    Supply(PoolPolicy policy, PoolView view, Placing placing, Instant now, Draft draft) {
        this.policy = policy;
        this.view = view;
        this.placing = placing;
        this.now = now;
        this.draft = draft;
    }

    /** Takes nodes back, fullest first, until the minimum and the buffer stand or none is left that would help. */
    void takeBack() {
        if (!placing.done()) {
            takeBackForThoseWithoutPlace();
        }
        long free = draft.free();
        int takers = draft.takers();
        if (suffice(free, takers)) {
            return;
        }
        List<Machine> chosen = new ArrayList<>();
        Queue<Machine> candidates = takeBackCandidates();
        for (Machine next = candidates.poll(); next != null && !suffice(free, takers); next = candidates.poll()) {
            if (next.room() > 0 || (takers < policy.minimum() && next.lacking().isEmpty())) {
                chosen.add(next);
                free += next.room();
                takers++;
            }
        }
        withoutNeedless(chosen, free, takers).forEach(this::takeBack);
    }

    // a server that no active node has room for, though there may be slots enough
    private void takeBackForThoseWithoutPlace() {
        Queue<Machine> candidates = takeBackCandidates();
        for (Machine next = candidates.poll(); next != null && !placing.done(); next = candidates.poll()) {
            if (placing.wouldHelp(next)) {
                placing.place(next);
                takeBack(next, new Reason.RoomForServer(next.room(), next.servers()));
            }
        }
    }

    private boolean suffice(long free, int takers) {
        return takers >= policy.minimum() && free >= view.required();
    }

    // a later one may have made an earlier one needless: the next pass would find it surplus
    private List<Machine> withoutNeedless(List<Machine> chosen, long freeWithAll, int takersWithAll) {
        List<Machine> needed = new ArrayList<>(chosen);
        long free = freeWithAll;
        for (int i = chosen.size() - 1; i >= 0; i--) {
            long without = free - chosen.get(i).room();
            int takers = takersWithAll - (chosen.size() - needed.size());
            if (without >= view.required() && takers > policy.minimum()) {
                needed.remove(i);
                free = without;
            }
        }
        return needed;
    }

    private void takeBack(Machine machine) {
        long gained = machine.room();
        takeBack(
                machine,
                draft.takers() < policy.minimum()
                        ? new Reason.TakersBelowMinimum(draft.takers(), policy.minimum(), machine.servers())
                        : new Reason.TakenBack(draft.free(), view.required(), gained, machine.servers()));
    }

    private void takeBack(Machine machine, Reason reason) {
        draft.act(
                machine,
                new Action.Uncordon(machine.name(), machine.requireInstance().id(), reason));
        draft.gain(machine);
    }

    // a cordoned node that is not Ready, or that the cloud no longer lists, would take no servers for long; one that is
    // kept is held by a person as it is, and of one in doubt nobody knows whether its machine stays
    private Queue<Machine> takeBackCandidates() {
        Queue<Machine> candidates = new PriorityQueue<>(FULLEST_FIRST);
        for (Machine machine : view.in(NodeState.CORDONED)) {
            if (machine.countsTowardsSize()
                    && machine.fit()
                    && machine.reasonToKeep().isEmpty()
                    && !draft.hasVerdict(machine)) {
                candidates.add(machine);
            }
        }
        return candidates;
    }

    /**
     * Grows to the minimum and by what is still missing.
     *
     * @return whether the pool is to grow
     */
    boolean grow(GrowthBackoff backoff) {
        int size = view.cloud().size();
        int target = Math.max(size, policy.minimum());
        Reason reason = new Reason.BelowMinimum(size, policy.minimum());
        long coming = view.upcoming() + (target - size) * view.slotsPerNewNode().orElse(0);
        long missing = view.required() - draft.free() - coming;
        // beside those to the minimum
        int forThoseWithoutPlace =
                placing.done() ? 0 : placing.needNewNodes(view.coming(), view.unlistedExpected() + target - size);
        boolean learning = Math.max(missing, forThoseWithoutPlace) > 0
                && view.slotsPerNewNode().isEmpty();
        if (learning) {
            if (target == size && view.upcomingNodes() == 0) {
                target = size + 1;
                reason = new Reason.SlotsUnknown(draft.free(), view.required());
            }
        } else if (missing > 0 && view.slotsPerNewNode().getAsLong() == 0) {
            draft.say(
                    Condition.SLOT_LARGER_THAN_NODE,
                    "a slot of %s does not fit on an empty node of this pool: no node is added for the %s"
                            .formatted(policy.slotSize(), Count.of(missing, "missing slot")));
        } else if (missing > 0 || forThoseWithoutPlace > 0) {
            long perNode = view.slotsPerNewNode().getAsLong();
            long forSlots = missing > 0 ? ceilDiv(missing, perNode) : 0;
            if (forThoseWithoutPlace > forSlots) {
                reason = noRoom(placing.firstOnNewNode().orElseThrow(), forThoseWithoutPlace);
            } else if (target == size) {
                reason = new Reason.Short(draft.free(), view.upcoming(), view.required(), perNode);
            }
            target = (int) Math.min(target + Math.max(forSlots, forThoseWithoutPlace), Integer.MAX_VALUE);
        }
        boolean grows = orderUpTo(target, reason, backoff);
        if (learning) {
            // after it: why no machine can be ordered, or why none came, says more
            draft.say(
                    Condition.LEARNING,
                    "how many slots a new node has is not known until one is Ready" + whyNoneCame(backoff));
        }
        return grows;
    }

    private Reason noRoom(WaitingServers servers, int nodes) {
        return new Reason.NoRoomForServer(
                servers.oldest().key(), view.demand().slotsEach(servers), draft.free(), nodes);
    }

    private boolean orderUpTo(int wanted, Reason reason, GrowthBackoff backoff) {
        int size = view.cloud().size();
        int most = Math.min(policy.maximum(), view.cloud().limit().orElse(Integer.MAX_VALUE));
        int target = Math.min(wanted, most);
        String needed = Count.are(wanted, "node") + " needed";
        if (target < wanted) {
            needed += " and %d is %s"
                    .formatted(most, most == policy.maximum() ? "the maximum" : "the most that the cloud will give");
        }
        if (target > size && backoff.pausedAt(now)) {
            draft.say(
                    Condition.GROWTH_PAUSED,
                    "%s; growth is paused until %s: %s"
                            .formatted(needed, backoff.until().orElseThrow(), backoff.why()));
            return false;
        }
        if (target < wanted && wanted > size) {
            draft.say(Condition.AT_MAXIMUM, needed + whyNoneCame(backoff));
        }
        if (target <= size) {
            return false;
        }
        draft.act(new Action.Grow(size, target, reason));
        return true;
    }

    // machines that failed are still there
    private String whyNoneCame(GrowthBackoff backoff) {
        boolean anyIsThere = backoff.counted().stream().anyMatch(view.listedIds()::contains);
        return anyIsThere && !backoff.why().isEmpty() ? "; growth failed last: " + backoff.why() : "";
    }

    private static long ceilDiv(long dividend, long divisor) {
        return (dividend + divisor - 1) / divisor;
    }
}
