package io.kubescaler.plan;

import java.util.List;

/** What tests look at in a plan. */
final class Plans {
    private Plans() {}

    /** Returns the actions, such as {@code cordon a} and {@code grow 2 to 4}. */
    static List<String> actions(Plan plan) {
        return plan.actions().stream()
                .map(action -> action instanceof Action.Grow grow
                        ? "grow %d to %d".formatted(grow.from(), grow.to())
                        : action.type() + " " + action.target())
                .toList();
    }

    /** Returns the report of the node of that name, or of the instance of that id where it has no node. */
    static NodeReport report(Plan plan, String name) {
        return plan.nodes().stream()
                .filter(node -> node.name().or(node::instance).orElseThrow().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Returns what the plan says of that node. */
    static String verdict(Plan plan, String name) {
        return report(plan, name).verdict();
    }
}
