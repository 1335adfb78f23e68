package io.kubescaler.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurationRangeTest {
    @Test
    void readsADurationAndARange() {
        assertThat(DurationRange.parse("4m")).isEqualTo(DurationRange.constant(Duration.ofMinutes(4)));
        assertThat(DurationRange.parse("500ms..2 h"))
                .isEqualTo(new DurationRange(Duration.ofMillis(500), Duration.ofHours(2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "4", "-4m", "4m..", "..4m", "4m..3m", "4 parsecs", "1m..2m..3m"})
    void refusesWhatIsNoDuration(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationRange.parse(text))
                .withMessageContaining("'" + text + "'");
    }

    @Test
    void drawsFromTheWholeRangeAndNothingElse() {
        DurationRange range = DurationRange.parse("1m..10m");
        SplittableRandom random = new SplittableRandom(1);
        List<Duration> drawn =
                Stream.generate(() -> range.sample(random)).limit(10_000).toList();

        assertThat(drawn).allMatch(it -> it.compareTo(range.shortest()) >= 0 && it.compareTo(range.longest()) <= 0);
        double mean = drawn.stream().mapToLong(Duration::toSeconds).average().orElseThrow();
        assertThat(mean).isBetween(320.0, 340.0);
        assertThat(drawn.stream().mapToLong(Duration::toSeconds).min().orElseThrow())
                .isLessThan(65);
        assertThat(drawn.stream().mapToLong(Duration::toSeconds).max().orElseThrow())
                .isGreaterThan(595);
    }
}
