package io.kubescaler.plan;

import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import java.time.Instant;

/**
 * Decides what to do with a pool. A pure function: the same arguments give an equal plan, whatever the order in which
 * nodes and instances are listed. Thread-safe.
 */
public final class Planner {
    /**
     * Makes one pass over a snapshot.
     *
     * @param policy what the user asks of the pool
     * @param snapshot what was observed
     * @param history the {@link Plan#history} of the pass before; {@link PoolHistory#NONE} for the first
     * @param now the time to decide for
     */
    public Plan plan(PoolPolicy policy, PoolSnapshot snapshot, PoolHistory history, Instant now) {
        return new Pass(policy, snapshot, history, now).plan();
    }
}
