package io.kubescaler.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.app.config.ConfigLoader;
import io.kubescaler.app.config.ConfigurationException;
import io.kubescaler.app.config.OwnPool;
import io.kubescaler.app.config.Sources;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.simulated.SimulationClock.Pace;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 42, 4711, -1, Long.MAX_VALUE})
    void showsEveryKindOfActionInTheFirstHour(long seed) throws InterruptedException {
        DemoTotals totals = run(seed, HOUR);

        assertThat(totals.actions())
                .as("seed %d", seed)
                .containsOnlyKeys("grow", "cordon", "uncordon", "delete")
                .allSatisfy((type, count) -> assertThat(count).as(type).isPositive());
        assertThat(totals.failures()).isZero();
        assertThat(totals.serversKilled()).isZero();
    }

    @Test
    void neverKillsAServerInADay() throws InterruptedException {
        DemoTotals totals = run(1, Duration.ofDays(1));

        assertThat(totals.serversKilled()).isZero();
        assertThat(totals.failures()).isZero();
        assertThat(totals.serversCreated()).isGreaterThan(3_000);
        assertThat(totals.peakNodes()).isLessThanOrEqualTo(10);
        assertThat(totals.waitOf(1))
                .as("no server waits for longer than a few boots")
                .isLessThan(Duration.ofMinutes(5));
        assertThat(totals.nodeHours()).isBetween(2.0 * 24, 10.0 * 24);
    }

    @Test
    void placesEveryServerThatRuns() throws InterruptedException {
        Demo demo = demo(3);
        demo.run(Optional.of(HOUR), fast(), new CountDownLatch(1), List.of());

        assertThat(demo.totals().elapsed()).isEqualTo(HOUR);
        assertThat(demo.totals().serversRunning())
                .isGreaterThanOrEqualTo(demo.totals().serversUnplaced());
        assertThat(demo.totals().waited()).isLessThan(demo.totals().serversCreated() / 2);
        assertThat(demo.totals().waitOf(0.5)).isZero();
        assertThat(demo.totals().waitOf(1)).isGreaterThanOrEqualTo(demo.totals().waitOf(0.99));
    }

    @Test
    void endsWhenItIsStopped() throws InterruptedException {
        Demo demo = demo(1);
        CountDownLatch stop = new CountDownLatch(1);
        demo.simulation().clock().after(Duration.ofMinutes(5), stop::countDown);
        demo.run(Optional.empty(), fast(), stop, List.of());

        assertThat(demo.totals().elapsed()).isEqualTo(Duration.ofMinutes(5));
    }

    /** Reads the pool of the demonstration as nobody has set it. */
    static PoolPolicy policy(OwnPool pool) throws ConfigurationException {
        Sources none = new Sources(Optional.empty(), Map.of(), List.of());
        return new ConfigLoader(List.of(), "kubescaler/test", Clock.systemUTC()).load(none, pool);
    }

    private static Demo demo(long seed) {
        try {
            return new Demo(seed, policy(Demo.POOL));
        } catch (ConfigurationException defect) {
            throw new IllegalStateException(defect);
        }
    }

    private static DemoTotals run(long seed, Duration simulated) throws InterruptedException {
        Demo demo = demo(seed);
        demo.run(Optional.of(simulated), fast(), new CountDownLatch(1), List.of());
        return demo.totals();
    }

    private static Pace fast() {
        return Pace.startingNow(1e9, System::nanoTime);
    }
}
