package io.kubescaler.digitalocean;

import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps the requests made with one token below the account's rate: so many in any minute, so many in any hour, and none
 * while the cloud has asked for a pause. The cloud counts by token, so all pools with the same token share one limiter.
 * Thread-safe.
 *
 * <p>It remembers when each request of the last hour left (8 bytes each), which mirrors how the cloud counts: every
 * request is forgotten one hour after it was made, not all at once.
 */
final class RequestLimiter {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final int perMinute;
    private final int perHour;
    private final LongSupplier nanoTime;
    private final long[] sentAt;
    private long sent;
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
        this.nanoTime = nanoTime;
        this.sentAt = new long[Math.max(perMinute, perHour)];
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
     * @param longest how long to wait at most
     * @param pause how to wait
     * @throws ProviderException.RateLimited at once when the wait would be longer
     * @throws ProviderException.Transient when the provider is closed meanwhile
     * @throws InterruptedException when the thread is interrupted meanwhile
     */
    void acquire(Duration longest, Pause pause)
            throws InterruptedException, ProviderException.RateLimited, ProviderException.Transient {
        long left = longest.toNanos();
        for (Turn turn = next(); turn.waitNanos > 0; turn = next()) {
            if (turn.waitNanos > left) {
                throw new ProviderException.RateLimited(turn.why, Duration.ofNanos(turn.waitNanos));
            }
            pause.forNanos(turn.waitNanos);
            left -= turn.waitNanos;
        }
    }

    private synchronized Turn next() {
        long now = nanoTime.getAsLong();
        if (paused && pauseEnd - now > 0) {
            return new Turn(pauseEnd - now, "DigitalOcean has asked for a pause in all requests with this token");
        }
        paused = false;
        long minute = untilBelow(perMinute, MINUTE, now);
        long hour = untilBelow(perHour, HOUR, now);
        if (minute == 0 && hour == 0) {
            sentAt[(int) (sent % sentAt.length)] = now;
            sent++;
            return new Turn(0, "");
        }
        String limit = hour >= minute
                ? "requests-per-hour (%d)".formatted(perHour)
                : "requests-per-minute (%d)".formatted(perMinute);
        return new Turn(Math.max(minute, hour), "all of " + limit + " for this token is used up, so nothing was sent");
    }

    private long untilBelow(int limit, long window, long now) {
        if (sent < limit) {
            return 0;
        }
        long oldest = sentAt[(int) ((sent - limit) % sentAt.length)];
        return Math.max(0, oldest + window - now);
    }

    private record Turn(long waitNanos, String why) {}
}
