package io.kubescaler.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class AttemptsTest {
    private final Attempts attempts = new Attempts();

    private static long seconds(long count) {
        return Duration.ofSeconds(count).toNanos();
    }

    @Test
    void waitsForNothingThatHasNotFailed() {
        assertThat(attempts.mustWait("grow", 0)).isEmpty();
        assertThat(attempts.hasFailed("grow")).isFalse();
    }

    @Test
    void triesAgainAtOnceThenWithPausesThatDoubleToThirtySeconds() {
        List<Long> pauses = new ArrayList<>();
        long now = Long.MAX_VALUE - seconds(3);
        for (int i = 0; i < 9; i++) {
            attempts.failed("grow", "500", now);
            long pause = 0;
            while (attempts.mustWait("grow", now).isPresent()) {
                now += seconds(1);
                pause++;
            }
            pauses.add(pause);
        }
        assertThat(pauses).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void saysHowOftenWhatFailedAndWhenItIsTriedAgain() {
        attempts.failed("grow", "first", 0);
        attempts.failed("grow", "Unauthorized: read-only", 0);
        assertThat(attempts.mustWait("grow", 1))
                .contains(new Attempts.Wait(
                        "tried 2 times, again in 1 s: Unauthorized: read-only", "Unauthorized: read-only"));
        assertThat(attempts.mustWait("grow", seconds(1) - 1)).isPresent();
        assertThat(attempts.mustWait("grow", seconds(1))).isEmpty();
    }

    @Test
    void startsAnewAfterASuccessAndWhenNobodyWantsItAnyMore() {
        for (String what : List.of("a", "b", "c")) {
            attempts.failed(what, "500", 0);
            attempts.failed(what, "500", 0);
        }
        attempts.succeeded("a");
        attempts.keepOnly(Set.of("a", "c"));
        assertThat(attempts.hasFailed("a")).isFalse();
        assertThat(attempts.hasFailed("b")).isFalse();
        assertThat(attempts.hasFailed("c")).isTrue();
        attempts.failed("a", "500", 0);
        assertThat(attempts.mustWait("a", 0)).isEmpty();
    }
}
