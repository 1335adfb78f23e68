package io.kubescaler.kubernetes.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubescaler.model.TimeBudget;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LeaseTimingTest {
    @Test
    void leavesSixSecondsForTheLastWriteWithTheDefaults() {
        LeaseTiming timing = new LeaseTiming(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(5));

        assertThat(timing.actFor()).isEqualTo(Duration.ofSeconds(8));
        assertThat(timing.longestWrite()).isEqualTo(Duration.ofSeconds(6));
        assertThat(timing.leastLeaseDuration()).isEqualTo(Duration.ofSeconds(14));
        assertThat(timing.renewInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(timing.requestTimeout()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void leavesNoGapInActingForAnyValidTimes() {
        long seed = 20260101;
        Random random = new Random(seed);
        for (int round = 0; round < 10_000; round++) {
            Duration retry = Duration.ofMillis(1 + random.nextInt(60_000));
            Duration renew = retry.plusMillis(1 + random.nextInt(60_000));
            LeaseTiming timing = new LeaseTiming(renew.plusMillis(1 + random.nextInt(60_000)), renew, retry);

            assertThat(timing.renewInterval().plus(timing.requestTimeout()))
                    .as("seed %d: %s", seed, timing)
                    .isLessThanOrEqualTo(timing.actFor());
            assertThat(timing.requestTimeout()).isPositive().isLessThan(timing.retryPeriod());
        }
    }

    @Test
    void namesTheShortestLeaseThatLeavesEnoughToChangeANode() {
        long seed = 20260102;
        Random random = new Random(seed);
        for (int round = 0; round < 10_000; round++) {
            Duration renew = Duration.ofMillis(2 + random.nextInt(30_000));
            Duration retry = Duration.ofMillis(1);
            LeaseTiming timing = new LeaseTiming(renew.plusMillis(1), renew, retry);
            Duration least = timing.leastLeaseDuration();

            // with a longer deadline any lease leaves enough
            if (least.compareTo(renew) > 0) {
                assertThat(new LeaseTiming(least, renew, retry).longestWrite())
                        .as("seed %d: %s", seed, timing)
                        .isGreaterThanOrEqualTo(TimeBudget.NODE_WRITE)
                        .isLessThan(TimeBudget.NODE_WRITE.plusSeconds(1));
            }
        }
    }

    @Test
    void refusesTimesInTheWrongOrder() {
        assertThatThrownBy(() -> new LeaseTiming(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(5)))
                .hasMessageContaining("lease-duration is PT10S and must be above renew-deadline, PT10S");
        assertThatThrownBy(() -> new LeaseTiming(Duration.ofSeconds(15), Duration.ofSeconds(5), Duration.ofSeconds(5)))
                .hasMessageContaining("renew-deadline is PT5S and must be above retry-period, PT5S");
        assertThatThrownBy(() -> new LeaseTiming(Duration.ofSeconds(15), Duration.ofSeconds(5), Duration.ZERO))
                .hasMessageContaining("retry-period is PT0S and must be above 0");
    }
}
