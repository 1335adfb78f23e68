package io.kubescaler.app.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads durations that carry a unit, as HOCON spells them: {@code 15m}, {@code 1.5 hours}, {@code 250ms}. */
final class Durations {
    // hundred years: more is a slip, and far from any overflow
    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final Pattern FORM = Pattern.compile("([+-]?\\d+(?:\\.\\d+)?)\\s*([a-zA-Z]*)");
    private static final Map<String, Duration> UNITS = Map.ofEntries(
            Map.entry("ms", Duration.ofMillis(1)),
            Map.entry("milli", Duration.ofMillis(1)),
            Map.entry("millis", Duration.ofMillis(1)),
            Map.entry("millisecond", Duration.ofMillis(1)),
            Map.entry("milliseconds", Duration.ofMillis(1)),
            Map.entry("s", Duration.ofSeconds(1)),
            Map.entry("second", Duration.ofSeconds(1)),
            Map.entry("seconds", Duration.ofSeconds(1)),
            Map.entry("m", Duration.ofMinutes(1)),
            Map.entry("minute", Duration.ofMinutes(1)),
            Map.entry("minutes", Duration.ofMinutes(1)),
            Map.entry("h", Duration.ofHours(1)),
            Map.entry("hour", Duration.ofHours(1)),
            Map.entry("hours", Duration.ofHours(1)),
            Map.entry("d", Duration.ofDays(1)),
            Map.entry("day", Duration.ofDays(1)),
            Map.entry("days", Duration.ofDays(1)));

    private Durations() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException when it has no unit, is negative, too long or no duration at all; the message
     *     is a clause that says what would be right
     */
    static Duration parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is no duration; write a number with a unit, such as 30s, 15m or 2h");
        }
        String unit = matcher.group(2);
        if (unit.isEmpty()) {
            throw new IllegalArgumentException(
                    "has no unit; write %ss, %<sm or whatever is meant (ms, s, m, h, d)".formatted(matcher.group(1)));
        }
        Duration one = UNITS.get(unit);
        if (one == null) {
            throw new IllegalArgumentException("has the unknown unit '%s'; use ms, s, m, h or d".formatted(unit));
        }
        return times(one, new BigDecimal(matcher.group(1)));
    }

    private static Duration times(Duration unit, BigDecimal amount) {
        if (amount.signum() < 0) {
            throw new IllegalArgumentException("is negative; a duration is 0s or longer");
        }
        BigDecimal nanos = amount.multiply(BigDecimal.valueOf(unit.toNanos()));
        if (nanos.compareTo(new BigDecimal(LONGEST.toSeconds()).movePointRight(9)) > 0) {
            throw new IllegalArgumentException("is longer than a hundred years; write a shorter one");
        }
        return Duration.ofSeconds(
                nanos.movePointLeft(9).longValue(),
                nanos.remainder(BigDecimal.TEN.pow(9)).longValue());
    }

    /** Returns a duration as one would write it, in the largest unit that divides it. */
    static String write(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 60_000 == 0 && millis > 0) {
            return millis / 60_000 + "m";
        }
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }
}
