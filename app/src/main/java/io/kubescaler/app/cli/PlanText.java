package io.kubescaler.app.cli;

import io.kubescaler.app.output.Table;
import io.kubescaler.model.Count;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Mark;
import io.kubescaler.plan.NodeReport;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Reason;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows a plan to people. */
final class PlanText {
    private PlanText() {}

    /** Writes a plan. */
    static void write(Plan plan, PrintWriter out) {
        out.printf(
                "pool %s at %s: %s%n", plan.pool(), plan.now(), plan.condition().word());
        out.printf("  %s%n", plan.message());
        String perNode = plan.slotsPerNewNode().isPresent()
                ? String.valueOf(plan.slotsPerNewNode().getAsLong())
                : "not known";
        out.printf(
                Locale.ROOT,
                "  size %d; slots: %d free, %d required (buffer %d + %d for %d unplaced), %d upcoming, %s per new node%n",
                plan.size(),
                plan.free(),
                plan.required(),
                plan.buffer(),
                plan.required() - plan.buffer(),
                plan.unplaced(),
                plan.upcoming(),
                perNode);
        out.printf("  server pods in the cluster: %d%n", plan.serverPods());
        actions(plan, out);
        nodes(plan, out);
    }

    private static void actions(Plan plan, PrintWriter out) {
        if (plan.actions().isEmpty() && plan.marks().isEmpty()) {
            out.println("nothing to do");
            return;
        }
        Table table = new Table("  ", "ACTION", "WHAT", "WHY");
        for (Mark mark : plan.marks()) {
            String kind = mark.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
            table.row("annotate", mark.node() + " " + kind, why(mark.reason()));
        }
        for (Action action : plan.actions()) {
            table.row(action.type(), what(action), why(action.reason()));
        }
        out.println("to do, in this order:");
        table.write(out);
    }

    private static String what(Action action) {
        if (action instanceof Action.Grow grow) {
            return "from %d to %s".formatted(grow.from(), Count.of(grow.to(), "node"));
        }
        if (action instanceof Action.Delete delete) {
            return delete.node().map("%s"::formatted).orElse("instance " + delete.instance());
        }
        return action.target();
    }

    private static String why(Reason reason) {
        return reason.code() + ": " + reason.message();
    }

    private static void nodes(Plan plan, PrintWriter out) {
        if (plan.nodes().isEmpty()) {
            out.println("no nodes");
            return;
        }
        Table table = new Table("  ", "NODE", "STATE", "SERVERS", "SLOTS", "VERDICT");
        for (NodeReport node : plan.nodes()) {
            table.row(
                    node.name()
                            .or(() -> node.instance().map("(instance %s)"::formatted))
                            .orElse("(unknown)"),
                    node.state().word(),
                    String.valueOf(node.servers()),
                    String.valueOf(node.slots()),
                    node.verdict());
        }
        out.println("nodes:");
        table.write(out);
    }
}
