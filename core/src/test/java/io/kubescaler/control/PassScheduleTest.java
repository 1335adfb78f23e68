package io.kubescaler.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PassScheduleTest {
    private static final Duration TICK = Duration.ofSeconds(10);

    private static long ms(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    @Test
    void isDueAtOnceAndThenOnEveryTick() {
        PassSchedule schedule = new PassSchedule(TICK, 7);
        assertThat(schedule.dueAtNanos()).isEqualTo(7);
        schedule.begin(9);
        assertThat(schedule.dueAtNanos()).isEqualTo(9 + ms(10_000));
    }

    @Test
    void isDueTwentyMillisecondsAfterTheFirstEventHoweverManyFollow() {
        PassSchedule schedule = new PassSchedule(TICK, 0);
        schedule.begin(0);
        for (long at = 100; at < 120; at++) {
            schedule.event(ms(at));
        }
        assertThat(schedule.dueAtNanos()).isEqualTo(ms(120));
        schedule.begin(ms(120));
        assertThat(schedule.dueAtNanos()).isEqualTo(ms(10_120));
    }

    @Test
    void keepsAnEventThatComesDuringAPass() {
        PassSchedule schedule = new PassSchedule(TICK, 0);
        schedule.begin(0);
        schedule.event(ms(5));
        assertThat(schedule.dueAtNanos()).isEqualTo(ms(25));
    }

    @Test
    void neverWaitsPastTheTickForAnEventOrARetry() {
        PassSchedule schedule = new PassSchedule(Duration.ofMillis(500), 0);
        schedule.begin(0);
        schedule.event(ms(490));
        schedule.retry(ms(1));
        assertThat(schedule.dueAtNanos()).isEqualTo(ms(500));
    }

    @Test
    void retriesAfterASecondUnlessAnEventComesSooner() {
        PassSchedule schedule = new PassSchedule(TICK, 0);
        schedule.begin(0);
        schedule.retry(ms(10));
        assertThat(schedule.dueAtNanos()).isEqualTo(ms(1010));
        schedule.event(ms(20));
        assertThat(schedule.dueAtNanos()).isEqualTo(ms(40));
        schedule.retry(ms(30));
        assertThat(schedule.dueAtNanos()).isEqualTo(ms(40));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE - 30_000_000L, Long.MIN_VALUE, -1})
    void keepsTimeWhenNanosecondsOverflow(long start) {
        PassSchedule schedule = new PassSchedule(TICK, start);
        schedule.begin(start);
        assertThat(schedule.dueAtNanos() - start).isEqualTo(ms(10_000));
        schedule.event(start + ms(20));
        schedule.retry(start + ms(1));
        assertThat(schedule.dueAtNanos() - start).isEqualTo(ms(40));
        schedule.begin(start + ms(40));
        assertThat(schedule.dueAtNanos() - start).isEqualTo(ms(10_040));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void refusesATickOfNothing(long seconds) {
        assertThatThrownBy(() -> new PassSchedule(Duration.ofSeconds(seconds), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be above 0");
    }
}
