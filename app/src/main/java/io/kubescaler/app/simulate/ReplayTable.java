package io.kubescaler.app.simulate;

import io.kubescaler.app.output.Table;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Writes the outcome of a replay for people. */
final class ReplayTable {
    private ReplayTable() {}

    /** Writes the trace in a line, and a table with a line for each policy. */
    static void write(PrintWriter out, Trace trace, Grid grid, List<Outcome> outcomes) {
        out.printf(
                Locale.ROOT,
                "Servers: %,d in %.1f days, at most %,d at once; with %d on a node, at least %,.1f node-hours.%n%n",
                trace.servers().size(),
                trace.length().toSeconds() / 86_400.0,
                trace.peak(),
                grid.slotsPerNode(),
                trace.lowerBoundNodeHours(grid.slotsPerNode()));
        List<String> header = new ArrayList<>(List.of(
                "BUFFER",
                "EXPIRATION",
                "WAITED",
                "SHARE",
                "P50",
                "P99",
                "MAX",
                "NODE-HOURS",
                "OF LOWER BOUND",
                "PEAK",
                "ORDERED",
                "CHANGES"));
        grid.pricePerHour().ifPresent(price -> header.add("COST"));
        Table table = new Table("", header.toArray(String[]::new));
        outcomes.forEach(outcome -> table.row(row(trace, grid, outcome)));
        table.write(out);
        out.println();
        out.println("Waits are over all servers, those that found room at once included.");
        out.println("Changes are the times that a node was set aside or taken back.");
        out.flush();
    }

    private static String[] row(Trace trace, Grid grid, Outcome outcome) {
        double lowerBound = trace.lowerBoundNodeHours(grid.slotsPerNode());
        List<String> cells = new ArrayList<>(List.of(
                String.valueOf(outcome.cell().buffer()),
                seconds(outcome.cell().expiration()),
                String.format(Locale.ROOT, "%,d", outcome.waited()),
                String.format(Locale.ROOT, "%.2f %%", 100 * outcome.waitShare()),
                seconds(outcome.waitOf(0.5)),
                seconds(outcome.waitOf(0.99)),
                seconds(outcome.waitOf(1)),
                String.format(Locale.ROOT, "%,.1f", outcome.nodeHours()),
                lowerBound > 0 ? String.format(Locale.ROOT, "%.0f %%", 100 * outcome.nodeHours() / lowerBound) : "-",
                String.valueOf(outcome.peakNodes()),
                String.format(Locale.ROOT, "%,d", outcome.nodesOrdered()),
                String.format(Locale.ROOT, "%,d", outcome.changes())));
        grid.pricePerHour()
                .ifPresent(price -> cells.add(String.format(Locale.ROOT, "%,.2f", price * outcome.nodeHours())));
        return cells.toArray(String[]::new);
    }

    private static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%,d s", duration.toSeconds());
    }
}
