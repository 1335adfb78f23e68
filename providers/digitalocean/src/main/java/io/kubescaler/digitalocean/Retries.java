package io.kubescaler.digitalocean;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.kubescaler.provider.ProviderException;
import java.time.Duration;

/**
 * Repeats what failed for a passing reason, a few times, further and further apart and with jitter, within a deadline.
 * For reads alone: an order may be carried out though its answer was lost. Thread-safe.
 */
final class Retries {
    private static final int MAXIMUM_ATTEMPTS = 3;
    private static final int LONGEST_TO_FIRST_DELAY = 8;
    private static final double JITTER = 0.3;

    private final Duration firstDelay;

    /** @param firstDelay the wait before the first repetition; each further one is twice as long, up to 8 times */
    Retries(Duration firstDelay) {
        this.firstDelay = firstDelay;
    }

    /** What is tried. */
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws ProviderException;
    }

    /**
     * Returns the first success of a read.
     *
     * @throws ProviderException the last failure, when none was left to try, no time is left, the thread is
     *     interrupted, or the failure is none that passes
     */
    <T> T read(Deadline deadline, Attempt<T> attempt) throws ProviderException {
        Duration remaining = deadline.remaining();
        if (remaining.isZero()) {
            throw new ProviderException.Transient("not tried: the %d s of this call were used up"
                    .formatted(deadline.total().toSeconds()));
        }
        RetryPolicy<T> policy = RetryPolicy.<T>builder()
                .handleIf(failure -> passes(failure, deadline))
                .withMaxAttempts(MAXIMUM_ATTEMPTS)
                .withMaxDuration(remaining)
                .withBackoff(firstDelay, firstDelay.multipliedBy(LONGEST_TO_FIRST_DELAY))
                .withJitter(JITTER)
                .build();
        try {
            return Failsafe.with(policy).get(attempt::run);
        } catch (FailsafeException wrapped) {
            throw unwrap(wrapped);
        }
    }

    /**
     * Returns the first success of a read that comes before an order.
     *
     * @throws ProviderException what {@link #read} throws; {@link ProviderException.NotSent} for what passes, since the
     *     order itself has not been sent
     */
    <T> T readBeforeOrder(Deadline deadline, Attempt<T> attempt) throws ProviderException {
        try {
            return read(deadline, attempt);
        } catch (ProviderException.Transient failure) {
            throw new ProviderException.NotSent(String.valueOf(failure.getMessage()), failure);
        }
    }

    private static boolean passes(Throwable failure, Deadline deadline) {
        return failure instanceof ProviderException.Transient
                && !Thread.currentThread().isInterrupted()
                && !deadline.isOver();
    }

    private static ProviderException unwrap(FailsafeException wrapped) {
        if (wrapped.getCause() instanceof ProviderException failure) {
            return failure;
        }
        if (wrapped.getCause() instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return new ProviderException.Transient("interrupted while waiting to repeat a request", wrapped);
        }
        throw wrapped;
    }
}
