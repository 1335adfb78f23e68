package io.kubescaler.simulated;

import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time that something takes: always the same, or anything between two, each equally likely. Immutable and thread-safe.
 *
 * @param shortest the shortest; 0 or more
 * @param longest the longest; at least {@code shortest}
 */
public record DurationRange(Duration shortest, Duration longest) implements DurationDistribution {
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m|h|d)");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms", Duration.ofMillis(1),
            "s", Duration.ofSeconds(1),
            "m", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));

    public DurationRange {
        if (shortest.isNegative() || longest.compareTo(shortest) < 0) {
            throw new IllegalArgumentException("%s..%s is no range of durations".formatted(shortest, longest));
        }
    }

    /** Returns a time that is always the same. */
    public static DurationRange constant(Duration duration) {
        return new DurationRange(duration, duration);
    }

    /**
     * Reads {@code 4m} or {@code 1m..10m}; units are ms, s, m, h and d.
     *
     * @throws IllegalArgumentException when the text is neither; the message says what would be right
     */
    public static DurationRange parse(String text) {
        int dots = text.indexOf("..");
        Duration shortest = duration(dots < 0 ? text : text.substring(0, dots), text);
        Duration longest = dots < 0 ? shortest : duration(text.substring(dots + 2), text);
        if (longest.compareTo(shortest) < 0) {
            throw new IllegalArgumentException(
                    "'%s' ends before it begins; write the shorter one first".formatted(text));
        }
        return new DurationRange(shortest, longest);
    }

    private static Duration duration(String part, String text) {
        Matcher matcher = DURATION.matcher(part.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is no duration and no range of two; write 4m or 1m..10m (units ms, s, m, h, d)"
                            .formatted(text));
        }
        return UNITS.getOrDefault(matcher.group(2), Duration.ZERO).multipliedBy(Long.parseLong(matcher.group(1)));
    }

    /** Draws one of these times, in steps of a millisecond. */
    @Override
    public Duration sample(SplittableRandom random) {
        long spread = longest.minus(shortest).toMillis();
        return spread == 0 ? shortest : shortest.plusMillis(random.nextLong(spread + 1));
    }
}
