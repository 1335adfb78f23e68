package io.kubescaler.digitalocean;

import io.kubescaler.model.Count;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.provider.ProviderException.RateLimited.Scope;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps the requests made with one token below the account's rate: so many in any minute, so many in any hour, and none
 * while the cloud has asked for a pause. A tenth of both is kept for growth, which cannot wait, and a tenth is the most
 * that deletions get, which can: however many there are, reading and growth go on. Reading has the rest, evenly, so that
 * it does not come to a stop for the rest of an hour. The cloud counts by token, so all pools with the same token share
 * one limiter. Thread-safe.
 *
 * <p>It remembers when each request of the last hour left (8 bytes each), which mirrors how the cloud counts: every
 * request is forgotten one hour after it was made, not all at once.
 */
final class RequestLimiter {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final long HOUR = Duration.ofHours(1).toNanos();
    private static final int SHARES = 10;

    private final int perMinute;
    private final int perHour;
    private final int readsPerMinute;
    private final int deletionsPerMinute;
    private final int deletionsPerHour;
    private final int untilReserve;
    private final LongSupplier nanoTime;
    private final Sent all;
    private final Sent reads;
    private final Sent deletions;
    private long pauseEnd;
    private boolean paused;

    /**
     * @param perMinute the most requests in any 60 seconds; at least 1
     * @param perHour the most requests in any 3,600 seconds; at least 1
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    RequestLimiter(int perMinute, int perHour, LongSupplier nanoTime) {
        this.perMinute = perMinute;
        this.perHour = perHour;
        this.untilReserve = Math.max(1, perHour - perHour / SHARES);
        this.deletionsPerMinute = Math.max(1, perMinute / SHARES);
        this.deletionsPerHour = Math.max(1, perHour / SHARES);
        this.readsPerMinute = Math.max(1, Math.min(withoutTwoShares(perMinute), withoutTwoShares(perHour) / 60));
        this.nanoTime = nanoTime;
        this.all = new Sent(Math.max(perMinute, perHour));
        this.reads = new Sent(readsPerMinute);
        this.deletions = new Sent(Math.max(deletionsPerMinute, deletionsPerHour));
    }

    private static int withoutTwoShares(int limit) {
        return limit - 2 * (limit / SHARES);
    }

    /** What a request is for. */
    enum Use {
        /** An order to grow, or the reading right before or after it. */
        GROWTH,
        /** A deletion, or the reading that is part of it. */
        DELETION,
        /** Any other reading. */
        READ
    }

    /** Lets no request leave for so long from now; a longer pause that is under way stays. */
    synchronized void pauseFor(Duration duration) {
        long end = nanoTime.getAsLong() + duration.toNanos();
        if (!paused || end - pauseEnd > 0) {
            pauseEnd = end;
        }
        paused = true;
    }

    /**
     * Returns when one more request may leave, which then counts as made.
     *
     * @param use what the request is for
     * @param longest how long to wait at most
     * @param pause how to wait
     * @throws ProviderException.RateLimited at once when the wait would be longer; of such requests only, unless none at
     *     all may leave
     * @throws ProviderException.Transient when the provider is closed meanwhile
     * @throws InterruptedException when the thread is interrupted meanwhile
     */
    void acquire(Use use, Duration longest, Pause pause)
            throws InterruptedException, ProviderException.RateLimited, ProviderException.Transient {
        long left = longest.toNanos();
        for (Turn turn = next(use); turn.waitNanos > 0; turn = next(use)) {
            if (turn.waitNanos > left) {
                throw new ProviderException.RateLimited(turn.why, Duration.ofNanos(turn.waitNanos), turn.scope);
            }
            pause.forNanos(turn.waitNanos);
            left -= turn.waitNanos;
        }
    }

    private synchronized Turn next(Use use) {
        long now = nanoTime.getAsLong();
        if (paused && pauseEnd - now > 0) {
            return new Turn(
                    pauseEnd - now,
                    "DigitalOcean has asked for a pause in all requests with this token",
                    Scope.EVERYTHING);
        }
        paused = false;
        Turn turn = turnOfAll(now);
        if (turn.waitNanos == 0) {
            turn = switch (use) {
                case GROWTH -> turn;
                case DELETION -> turnOfDeletions(now);
                case READ -> turnOfReads(now);
            };
        }
        if (turn.waitNanos == 0) {
            count(use, now);
        }
        return turn;
    }

    private void count(Use use, long now) {
        all.add(now);
        switch (use) {
            case GROWTH -> {
                // has no bound of its own
            }
            case DELETION -> deletions.add(now);
            case READ -> reads.add(now);
        }
    }

    private Turn turnOfAll(long now) {
        long minute = all.untilBelow(perMinute, MINUTE, now);
        long hour = all.untilBelow(perHour, HOUR, now);
        String limit = hour >= minute
                ? "requests-per-hour (%d)".formatted(perHour)
                : "requests-per-minute (%d)".formatted(perMinute);
        return new Turn(
                Math.max(minute, hour),
                "all of " + limit + " for this token is used up, so nothing was sent",
                Scope.EVERYTHING);
    }

    private Turn turnOfReads(long now) {
        long minute = reads.untilBelow(readsPerMinute, MINUTE, now);
        String why = "requests-per-hour (%d) and requests-per-minute (%d) allow %s a minute, so nothing was read"
                .formatted(perHour, perMinute, Count.of(readsPerMinute, "read"));
        return later(new Turn(minute, why, Scope.READS), reserve(now, Scope.READS));
    }

    private Turn turnOfDeletions(long now) {
        long minute = deletions.untilBelow(deletionsPerMinute, MINUTE, now);
        long hour = deletions.untilBelow(deletionsPerHour, HOUR, now);
        String why = "the deletions' part of the rate is %s a minute and %d an hour, so nothing was deleted"
                .formatted(Count.of(deletionsPerMinute, "request"), deletionsPerHour);
        return later(new Turn(Math.max(minute, hour), why, Scope.DELETIONS), reserve(now, Scope.DELETIONS));
    }

    private Turn reserve(long now, Scope scope) {
        String why = "%d of requests-per-hour (%d) are used up and the rest is kept for growth, so nothing was sent"
                .formatted(untilReserve, perHour);
        return new Turn(all.untilBelow(untilReserve, HOUR, now), why, scope);
    }

    private static Turn later(Turn one, Turn other) {
        return one.waitNanos > other.waitNanos ? one : other;
    }

    private record Turn(long waitNanos, String why, Scope scope) {}

    /** When the latest requests left. */
    private static final class Sent {
        private final long[] at;
        private long count;

        Sent(int kept) {
            at = new long[kept];
        }

        void add(long now) {
            at[(int) (count % at.length)] = now;
            count++;
        }

        /** Returns how long it takes until fewer than the limit have left within the window. */
        long untilBelow(int limit, long window, long now) {
            if (count < limit) {
                return 0;
            }
            long oldest = at[(int) ((count - limit) % at.length)];
            return Math.max(0, oldest + window - now);
        }
    }
}
