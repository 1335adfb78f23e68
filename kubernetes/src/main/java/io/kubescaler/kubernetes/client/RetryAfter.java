package io.kubescaler.kubernetes.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/**
 * Reads the HTTP header {@code Retry-After} in both of its forms (RFC 9110, 10.2.3): a number of seconds, or a date such
 * as {@code Wed, 21 Oct 2026 07:28:00 GMT}.
 */
public final class RetryAfter {
    // an answer that says to come back later than this is not obeyed to the letter
    private static final Duration LONGEST = Duration.ofSeconds(300);

    private RetryAfter() {}

    /**
     * Returns how long to wait, from 0 to 300 s; empty when no value can be read.
     *
     * @param values what stands in the header, the first that can be read counts
     * @param clock the wall clock that a date is held against; a date that has passed means 0
     */
    public static Optional<Duration> read(List<String> values, InstantSource clock) {
        return values.stream()
                .map(String::strip)
                .flatMap(value -> seconds(value).or(() -> untilDate(value, clock)).stream())
                .findFirst()
                .map(RetryAfter::bounded);
    }

    private static Optional<Duration> seconds(String value) {
        return value.matches("[0-9]{1,9}") ? Optional.of(Duration.ofSeconds(Long.parseLong(value))) : Optional.empty();
    }

    private static Optional<Duration> untilDate(String value, InstantSource clock) {
        try {
            Instant date = DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from);
            return Optional.of(Duration.between(clock.instant(), date));
        } catch (DateTimeException noDate) {
            // the server's advice alone is lost, and pauses grow without it
            return Optional.empty();
        }
    }

    private static Duration bounded(Duration wait) {
        if (wait.isNegative()) {
            return Duration.ZERO;
        }
        return wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    }
}
