package io.kubescaler.kubernetes.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CauseLogTest {
    private final CauseLog log = new CauseLog();

    @Test
    void tellsOneCauseOnceAndThenAfterPausesThatDoubleToAnHour() {
        long told = IntStream.range(0, 86_400)
                .filter(second -> log.isNews(
                        "no answer in %d ms".formatted(100 + second),
                        Duration.ofSeconds(second).toNanos()))
                .count();

        assertThat(told).isBetween(28L, 32L);
    }

    @Test
    void tellsADeadServerInFiveSecondsOncePerCause() {
        long told = IntStream.range(0, 14)
                .filter(failure -> log.isNews(
                        failure % 2 == 0 ? "connection refused" : "no route to host",
                        Duration.ofMillis(350L * failure).toNanos()))
                .count();

        assertThat(told).isEqualTo(2);
    }

    @Test
    void tellsACauseAtOnceThatWasGoneForLong() {
        assertThat(log.isNews("connection refused", 0)).isTrue();
        assertThat(log.isNews("connection refused", Duration.ofSeconds(40).toNanos()))
                .isTrue();
        assertThat(log.isNews("connection refused", Duration.ofSeconds(60).toNanos()))
                .isFalse();
        assertThat(log.isNews("connection refused", Duration.ofMinutes(12).toNanos()))
                .isTrue();
    }
}
