package io.kubescaler.plan;

import static io.kubescaler.plan.Plans.actions;
import static io.kubescaler.plan.Plans.report;
import static io.kubescaler.testing.PoolBuilder.NOW;
import static io.kubescaler.testing.PoolBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Instance.State;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.Sightings;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A wall clock that is behind or ahead of those of the cloud and of the cluster. */
final class ClockAheadOrBehindTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(15);
    private static final Duration DAY_AHEAD = Duration.ofDays(-1);

    private PoolHistory history = PoolHistory.NONE;

    private Plan pass(PoolBuilder pool, Duration uptime) {
        PoolSnapshot read = pool.build();
        Sightings sightings = new Sightings(Optional.of(uptime), Set.of(), Duration.ZERO, Map.of(), Map.of());
        PoolSnapshot snapshot = new PoolSnapshot(read.cloud(), read.cluster(), sightings);
        Plan plan = new Planner().plan(policy(), snapshot, history, NOW.plus(uptime));
        history = plan.history();
        return plan;
    }

    @Test
    void waitsForAMachineThatSeemsToBeOrderedLaterAsForAnyOther() {
        PoolBuilder ordered = new PoolBuilder().node("a", 4).instance("x", State.BOOTING, DAY_AHEAD);
        pass(new PoolBuilder().node("a", 4), Duration.ZERO);
        Plan first = pass(ordered, Duration.ofSeconds(10));
        assertThat(first.actions()).isEmpty();
        assertThat(report(first, "x").verdict()).isEqualTo("booting for 0 s of at most 900 s");
        pass(ordered, Duration.ofSeconds(20));
        assertThat(pass(ordered, TIMEOUT.plusSeconds(19)).actions()).isEmpty();

        Plan late = pass(ordered, TIMEOUT.plusSeconds(20));
        assertThat(late.upcoming()).isZero();
        assertThat(late.condition()).isEqualTo(Condition.GROWTH_PAUSED);
        assertThat(actions(late)).containsExactly("delete x");
        assertThat(late.actions().get(0).reason()).isEqualTo(new Reason.NeverReady(TIMEOUT, TIMEOUT));
    }

    @Test
    void expectsNoSlotsForLongOfANodeThatIsNotReadyAndSeemsToComeLater() {
        PoolBuilder dead = new PoolBuilder()
                .node("a", 4)
                .node("dead", 0, node -> node.age(Duration.ofHours(-20)).unreadyFor(DAY_AHEAD));
        pass(dead, Duration.ZERO);
        Plan late = pass(dead, TIMEOUT);
        assertThat(report(late, "dead").state()).isEqualTo(NodeState.UNREADY);
        assertThat(actions(late)).containsExactly("grow 2 to 3");
    }

    @Test
    void pausesGrowthForAMachineThatSeemsToBeOldWhenItIsSeenFirst() {
        pass(new PoolBuilder().node("a", 4), Duration.ZERO);
        Plan plan = pass(
                new PoolBuilder().node("a", 4).instance("x", State.BOOTING, Duration.ofHours(1)),
                Duration.ofSeconds(10));
        assertThat(actions(plan)).doesNotContain("grow 2 to 3");
        assertThat(plan.history().growth().failures()).isEqualTo(1);
    }
}
