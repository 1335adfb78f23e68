package io.kubescaler.plan;

import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Step 4 of a pass: sets nodes aside without which the buffer and the minimum still stand. Verdicts that thousands of
 * nodes may get are joined, not formatted: formatting was the dearest part of a pass.
 */
final class Surplus {
    private final PoolPolicy policy;
    private final PoolView view;
    private final PoolHistory history;
    private final Instant now;
    private final Draft draft;
    private Optional<Instant> since = Optional.empty();

    Surplus(PoolPolicy policy, PoolView view, PoolHistory history, Instant now, Draft draft) {
        this.policy = policy;
        this.view = view;
        this.history = history;
        this.now = now;
        this.draft = draft;
    }

    void cordon() {
        for (Machine machine : candidates()) {
            long without = draft.free() - view.slots(machine);
            if (machine.instance().isEmpty()) {
                draft.verdict(machine, "kept: the cloud lists no machine for it, so it could not be deleted");
            } else if (machine.reasonToKeep().isPresent()) {
                draft.verdict(machine, "kept: " + machine.reasonToKeep().get());
            } else if (without < view.required()) {
                draft.verdict(
                        machine,
                        "needed: without it " + without + " slots are free and " + view.required() + " are required");
            } else if (draft.takers() - 1 < policy.minimum()) {
                draft.verdict(machine, "needed: the minimum is " + policy.minimum() + " nodes that take servers");
            } else {
                cordonWhenLasting(machine);
            }
        }
    }

    private List<Machine> candidates() {
        return view.machines().stream()
                .filter(machine -> machine.is(NodeState.ACTIVE) && view.slots(machine) > 0)
                .sorted(Comparator.comparingInt(Machine::servers)
                        .thenComparing(view::slots, Comparator.reverseOrder())
                        .thenComparing(machine -> machine.requireNode().createdAt(), Comparator.reverseOrder())
                        .thenComparing(Machine::name))
                .toList();
    }

    private void cordonWhenLasting(Machine machine) {
        // a time still to come was noted by a clock that has been set back since
        Instant begun = history.surplusSince().filter(it -> !it.isAfter(now)).orElse(now);
        since = Optional.of(begun);
        if (Duration.between(begun, now).compareTo(policy.cordonDelay()) < 0) {
            draft.verdict(
                    machine,
                    "surplus since %s; cordoned when it has lasted %d s"
                            .formatted(begun, policy.cordonDelay().toSeconds()));
            return;
        }
        long slots = view.slots(machine);
        Reason reason = new Reason.Surplus(draft.free(), slots, view.required(), machine.servers());
        draft.act(machine, new Action.Cordon(machine.name(), machine.servers() == 0, reason));
        draft.lose(slots);
    }

    /** Returns since when there has been a surplus; empty when there is none. */
    Optional<Instant> since() {
        return since;
    }
}
