package io.kubescaler.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.Attempts.Pacing;
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
        assertThat(pauses(Pacing.USUAL, 9)).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
    }

    @Test
    void letsThePausesOfADeletionThatWasAnsweredDoubleToTenMinutes() {
        assertThat(pauses(Pacing.DELETION, 8)).containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 30L, 30L);
        attempts.succeeded("it");
        assertThat(pauses(Pacing.ANSWERED_DELETION, 13))
                .containsExactly(0L, 1L, 2L, 4L, 8L, 16L, 32L, 64L, 128L, 256L, 512L, 600L, 600L);
    }

    @Test
    void remembersADeletionForAMinuteAfterItsPauseThoughNobodyWantsIt() {
        attempts.failed("delete", "422", 0, Pacing.ANSWERED_DELETION);
        attempts.failed("delete", "422", 0, Pacing.ANSWERED_DELETION);
        attempts.keepOnly(Set.of(), seconds(61) - 1);
        assertThat(attempts.hasFailed("delete")).isTrue();
        attempts.keepOnly(Set.of(), seconds(61));
        assertThat(attempts.hasFailed("delete")).isFalse();
    }

    private List<Long> pauses(Pacing pacing, int times) {
        List<Long> pauses = new ArrayList<>();
        long now = Long.MAX_VALUE - seconds(3);
        for (int i = 0; i < times; i++) {
            attempts.failed("it", "500", now, pacing);
            long pause = 0;
            while (attempts.mustWait("it", now).isPresent()) {
                now += seconds(1);
                pause++;
            }
            pauses.add(pause);
        }
        return pauses;
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
        attempts.keepOnly(Set.of("a", "c"), 0);
        assertThat(attempts.hasFailed("a")).isFalse();
        assertThat(attempts.hasFailed("b")).isFalse();
        assertThat(attempts.hasFailed("c")).isTrue();
        attempts.failed("a", "500", 0);
        assertThat(attempts.mustWait("a", 0)).isEmpty();
    }
}
