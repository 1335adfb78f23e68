package io.kubescaler.app.kubernetes.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LeaseTimingTest {
    @Test
    void leavesSevenSecondsForTheLastWriteWithTheDefaults() {
        LeaseTiming timing = new LeaseTiming(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(5));

        assertThat(timing.actFor()).isEqualTo(Duration.ofSeconds(8));
        assertThat(timing.spareForWrite()).isEqualTo(Duration.ofSeconds(7));
        assertThat(timing.renewInterval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(timing.requestTimeout()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void boundsWritesByWhatTheLeaseLeavesWhenThatIsLess() {
        LeaseTiming timing = new LeaseTiming(Duration.ofSeconds(4), Duration.ofSeconds(3), Duration.ofSeconds(1));

        assertThat(timing.writeTimeout(Duration.ofSeconds(5))).isEqualTo(Duration.ofMillis(1600));
        assertThat(timing.writeTimeout(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
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
            assertThat(timing.spareForWrite()).isPositive();
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
