package io.kubescaler.control;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * Decides when the next pass of a pool is due: soon after an event, a moment after a pass that was held up, and on every
 * tick. Has no thread and no clock of its own: times are nanoseconds of one clock that never jumps. For one thread.
 */
public final class PassSchedule {
    /** How long a pass waits after an event, so that events that come together make one pass. */
    public static final Duration DEBOUNCE = Duration.ofMillis(20);

    /** How long after a pass that was held up the next one comes. */
    public static final Duration RETRY = Duration.ofSeconds(1);

    private final long tickNanos;
    private long tickDue;
    private OptionalLong soonerDue = OptionalLong.empty();

    /**
     * @param tick the longest time between two passes; above 0
     * @param nowNanos the present time; the first pass is due at once
     * @throws IllegalArgumentException when the tick is not above 0
     */
    public PassSchedule(Duration tick, long nowNanos) {
        if (tick.isNegative() || tick.isZero()) {
            throw new IllegalArgumentException("the tick is %s; it must be above 0".formatted(tick));
        }
        tickNanos = tick.toNanos();
        tickDue = nowNanos;
    }

    /** Something changed that could alter the plan. A pass is due {@link #DEBOUNCE} after the first such change. */
    public void event(long nowNanos) {
        sooner(nowNanos + DEBOUNCE.toNanos());
    }

    /** A pass was held up by something that passes quickly. */
    public void retry(long nowNanos) {
        sooner(nowNanos + RETRY.toNanos());
    }

    /** Returns when the next pass is due. */
    public long dueAtNanos() {
        long sooner = soonerDue.orElse(tickDue);
        return sooner - tickDue < 0 ? sooner : tickDue;
    }

    /** A pass begins: it sees all that has happened up to now. */
    public void begin(long nowNanos) {
        soonerDue = OptionalLong.empty();
        tickDue = nowNanos + tickNanos;
    }

    private void sooner(long due) {
        if (soonerDue.isEmpty() || due - soonerDue.getAsLong() < 0) {
            soonerDue = OptionalLong.of(due);
        }
    }
}
