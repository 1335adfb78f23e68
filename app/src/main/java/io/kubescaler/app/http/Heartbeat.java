package io.kubescaler.app.http;

import io.kubescaler.model.TimeBudget;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * A loop that must keep coming round; when it stands still, the process is to be restarted. Thread-safe.
 *
 * @param name the loop as people know it, such as {@code pool games}
 * @param limit the longest time between two turns that is still right; above 0
 * @param sinceLastTurn how long ago the loop last came round, on a clock that never jumps; answers at once
 */
public record Heartbeat(String name, Duration limit, Supplier<Duration> sinceLastTurn) {
    private static final Duration GRACE = Duration.ofSeconds(60);

    /**
     * Returns the heartbeat of a pool's passes: late after three ticks, and no sooner than a minute after the longest
     * pass.
     *
     * @param tick the longest time between two passes
     * @param budget how long the steps of a pass take at most
     */
    public static Heartbeat ofPool(String pool, Duration tick, TimeBudget budget, Supplier<Duration> sinceLastTurn) {
        Duration ticks = tick.multipliedBy(3);
        Duration pass = budget.pass().plus(GRACE);
        return new Heartbeat("pool " + pool, ticks.compareTo(pass) > 0 ? ticks : pass, sinceLastTurn);
    }

    /** Returns whether the loop stood still for too long, when its last turn was so long ago. */
    boolean isLate(Duration since) {
        return since.compareTo(limit) > 0;
    }
}
