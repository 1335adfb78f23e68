package io.kubescaler.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.plan.Condition;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FirstDecisionTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Duration uptime = Duration.ZERO;
    private final FirstDecision decision = new FirstDecision(registry, () -> uptime);

    @Test
    void isTheFirstPassThatCouldReadClusterAndCloud() {
        passAt(500, "games", Condition.CLUSTER_UNREADABLE);
        passAt(600, "games", Condition.CLOUD_UNREADABLE);
        assertThat(registry.getMeters()).isEmpty();

        passAt(700, "games", Condition.UNHEALTHY);
        passAt(900, "games", Condition.OK);

        assertThat(seconds("games")).isEqualTo(0.7);
    }

    @Test
    void isEachPoolsOwn() {
        passAt(700, "games", Condition.OK);
        passAt(800, "notebooks", Condition.OK);

        assertThat(seconds("games")).isEqualTo(0.7);
        assertThat(seconds("notebooks")).isEqualTo(0.8);
    }

    private void passAt(long millis, String pool, Condition condition) {
        uptime = Duration.ofMillis(millis);
        decision.passed(TestPasses.pass(pool, condition, Result.DONE));
    }

    private double seconds(String pool) {
        Gauge gauge = registry.get(MetricNames.FIRST_DECISION).tag("pool", pool).gauge();
        return gauge.value();
    }
}
