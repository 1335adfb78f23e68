package io.kubescaler.plan;

import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.TimeBudget;
import java.time.Instant;

/**
 * Decides what to do with a pool. A pure function: the same arguments give an equal plan, whatever the order in which
 * nodes and instances are listed, and whatever was planned before. It keeps what it works out of nodes that stay the same
 * objects from one call to the next, so it is cheapest for one pool. For one thread.
 */
public final class Planner {
    private final PoolMemory memory = new PoolMemory();
    private final TimeBudget budget;

    /** @param budget how long actions take at most */
    public Planner(TimeBudget budget) {
        this.budget = budget;
    }

    /** Makes a planner for a provider whose calls take the usual time, see {@link TimeBudget#DEFAULT}. */
    public Planner() {
        this(TimeBudget.DEFAULT);
    }

    /**
     * Makes one pass over a snapshot.
     *
     * @param policy what the user asks of the pool
     * @param snapshot what was observed
     * @param history the {@link Plan#history} of the pass before; {@link PoolHistory#NONE} for the first
     * @param now the time to decide for
     */
    public Plan plan(PoolPolicy policy, PoolSnapshot snapshot, PoolHistory history, Instant now) {
        return new Pass(policy, snapshot, history, memory, budget, now).plan();
    }
}
