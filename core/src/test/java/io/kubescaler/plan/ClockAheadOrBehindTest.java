package io.kubescaler.plan;

import static io.kubescaler.plan.Plans.actions;
import static io.kubescaler.plan.Plans.report;
import static io.kubescaler.testing.PoolBuilder.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Instance.State;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A wall clock that is behind or ahead of those of the cloud and of the cluster. */
final class ClockAheadOrBehindTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(15);
    private static final Duration DAY_AHEAD = Duration.ofDays(-1);
    private static final Duration HOUR_AHEAD = Duration.ofHours(-1);

    private PoolHistory history = PoolHistory.NONE;

    private Plan pass(PoolBuilder pool, Duration uptime) {
        Plan plan = Plans.plan(pool, history, uptime);
        history = plan.history();
        return plan;
    }

    @Test
    void waitsForAMachineThatSeemsToBeOrderedLaterAsForAnyOther() {
        PoolBuilder ordered = new PoolBuilder().node("a", 4).instance("x", State.BOOTING, DAY_AHEAD);
        pass(new PoolBuilder().node("a", 4), Duration.ZERO);
        Plan first = pass(ordered, Duration.ofSeconds(10));
        assertThat(first.actions()).isEmpty();
        assertThat(report(first, "x").verdict())
                .isEqualTo("booting: it was made 86390 s later than this scaler's clock tells; check the clocks of the"
                        + " scaler, of the cluster and of the cloud");
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

    @Test
    void saysNothingOfClocksThatDifferByMoments() {
        PoolBuilder ordered = new PoolBuilder().node("a", 4).instance("x", State.BOOTING, Duration.ofSeconds(-59));
        assertThat(report(pass(ordered, Duration.ZERO), "x").verdict()).isEqualTo("booting for 0 s of at most 900 s");
    }

    @Test
    void findsAFaultOfTheClusterThoughTheClockIsBehind() {
        PoolBuilder pool = new PoolBuilder().unplaced(9);
        for (int i = 0; i < 5; i++) {
            pool.node("down-" + i, 1, node -> node.age(HOUR_AHEAD).unreadyFor(HOUR_AHEAD.minusMinutes(5)));
        }
        pass(pool, Duration.ZERO);
        Plan late = pass(pool, TIMEOUT);
        assertThat(late.condition()).isEqualTo(Condition.UNHEALTHY);
        assertThat(late.actions()).isEmpty();
    }

    @Test
    void expectsNoMachineForLongThatMayBeANodeWithoutAnIdentity() {
        PoolBuilder ordered = new PoolBuilder()
                .node("a", 4)
                .instance(new Instance(
                        "x", Optional.of("test://x"), Optional.empty(), State.BOOTING, "", NOW.minus(DAY_AHEAD)))
                .node("nameless", 1, node -> node.providerId(Optional.empty()).withoutInstance());
        pass(ordered, Duration.ZERO);
        Plan late = pass(ordered, TIMEOUT);
        assertThat(report(late, "x").state()).isEqualTo(NodeState.UNREADY);
        assertThat(late.upcoming()).isZero();
        assertThat(late.actions()).noneMatch(Action.Delete.class::isInstance);
    }

    @Test
    void takesMachinesThatTheCloudCallsFailedForNoFaultOfTheCluster() {
        PoolBuilder pool = new PoolBuilder().node("a", 4);
        for (int i = 0; i < 5; i++) {
            pool.node(
                    "new-" + i,
                    0,
                    node -> node.age(Duration.ofMinutes(-5))
                            .unreadyFor(Duration.ofMinutes(-8))
                            .instance(State.FAILED));
        }
        assertThat(pass(pool, Duration.ZERO).condition()).isNotEqualTo(Condition.UNHEALTHY);
    }
}
