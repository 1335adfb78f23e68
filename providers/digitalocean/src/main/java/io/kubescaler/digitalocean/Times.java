package io.kubescaler.digitalocean;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads times, and remembers them: an answer has one for each machine, and nearly all of them were in the answer before.
 * Thread-safe.
 */
final class Times {
    /** As many as the largest clusters have machines, and as many again that have gone. */
    private static final int MOST = 10_000;

    private final Map<String, Instant> known = new ConcurrentHashMap<>();

    /** Returns the time; empty when the text is none, or stands for one that is not set. */
    Optional<Instant> read(String text) {
        Instant before = known.get(text);
        if (before != null) {
            return Optional.of(before);
        }
        Optional<Instant> time = parse(text);
        time.ifPresent(it -> remember(text, it));
        return time;
    }

    private void remember(String text, Instant time) {
        if (known.size() >= MOST) {
            known.clear();
        }
        known.put(text, time);
    }

    private static Optional<Instant> parse(String text) {
        try {
            Instant time = OffsetDateTime.parse(text).toInstant();
            // an unset time comes as the year 1
            return Optional.of(time).filter(instant -> instant.isAfter(Instant.EPOCH));
        } catch (DateTimeException noTime) {
            return Optional.empty();
        }
    }
}
