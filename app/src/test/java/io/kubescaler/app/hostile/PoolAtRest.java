package io.kubescaler.app.hostile;

import io.kubescaler.control.ClusterException;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.model.Node;
import io.kubescaler.model.Node.Marks;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A pool at rest, of which watchers are told things that must never happen. */
abstract class PoolAtRest {
    final World world;
    Replica replica;
    Node node;

    PoolAtRest(Scenario scenario) {
        world = new World(scenario);
    }

    @BeforeEach
    final void letItComeToRest() {
        world.begin();
        pass(Duration.ofMinutes(15));
        replica = world.replica(0).orElseThrow();
        node = world.journals().nodesNow().get(0);
    }

    @AfterEach
    final void end() {
        world.end();
    }

    final void pass(Duration duration) {
        world.turns().runUntil(world.clock().nanos() + duration.toNanos());
    }

    final void tell(Consumer<Watcher> fact) {
        world.watchers().forEach(fact);
    }

    final List<String> violations(String invariant) {
        return world.history().violations().stream()
                .filter(text -> text.startsWith(invariant + ":"))
                .toList();
    }

    final void bindServer() {
        world.cluster().bindPod(Scenario.server("s"), node.name());
    }

    static Marks marks(Instant cordonedAt, Instant emptySince) {
        return new Marks(Optional.of(cordonedAt), Optional.of(emptySince), Optional.empty(), false);
    }

    final Node cordoned(Marks marks) {
        try {
            return world.cluster().write(node.name(), version(), Optional.of(true), before -> marks);
        } catch (ClusterException refused) {
            throw new IllegalStateException("the present version was refused", refused);
        }
    }

    private String version() {
        return world.node(node.name()).orElseThrow().resourceVersion();
    }

    final PassRecord record(Action... actions) {
        Plan plan = plan(Condition.OK, "", actions);
        List<Outcome> done = Arrays.stream(actions)
                .map(action -> new Outcome(action, Result.DONE, ""))
                .toList();
        return new PassRecord(plan, done, Duration.ZERO);
    }

    final Plan plan(Condition condition, String message, Action... actions) {
        return plan(condition, message, 0, actions);
    }

    final Plan plan(Condition condition, String message, int serverPods, Action... actions) {
        return new Plan(
                world.policy().pool(),
                replica.wallTime(),
                condition,
                message,
                2,
                8,
                4,
                0,
                4,
                serverPods,
                0,
                OptionalLong.of(4),
                Optional.empty(),
                List.of(),
                List.of(actions),
                List.of(),
                PoolHistory.NONE);
    }
}
