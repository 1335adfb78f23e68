package io.kubescaler.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.kubernetes.lease.LeaseStatus;
import io.kubescaler.kubernetes.lease.LeaseStatus.Role;
import io.kubescaler.plan.Condition;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
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

    @Test
    void isCountedFromTakingOverOnAReplicaThatStoodBy() {
        LeaseStatus unknown = new LeaseStatus(Role.UNKNOWN, Optional.empty(), "has not read the lease yet");
        LeaseStatus standby = new LeaseStatus(Role.STANDBY, Optional.of("other"), "stands by");
        LeaseStatus leader = new LeaseStatus(Role.LEADER, Optional.of("me"), "holds the lease");
        decision.changed(unknown, standby);
        uptime = Duration.ofMillis(34_000);
        decision.changed(standby, leader);
        passAt(34_243, "games", Condition.OK);

        assertThat(seconds("games")).isEqualTo(0.243);
    }

    @Test
    void isCountedFromTheStartOnAReplicaThatLedAtOnce() {
        LeaseStatus unknown = new LeaseStatus(Role.UNKNOWN, Optional.empty(), "has not read the lease yet");
        uptime = Duration.ofMillis(600);
        decision.changed(unknown, new LeaseStatus(Role.LEADER, Optional.of("me"), "holds the lease"));
        passAt(700, "games", Condition.OK);

        assertThat(seconds("games")).isEqualTo(0.7);
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
