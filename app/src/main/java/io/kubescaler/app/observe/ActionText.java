package io.kubescaler.app.observe;

import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.model.Count;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Action.Cordon;
import io.kubescaler.plan.Action.Delete;
import io.kubescaler.plan.Action.Grow;
import io.kubescaler.plan.Action.Uncordon;
import java.util.Locale;

/** Puts actions into words, for logs. */
final class ActionText {
    private ActionText() {}

    /** Returns what is done to what, such as {@code cordon node-1} or {@code grow from 2 to 4 nodes}. */
    static String describe(Action action) {
        return action.accept(new Action.Visitor<>() {
            @Override
            public String uncordon(Uncordon uncordon) {
                return "uncordon " + uncordon.node();
            }

            @Override
            public String grow(Grow grow) {
                return "grow from %d to %s".formatted(grow.from(), Count.of(grow.to(), "node"));
            }

            @Override
            public String cordon(Cordon cordon) {
                return "cordon " + cordon.node();
            }

            @Override
            public String delete(Delete delete) {
                return delete.node()
                        .map(node -> "delete %s (instance %s)".formatted(node, delete.instance()))
                        .orElseGet(() -> "delete instance " + delete.instance());
            }
        });
    }

    /** Returns a result as metrics and JSON documents spell it, such as {@code not-acting}. */
    static String word(Result result) {
        return result.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
