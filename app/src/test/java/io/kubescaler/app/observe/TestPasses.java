package io.kubescaler.app.observe;

import io.kubescaler.control.Causes;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.NodeReport;
import io.kubescaler.plan.NodeState;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Passes to observe, of a pool with two nodes and three servers on one of them. */
public final class TestPasses {
    public static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    public static final Action GROW = new Action.Grow(2, 3, new Reason.Short(1, 0, 4, 4));
    public static final Action CORDON = new Action.Cordon("node-1", true, new Reason.Surplus(9, 4, 4, 0));
    public static final Action UNCORDON = new Action.Uncordon("node-1", "i-1", new Reason.TakenBack(1, 4, 4, 0));
    public static final Action DELETE = new Action.Delete(
            "i-1", Optional.of("node-1"), new Reason.Expired(NOW, Duration.ofSeconds(130), Duration.ofSeconds(120)));

    private TestPasses() {}

    /** Returns a pass that decided these actions, each of which ended so. */
    public static PassRecord pass(String pool, Condition condition, Result result, Action... actions) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Action action : actions) {
            outcomes.add(new Outcome(action, result, result == Result.DONE ? "" : "words about it"));
        }
        return new PassRecord(plan(pool, condition, reports(2), List.of(actions)), outcomes, Duration.ofMillis(25));
    }

    /** Returns a pass of the pool games that had nothing to do. */
    public static PassRecord idle() {
        return pass("games", Condition.OK, Result.DONE);
    }

    /** Makes a pass in each second of a day. */
    public static void dayOfPasses(Consumer<PassRecord> listener, IntFunction<PassRecord> pass) {
        IntStream.range(0, 86_400).mapToObj(pass).forEach(listener);
    }

    /** Returns the pass of that second with an action that fails every 30 s and waits in between. */
    public static PassRecord heldUp(Action action, int second, String why) {
        int wait = 30 - second % 30;
        Outcome outcome = wait == 30
                ? new Outcome(action, Result.FAILED, why)
                : new Outcome(
                        action,
                        Result.SKIPPED,
                        "tried %d times, again in %d s: %s".formatted(second / 30, wait, why),
                        Causes.of(why));
        return new PassRecord(
                plan("games", NOW.plusSeconds(second), Condition.OK, "", reports(2), List.of(action)),
                List.of(outcome),
                Duration.ofMillis(25));
    }

    /** Returns the pass of that second that had nothing to do, with such a condition. */
    public static PassRecord standing(int second, Condition condition, String message) {
        return new PassRecord(
                plan("games", NOW.plusSeconds(second), condition, message, reports(2), List.of()),
                List.of(),
                Duration.ofMillis(25));
    }

    /** Returns a plan with these reports and actions. */
    public static Plan plan(String pool, Condition condition, List<NodeReport> reports, List<Action> actions) {
        String message = condition == Condition.OK ? "" : "words about the condition";
        return plan(pool, NOW, condition, message, reports, actions);
    }

    private static Plan plan(
            String pool,
            Instant now,
            Condition condition,
            String message,
            List<NodeReport> reports,
            List<Action> actions) {
        return new Plan(
                pool,
                now,
                condition,
                message,
                2,
                5,
                4,
                1,
                5,
                3,
                8,
                OptionalLong.of(4),
                Optional.empty(),
                List.of(),
                actions,
                reports,
                PoolHistory.NONE);
    }

    /** Returns that many active nodes with three servers on the first. */
    public static List<NodeReport> reports(int count) {
        List<NodeReport> reports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            reports.add(new NodeReport(
                    Optional.of("node-" + i),
                    Optional.of("i-" + i),
                    NodeState.ACTIVE,
                    i == 0 ? 3 : 0,
                    1,
                    "it is needed"));
        }
        return reports;
    }
}
