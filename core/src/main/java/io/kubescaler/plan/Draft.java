package io.kubescaler.plan;

import io.kubescaler.model.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A plan in the making: what the steps of a pass have decided so far. For one pass. */
final class Draft {
    private final List<Mark> marks = new ArrayList<>();
    private final List<Action> actions = new ArrayList<>();
    // by place; null where nothing was said
    private final @Nullable String[] verdicts;
    private Condition condition = Condition.OK;
    private String message = "";
    private long free;
    private int takers;

    /** @param view the pool as the pass begins */
    Draft(PoolView view) {
        verdicts = new String[view.machines().size()];
        free = view.free();
        takers = view.takers();
    }

    /** Notes an action and makes its reason the machine's verdict. */
    void act(Machine machine, Action action) {
        actions.add(action);
        verdict(machine, action.type() + ": " + action.reason().message());
    }

    /** Notes the deletion of a machine that the cloud lists. */
    void delete(Machine machine, Reason reason) {
        act(
                machine,
                new Action.Delete(machine.requireInstance().id(), machine.node().map(Node::name), reason));
    }

    /** Notes an action that is for no machine. */
    void act(Action action) {
        actions.add(action);
    }

    void mark(Machine machine, Mark.Kind kind, Optional<Instant> at, Reason reason) {
        marks.add(new Mark(machine.name(), kind, at, reason));
    }

    void verdict(Machine machine, String verdict) {
        verdicts[machine.place()] = verdict;
    }

    /** Says how the pool stands; the first trouble named is the one that the later ones follow from. */
    void say(Condition what, String sentence) {
        if (condition == Condition.OK) {
            condition = what;
            message = sentence;
        }
    }

    /** Counts a node in that takes servers again. */
    void gain(long slots) {
        free += slots;
        takers++;
    }

    /** Counts a node out that takes servers no more. */
    void lose(long slots) {
        free -= slots;
        takers--;
    }

    /** Returns the slots that are free once the actions so far are done. */
    long free() {
        return free;
    }

    /** Returns how many nodes take servers once the actions so far are done. */
    int takers() {
        return takers;
    }

    boolean hasVerdict(Machine machine) {
        return verdicts[machine.place()] != null;
    }

    Optional<String> verdictOf(Machine machine) {
        return Optional.ofNullable(verdicts[machine.place()]);
    }

    /** Returns the machines of that state that no step has dealt with. */
    List<Machine> untouched(PoolView view, NodeState state) {
        return view.in(state).stream().filter(machine -> !hasVerdict(machine)).toList();
    }

    Condition condition() {
        return condition;
    }

    /** Returns the condition as a sentence; empty when nothing was said. */
    Optional<String> message() {
        return message.isEmpty() ? Optional.empty() : Optional.of(message);
    }

    List<Mark> marks() {
        return marks;
    }

    List<Action> actions() {
        return actions;
    }
}
