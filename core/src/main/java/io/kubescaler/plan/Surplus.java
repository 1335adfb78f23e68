package io.kubescaler.plan;

import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Step 4 of a pass: sets nodes aside without which the buffer and the minimum still stand. Thousands of nodes share few
 * verdicts, which are written once: writing them was the dearest part of a pass.
 */
final class Surplus {
    private static final Comparator<Machine> EMPTIEST_FIRST = Comparator.comparingInt(Machine::servers)
            .thenComparing(Comparator.comparingLong(Machine::room).reversed())
            .thenComparing(machine -> machine.requireNode().createdAt(), Comparator.reverseOrder())
            .thenComparing(Machine::name);

    private final PoolPolicy policy;
    private final PoolView view;
    private final PoolHistory history;
    private final Instant now;
    private final Draft draft;
    private final String neededForMinimum;
    // by the slots that would be left
    private final Map<Long, String> neededForBuffer = new HashMap<>();
    private Optional<Instant> since = Optional.empty();

    Surplus(PoolPolicy policy, PoolView view, PoolHistory history, Instant now, Draft draft) {
        this.policy = policy;
        this.view = view;
        this.history = history;
        this.now = now;
        this.draft = draft;
        neededForMinimum = "needed: the minimum is " + policy.minimum() + " nodes that take servers";
    }

    void cordon() {
        List<Machine> candidates = new ArrayList<>();
        boolean any = false;
        for (Machine machine : view.in(NodeState.ACTIVE)) {
            if (machine.room() > 0) {
                candidates.add(machine);
                any |= isSurplus(machine);
            }
        }
        since = any ? Optional.of(begun()) : Optional.empty();
        // the order decides which of them go: while none does, thousands of nodes need not be sorted
        if (hasLasted()) {
            candidates.sort(EMPTIEST_FIRST);
        }
        candidates.forEach(this::judge);
    }

    // a time still to come was noted by a clock that has been set back since
    private Instant begun() {
        return history.surplusSince().filter(it -> !it.isAfter(now)).orElse(now);
    }

    private boolean hasLasted() {
        return since.filter(it -> Duration.between(it, now).compareTo(policy.cordonDelay()) >= 0)
                .isPresent();
    }

    private void judge(Machine machine) {
        if (machine.instance().isEmpty()) {
            draft.verdict(machine, "kept: the cloud lists no machine for it, so it could not be deleted");
        } else if (machine.reasonToKeep().isPresent()) {
            draft.verdict(machine, "kept: " + machine.reasonToKeep().get());
        } else if (!buffered(machine)) {
            draft.verdict(machine, neededForBuffer(draft.free() - machine.room()));
        } else if (!populated()) {
            draft.verdict(machine, neededForMinimum);
        } else {
            cordonWhenLasting(machine);
        }
    }

    private boolean isSurplus(Machine machine) {
        return machine.instance().isPresent() && machine.reasonToKeep().isEmpty() && buffered(machine) && populated();
    }

    private boolean buffered(Machine without) {
        return draft.free() - without.room() >= view.required();
    }

    private boolean populated() {
        return draft.takers() - 1 >= policy.minimum();
    }

    private String neededForBuffer(long left) {
        return neededForBuffer.computeIfAbsent(
                left, it -> "needed: without it " + it + " slots are free and " + view.required() + " are required");
    }

    private void cordonWhenLasting(Machine machine) {
        if (!hasLasted()) {
            draft.verdict(
                    machine,
                    "surplus since %s; cordoned when it has lasted %d s"
                            .formatted(since.orElseThrow(), policy.cordonDelay().toSeconds()));
            return;
        }
        long slots = machine.room();
        Reason reason = new Reason.Surplus(draft.free(), slots, view.required(), machine.servers());
        draft.act(machine, new Action.Cordon(machine.name(), machine.servers() == 0, reason));
        draft.lose(slots);
    }

    /** Returns since when there has been a surplus; empty when there is none. */
    Optional<Instant> since() {
        return since;
    }
}
