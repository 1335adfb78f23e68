package io.kubescaler.model;

import java.time.Duration;

/**
 * How long the steps of an action may take, and what follows from them. Whatever waits for the end of an action, or for
 * the time from which nothing can come of it any more, derives its wait here. Immutable and thread-safe.
 *
 * @param cloudCall the longest that one call of the provider takes, as the provider states it; above 0
 */
public record TimeBudget(Duration cloudCall) {
    /** The longest that one write to a node takes. Every lease leaves as much after its last check. */
    public static final Duration NODE_WRITE = Duration.ofSeconds(5);

    /** The longest that the live reads of one node and its pods take together, or the search for a node. */
    public static final Duration LIVE_READS = Duration.ofSeconds(30);

    /**
     * How long after its end, or after the end of the process that sent it, the cloud may still carry out an order that it
     * has not answered. Gateways in front of cloud APIs give a request up within it.
     */
    public static final Duration LATE_ORDER = Duration.ofSeconds(60);

    /** How long a pass may go on beginning actions. */
    public static final Duration ACTING = Duration.ofSeconds(30);

    /** The budget for a provider that states nothing: 30 s a call. */
    public static final TimeBudget DEFAULT = new TimeBudget(Duration.ofSeconds(30));

    /** @throws IllegalArgumentException when {@code cloudCall} is not above 0 */
    public TimeBudget {
        if (cloudCall.isNegative() || cloudCall.isZero()) {
            throw new IllegalArgumentException("cloudCall is %s; it must be above 0".formatted(cloudCall));
        }
    }

    /**
     * Returns for how long an order to grow of an earlier process may still be carried out, from when it is known that the
     * process no longer leads: its call may be under way.
     */
    public Duration inheritedOrder() {
        return cloudCall.plus(LATE_ORDER);
    }

    /**
     * Returns for how long a deletion may still be carried out after its node was marked for it, or seen so: the mark, the
     * live reads and the order come one after the other, and an order without an answer may be carried out late.
     */
    public Duration deletion() {
        return NODE_WRITE.plus(LIVE_READS).plus(cloudCall).plus(LATE_ORDER);
    }

    /**
     * Returns the longest that one pass takes: reading the cloud, acting, and one last action begun at the end of that
     * time, which reads the cloud, looks for further nodes, writes and reads its node and orders.
     */
    public Duration pass() {
        return cloudCall.multipliedBy(3).plus(ACTING).plus(NODE_WRITE).plus(LIVE_READS.multipliedBy(2));
    }
}
