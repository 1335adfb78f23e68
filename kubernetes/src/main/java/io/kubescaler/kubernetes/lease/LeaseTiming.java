package io.kubescaler.kubernetes.lease;

import io.kubescaler.model.TimeBudget;
import java.time.Duration;

/**
 * The times of a lease, and what follows from them. All are measured on a clock of this machine; clocks of different
 * machines are never compared.
 *
 * <p>Let S be the moment right <em>before</em> the holder sent its last successful renewal. Another replica sees that
 * renewal at S or later, and takes over no earlier than {@code leaseDuration} after it saw it, so never before
 * {@code S + leaseDuration}. The holder begins a write only before {@code S + actFor}, where {@code actFor} is
 * {@code renewDeadline} less a fifth. A write begun at that last moment still has {@code leaseDuration - actFor} before
 * anybody else can act; less a second for clocks that run unevenly and limits that strike late, that is
 * {@link #longestWrite}, beyond which no request that changes anything may last. With the defaults, 15, 10 and 5 s:
 * acting ends 8 s after S, and the last write has 6 s.
 *
 * <p>For acting to go on without a gap, a renewal must succeed within {@code actFor} of the one before:
 * {@code renewInterval + requestTimeout <= actFor}, which holds for all valid values.
 *
 * @param leaseDuration after this long without seeing a renewal another replica takes over
 * @param renewDeadline when its last renewal is older, the holder gives the lease up; below {@code leaseDuration}
 * @param retryPeriod the time between two looks at the lease; above 0 and below {@code renewDeadline}
 */
public record LeaseTiming(Duration leaseDuration, Duration renewDeadline, Duration retryPeriod) {
    private static final int ALLOWANCE_SHARE = 5;
    private static final Duration MARGIN = Duration.ofSeconds(1);

    /**
     * Checks the order of the times.
     *
     * @throws IllegalArgumentException unless {@code 0 < retryPeriod < renewDeadline < leaseDuration}
     */
    public LeaseTiming {
        if (retryPeriod.isNegative() || retryPeriod.isZero()) {
            throw new IllegalArgumentException("retry-period is " + retryPeriod + " and must be above 0");
        }
        if (renewDeadline.compareTo(retryPeriod) <= 0) {
            throw new IllegalArgumentException(
                    "renew-deadline is " + renewDeadline + " and must be above retry-period, " + retryPeriod);
        }
        if (leaseDuration.compareTo(renewDeadline) <= 0) {
            throw new IllegalArgumentException(
                    "lease-duration is " + leaseDuration + " and must be above renew-deadline, " + renewDeadline);
        }
    }

    /** Returns for how long after S the holder begins writes. */
    public Duration actFor() {
        return renewDeadline.minus(renewDeadline.dividedBy(ALLOWANCE_SHARE));
    }

    /** Returns the longest that one request which changes anything may take; 0 or less when the times leave no room. */
    public Duration longestWrite() {
        return leaseDuration.minus(actFor()).minus(MARGIN);
    }

    /** Returns the shortest lease duration, in whole seconds, with which these times leave enough to change a node. */
    public Duration leastLeaseDuration() {
        Duration least = actFor().plus(MARGIN).plus(TimeBudget.NODE_WRITE);
        return Duration.ofSeconds(least.plusNanos(999_999_999).toSeconds());
    }

    /** Returns the time between two renewals of the holder: the retry period, less where that would leave gaps. */
    public Duration renewInterval() {
        return shorter(retryPeriod, actFor().multipliedBy(5).dividedBy(8));
    }

    /** Returns the longest that one request for the lease may take; always below the retry period. */
    public Duration requestTimeout() {
        return shorter(retryPeriod.multipliedBy(9).dividedBy(10), actFor().minus(renewInterval()));
    }

    private static Duration shorter(Duration left, Duration right) {
        return left.compareTo(right) <= 0 ? left : right;
    }
}
