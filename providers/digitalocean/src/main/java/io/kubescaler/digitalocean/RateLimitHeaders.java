package io.kubescaler.digitalocean;

import io.kubescaler.digitalocean.HttpTransport.RateLeft;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import okhttp3.Headers;

/**
 * Reads what the cloud's headers say of the rate limit: {@code ratelimit-remaining}, {@code ratelimit-limit} and {@code
 * ratelimit-reset} (Unix seconds) on every answer, {@code retry-after} (seconds) on a 429 of the burst limit alone.
 */
final class RateLimitHeaders {
    /** How long to wait when the cloud limits the rate without saying for how long: the burst limit's window. */
    private static final Duration DEFAULT_PAUSE = Duration.ofSeconds(60);

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    // the longest window that the cloud counts in; a reset further away is a wrong clock
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private RateLimitHeaders() {}

    /** Returns what they say; empty unless both are there and are numbers. */
    static Optional<RateLeft> read(Headers headers) {
        Optional<Long> left = number(headers, "ratelimit-remaining");
        Optional<Long> limit = number(headers, "ratelimit-limit");
        return left.isPresent() && limit.isPresent()
                ? Optional.of(new RateLeft(left.get(), limit.get()))
                : Optional.empty();
    }

    /**
     * Returns how long a 429 asks to wait: {@code retry-after}, else until {@code ratelimit-reset}, else 60 seconds. At
     * least a second and at most an hour.
     *
     * @param clock the wall clock that {@code ratelimit-reset} is held against
     */
    static Duration pause(Headers headers, Clock clock) {
        Duration pause = number(headers, "retry-after")
                .map(Duration::ofSeconds)
                .or(() -> number(headers, "ratelimit-reset").flatMap(reset -> until(reset, clock)))
                .orElse(DEFAULT_PAUSE);
        if (pause.compareTo(SHORTEST_PAUSE) < 0) {
            return SHORTEST_PAUSE;
        }
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private static Optional<Duration> until(long epochSecond, Clock clock) {
        try {
            return Optional.of(Duration.between(clock.instant(), Instant.ofEpochSecond(epochSecond)));
        } catch (DateTimeException beyondAnyCalendar) {
            return Optional.empty();
        }
    }

    /** Returns a header that is a whole number, not negative; empty for anything else. */
    private static Optional<Long> number(Headers headers, String name) {
        String value = headers.get(name);
        if (value == null || !value.matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(value));
    }
}
