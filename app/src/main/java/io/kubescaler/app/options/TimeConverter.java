package io.kubescaler.app.options;

import io.kubescaler.simulated.DurationRange;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 0s}, {@code 120s} or {@code 10m}; units are ms, s, m, h and d. */
public final class TimeConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            DurationRange range = DurationRange.parse(text);
            if (range.shortest().equals(range.longest())) {
                return range.shortest();
            }
        } catch (IllegalArgumentException unread) {
            throw (TypeConversionException) refused(text).initCause(unread);
        }
        throw refused(text);
    }

    private static TypeConversionException refused(String text) {
        return new TypeConversionException(
                "'%s' is no time; write a number with a unit, such as 30s or 10m".formatted(text));
    }
}
