package io.kubescaler.plan;

import static io.kubescaler.testing.PoolBuilder.NOW;
import static io.kubescaler.testing.PoolBuilder.policy;

import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.Sightings;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plans of a process that has watched a pool for a while, and what tests look at in them. */
final class Plans {
    private Plans() {}

    /** Returns the plan of a process that has run for so long since {@code NOW}. */
    static Plan plan(PoolBuilder pool, PoolHistory history, Duration uptime) {
        return plan(pool, history, uptime, NOW.plus(uptime));
    }

    /** Returns the plan of a process that has run for so long, by a wall clock that may tell something else. */
    static Plan plan(PoolBuilder pool, PoolHistory history, Duration uptime, Instant now) {
        return plan(pool, history, uptime, now, Set.of());
    }

    /**
     * Returns the plan of such a process.
     *
     * @param elsewhere ids of the machines that nodes outside the pool are, or may be
     */
    static Plan plan(PoolBuilder pool, PoolHistory history, Duration uptime, Instant now, Set<String> elsewhere) {
        PoolSnapshot read = pool.build();
        Sightings sightings = new Sightings(Optional.of(uptime), elsewhere, Duration.ZERO, Map.of(), Map.of());
        return new Planner().plan(policy(), new PoolSnapshot(read.cloud(), read.cluster(), sightings), history, now);
    }

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
