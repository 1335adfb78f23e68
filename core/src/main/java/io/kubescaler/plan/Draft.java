package io.kubescaler.plan;

import io.kubescaler.model.Node;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A plan in the making: what the steps of a pass have decided so far. For one pass. */
final class Draft {
    private final List<Mark> marks = new ArrayList<>();
    private final NavigableMap<String, String> held = new TreeMap<>();
    private final List<Action> actions = new ArrayList<>();
    // by place; nothing of the machines that no step has dealt with
    private final Map<Integer, Supplier<String>> verdicts = new HashMap<>();
    private Condition condition = Condition.OK;
    private String message = "";
    private long free;
    private int takers;
    private OptionalInt fewestTakenBack = OptionalInt.empty();

    /** @param view the pool as the pass begins */
    Draft(PoolView view) {
        free = view.free();
        takers = view.takers();
    }

    /** Notes an action and makes its reason the machine's verdict. */
    void act(Machine machine, Action action) {
        actions.add(action);
        verdict(machine, () -> action.type() + ": " + action.reason().message());
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
        verdict(machine, () -> verdict);
    }

    /** Says of a machine what is only written when somebody reads it: of what never changes. */
    void verdict(Machine machine, Supplier<String> verdict) {
        verdicts.put(machine.place(), verdict);
        held.remove(machine.name());
    }

    /** Says how the pool stands; the first trouble named is the one that the later ones follow from. */
    void say(Condition what, String sentence) {
        if (condition == Condition.OK) {
            condition = what;
            message = sentence;
        }
    }

    /** Counts a node in that takes servers again. */
    void gain(Machine takenBack) {
        free += takenBack.room();
        takers++;
        fewestTakenBack = OptionalInt.of(Math.min(fewestTakenBack.orElse(Integer.MAX_VALUE), takenBack.servers()));
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

    /** Returns the fewest servers of a node that is taken back; empty when none is. */
    OptionalInt fewestTakenBack() {
        return fewestTakenBack;
    }

    /** Returns how many nodes take servers once the actions so far are done. */
    int takers() {
        return takers;
    }

    /** Returns what was said of machines, by their places. */
    Map<Integer, Supplier<String>> verdicts() {
        return verdicts;
    }

    /** Says of a machine that it would be deleted, were it not for that. */
    void hold(Machine machine, String as, String why) {
        verdict(machine, as + why);
        held.put(machine.name(), why);
    }

    boolean hasVerdict(Machine machine) {
        return verdicts.containsKey(machine.place());
    }

    /** Returns those of the machines that no step has dealt with. */
    List<Machine> untouched(List<Machine> machines) {
        return verdicts.isEmpty()
                ? machines
                : machines.stream().filter(machine -> !hasVerdict(machine)).toList();
    }

    Condition condition() {
        return condition;
    }

    /** Returns the condition as a sentence; empty when nothing was said. */
    Optional<String> message() {
        if (message.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(condition == Condition.AT_MAXIMUM ? message + whyNoneGoes() : message);
    }

    // what takes no servers has the place of one that would
    private String whyNoneGoes() {
        if (held.isEmpty()) {
            return "";
        }
        Map.Entry<String, String> one = held.firstEntry();
        String others =
                held.size() == 1 ? "" : "; nor %s %d more".formatted(held.size() == 2 ? "is" : "are", held.size() - 1);
        return "; %s is not deleted: %s%s".formatted(one.getKey(), one.getValue(), others);
    }

    List<Mark> marks() {
        return marks;
    }

    List<Action> actions() {
        return actions;
    }
}
