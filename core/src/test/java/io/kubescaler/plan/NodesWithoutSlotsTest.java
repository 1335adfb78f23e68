package io.kubescaler.plan;

import static io.kubescaler.plan.Plans.actions;
import static io.kubescaler.plan.Plans.verdict;
import static io.kubescaler.testing.PoolBuilder.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import io.kubescaler.testing.PolicyBuilder;
import io.kubescaler.testing.PoolBuilder;
import io.kubescaler.testing.PoolBuilder.NodeBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nodes that come Ready, and on which no server has room: a device is missing, for a while or for good. */
final class NodesWithoutSlotsTest {
    private static final String GPU = "nvidia.com/gpu";
    private static final Resources WITH_GPUS = Resources.of(Map.of("cpu", 4000L, GPU, 4L, "pods", 110L));
    private static final Resources WITHOUT = Resources.of(Map.of("cpu", 4000L, "pods", 110L));
    private static final Resources SLOT = Resources.of(Map.of("cpu", 1000L, GPU, 1L));

    private static PolicyBuilder asking(int buffer) {
        return new PolicyBuilder().numbers(buffer, 1, 10).slotSize(SLOT).cordonDelay(Duration.ZERO);
    }

    private static void full(NodeBuilder node) {
        node.age(Duration.ofDays(1)).allocatable(WITH_GPUS).other(Resources.of(Map.of(GPU, 4L)));
    }

    private static Plan plan(PoolPolicy policy, PoolBuilder pool, PoolHistory history, Instant now) {
        return new Planner().plan(policy, pool.build(), history, now);
    }

    private static PoolHistory earlier(PoolPolicy policy, PoolBuilder pool) {
        return plan(policy, pool, PoolHistory.NONE, NOW.minusSeconds(10)).history();
    }

    private static PoolBuilder withGood() {
        return new PoolBuilder().node("good", 4, NodesWithoutSlotsTest::full);
    }

    private static PoolBuilder withGoodAndYoung(boolean ready) {
        return withGood().node("young", 0, node -> {
            node.age(Duration.ofMinutes(4)).allocatable(WITHOUT);
            if (ready) {
                node.readyFor(Duration.ofMinutes(1));
            } else {
                node.neverReady();
            }
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void buysNoSecondNodeWhileTheDeviceOfTheFirstIsStillToCome(boolean ready) {
        PoolBuilder pool = withGoodAndYoung(ready);
        Plan plan = plan(asking(4).build(), pool, PoolHistory.NONE, NOW);
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.upcoming()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void buysNoSecondNodeForAServerWhoseDeviceIsStillToCome(boolean ready) {
        PoolBuilder pool = withGoodAndYoung(ready);
        pool.unplaced(server -> server.requests(SLOT).waitingFor(Duration.ofMinutes(5)));
        // the slot itself asks for no device
        PoolPolicy policy = new PolicyBuilder().numbers(0, 1, 10).build();
        Plan plan = plan(policy, pool, PoolHistory.NONE, NOW);
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.condition()).isEqualTo(Condition.OK);
    }

    @Test
    void pausesGrowthForOneThatStaysSoAndSetsItAside() {
        PoolPolicy policy = asking(4).build();
        PoolHistory before = earlier(policy, withGood());
        PoolBuilder pool = withGood()
                .node("dud", 0, node -> node.age(Duration.ofMinutes(16)).allocatable(WITHOUT));
        Plan plan = plan(policy, pool, before, NOW);
        assertThat(actions(plan)).containsExactly("cordon dud");
        assertThat(plan.condition()).isEqualTo(Condition.GROWTH_PAUSED);
        assertThat(plan.message()).contains("node dud came without room for a single server: too little of " + GPU);

        Plan later = plan(policy, pool, plan.history(), NOW.plus(Duration.ofMinutes(5)));
        assertThat(actions(later)).contains("grow 2 to 3");
    }

    @Test
    void pausesNoGrowthForADeviceThatIsGoneFromAnOldNodeForAMoment() {
        PoolPolicy policy = asking(4).build();
        PoolBuilder before = withGood().node("old", 4, NodesWithoutSlotsTest::full);
        PoolBuilder during =
                withGood().node("old", 4, node -> node.age(Duration.ofDays(1)).allocatable(WITHOUT));
        Plan plan = plan(policy, during, earlier(policy, before), NOW);
        assertThat(actions(plan)).containsExactly("grow 2 to 3");
        assertThat(plan.history().growth().failures()).isZero();
    }

    @Test
    void buysNoNodeForALargeServerBesideOneWhoseDeviceIsSlow() {
        PoolBuilder pool = withGood()
                .node(
                        "young",
                        0,
                        node -> node.age(Duration.ofMinutes(6))
                                .readyFor(Duration.ofMinutes(3))
                                .allocatable(WITHOUT));
        pool.unplaced(server ->
                server.requests(Resources.of(Map.of("cpu", 2000L, GPU, 2L))).waitingFor(Duration.ofMinutes(1)));
        assertThat(plan(asking(0).build(), pool, PoolHistory.NONE, NOW).actions())
                .isEmpty();
    }

    @Test
    void setsAsideTheOneThatIsOfNoUseAndNotTheOther() {
        PoolBuilder pool = new PoolBuilder()
                .node("good", 0, node -> node.age(Duration.ofDays(1)).allocatable(WITH_GPUS))
                .node("dud", 0, node -> node.age(Duration.ofHours(5)).allocatable(WITHOUT));
        assertThat(actions(plan(asking(0).build(), pool, PoolHistory.NONE, NOW)))
                .containsExactly("cordon dud");
    }

    @Test
    void takesNoneBackForTheMinimumThatIsOfNoUse() {
        PoolPolicy policy = new PolicyBuilder().numbers(0, 2, 10).slotSize(SLOT).build();
        PoolBuilder pool = withGood()
                .node(
                        "dud",
                        0,
                        node -> node.age(Duration.ofHours(5))
                                .allocatable(WITHOUT)
                                .expiredFor(Duration.ofHours(1)));
        Plan plan = plan(policy, pool, PoolHistory.NONE, NOW);
        assertThat(plan.actions()).isEmpty();
    }

    @Test
    void replacesTheOnlyNodeOfAPoolWhoseTemplatePromisesSlots() {
        PoolPolicy policy = asking(4).build();
        PoolBuilder promised = new PoolBuilder().template(WITH_GPUS);
        PoolHistory before = earlier(policy, promised);
        PoolBuilder pool =
                promised.node("dud", 0, node -> node.age(Duration.ofMinutes(16)).allocatable(WITHOUT));
        Plan plan = plan(policy, pool, before, NOW);
        assertThat(actions(plan)).containsExactly("cordon dud");
        assertThat(plan.condition()).isEqualTo(Condition.GROWTH_PAUSED);
        assertThat(actions(plan(policy, pool, plan.history(), NOW.plus(Duration.ofMinutes(5)))))
                .contains("grow 1 to 2");
    }

    @Test
    void leavesThemWhereNoNodeHasASlot() {
        PoolPolicy policy = new PolicyBuilder()
                .numbers(0, 1, 10)
                .slotSize(Resources.cpu(5000))
                .cordonDelay(Duration.ZERO)
                .build();
        PoolBuilder pool = new PoolBuilder().node("a", 0).node("b", 0);
        Plan plan = plan(policy, pool, PoolHistory.NONE, NOW);
        assertThat(plan.actions()).isEmpty();
        assertThat(verdict(plan, "a")).isEqualTo("in use: no room for a slot even without servers: too little of cpu");
    }

    @Test
    void keepsOneThatHasServersAllTheSame() {
        PoolBuilder pool =
                withGood().node("odd", 1, node -> node.age(Duration.ofHours(5)).allocatable(WITHOUT));
        assertThat(plan(asking(0).build(), pool, PoolHistory.NONE, NOW).actions())
                .isEmpty();
    }
}
