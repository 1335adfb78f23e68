package io.kubescaler.app.demo;

import io.kubescaler.app.observe.PassNews;
import io.kubescaler.control.PassListener;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.model.Count;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.NodeState;
import io.kubescaler.plan.Plan;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tells of the demonstration as it happens: how the pool stands, once in a while and whenever something is done, and
 * each action with its reason. For the thread that moves the clock.
 */
final class DemoText implements PassListener {
    private static final String ROW = "%8s  %-5s  %7s  %13s  %s%n";
    private static final String UNDER_ROW = " ".repeat(17) + "%s%n";

    private final PrintWriter out;
    private final Demo demo;
    private final Duration interval;
    private final PassNews news = new PassNews();
    private Optional<Duration> lastRow = Optional.empty();

    /** @param interval how much simulated time passes between two rows while nothing is done */
    DemoText(PrintWriter out, Demo demo, Duration interval) {
        this.out = out;
        this.demo = demo;
        this.interval = interval;
    }

    /** Prints what is to be seen. */
    void begin(long seed, double speed, Optional<Duration> wall) {
        PoolPolicy policy = demo.policy();
        out.printf(
                Locale.ROOT,
                "The production scaler on a simulated cluster and cloud, at %s times real time (seed %d).%n",
                plain(speed),
                seed);
        out.printf(
                Locale.ROOT,
                "Pool demo: %d to %s with room for %s each, a buffer of %s; nodes boot in 45 to 90 s%n"
                        + "and are deleted %d s after their last server. A day of the users takes %d minutes.%n",
                policy.minimum(),
                Count.of(policy.maximum(), "node"),
                Count.of(demo.serversPerNode(), "server"),
                Count.of(policy.buffer(), "free slot"),
                policy.emptyNodeExpiration().toSeconds(),
                DayNightLoad.DAY.toMinutes());
        out.printf(wall.isPresent() ? "It ends by itself; Ctrl-C ends it sooner.%n%n" : "Ctrl-C ends it.%n%n");
        out.printf(Locale.ROOT, ROW, "time", "", "servers", "free/required", "nodes");
        out.flush();
    }

    @Override
    public void passed(PassRecord pass) {
        Duration elapsed = demo.totals().elapsed();
        boolean due = lastRow.map(last -> elapsed.minus(last).compareTo(interval) >= 0)
                .orElse(true);
        List<PassNews.Item> items = news.of(pass);
        if (!due && items.isEmpty()) {
            return;
        }
        lastRow = Optional.of(elapsed);
        Plan plan = pass.plan();
        out.printf(
                Locale.ROOT,
                ROW,
                clockOf(elapsed),
                demo.load().isDay() ? "day" : "night",
                demo.load().running(),
                plan.free() + "/" + plan.required(),
                nodes(plan));
        items.forEach(item -> out.printf(Locale.ROOT, UNDER_ROW, line(item.outcome())));
        out.flush();
    }

    /** Prints the totals. */
    void end() {
        DemoTotals totals = demo.totals();
        Map<String, Integer> actions = totals.actions();
        out.println();
        out.printf(
                Locale.ROOT,
                "After %s of simulated time and %s:%n",
                clockOf(totals.elapsed()),
                Count.of(totals.passes(), "pass", "passes"));
        out.printf(
                Locale.ROOT,
                "  servers  %d created, %d running, %d without a node yet, %d killed by the scaler%n",
                totals.serversCreated(),
                totals.serversRunning(),
                totals.serversUnplaced(),
                totals.serversKilled());
        out.printf(
                Locale.ROOT,
                "  waits    %s waited for a node; p50 %.1f s, p99 %.1f s, longest %.1f s%n",
                Count.of(totals.waited(), "server"),
                seconds(totals.waitOf(0.5)),
                seconds(totals.waitOf(0.99)),
                seconds(totals.waitOf(1)));
        out.printf(
                Locale.ROOT,
                "  actions  %d grow, %d cordon, %d uncordon, %d delete, %d failed%n",
                actions.get("grow"),
                actions.get("cordon"),
                actions.get("uncordon"),
                actions.get("delete"),
                totals.failures());
        out.printf(Locale.ROOT, "  nodes    %d at most, %.2f node-hours%n", totals.peakNodes(), totals.nodeHours());
        out.flush();
    }

    private static String nodes(Plan plan) {
        Map<NodeState, Long> counts =
                plan.nodes().stream().collect(Collectors.groupingBy(report -> report.state(), Collectors.counting()));
        return Arrays.stream(NodeState.values())
                .filter(counts::containsKey)
                .map(state -> counts.get(state) + " " + state.word())
                .collect(Collectors.joining(", "));
    }

    private static String line(Outcome outcome) {
        Action action = outcome.action();
        String result = outcome.result() == Result.DONE
                ? ""
                : " [%s: %s]".formatted(outcome.result().name().toLowerCase(Locale.ROOT), outcome.message());
        return "%-8s %s (%s): %s%s"
                .formatted(
                        action.type(),
                        object(action),
                        action.reason().code(),
                        action.reason().message(),
                        result);
    }

    private static String object(Action action) {
        if (action instanceof Action.Grow grow) {
            return "%d -> %s".formatted(grow.from(), Count.of(grow.to(), "node"));
        }
        return action.target();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }

    private static String clockOf(Duration elapsed) {
        return "%d:%02d:%02d".formatted(elapsed.toHours(), elapsed.toMinutesPart(), elapsed.toSecondsPart());
    }
}
