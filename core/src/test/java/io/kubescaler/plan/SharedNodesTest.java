package io.kubescaler.plan;

import static io.kubescaler.testing.PoolBuilder.NOW;
import static io.kubescaler.testing.PoolBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.PoolHistory;
import io.kubescaler.testing.PoolBuilder;
import io.kubescaler.testing.PoolBuilder.NodeBuilder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Nodes that several configured pools select. */
final class SharedNodesTest {
    private static final Duration LONG = Duration.ofHours(1);

    private static Plan plan(PoolBuilder pool) {
        return new Planner().plan(policy(), pool.build(), PoolHistory.NONE, NOW);
    }

    @Test
    void areNeitherSetAsideNorDeletedByThePoolWhoseCloudListsThem() {
        Plan plan = plan(new PoolBuilder()
                .node("a", 1)
                .node("b", 0)
                .node("c", 0)
                .node("d", 0, node -> node.expiredFor(LONG))
                .shared("a", "pool large")
                .shared("b", "pool large")
                .shared("c", "pool large")
                .shared("d", "pool large"));

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.free()).as("they take servers, as ever").isEqualTo(11);
        assertThat(plan.condition()).isEqualTo(Condition.POOLS_OVERLAP);
        assertThat(plan.message())
                .startsWith("node a is selected by pool games and by pool large, as are 4 in all: ")
                .contains("give every pool a node-selector of its own");
        assertThat(verdict(plan, 1)).isEqualTo("kept: the overlap with pool large");
        assertThat(verdict(plan, 3)).isEqualTo("cordoned: neither taken back nor deleted: the overlap with pool large");
    }

    @Test
    void areNotTakenBack() {
        Plan plan = plan(new PoolBuilder()
                .node("a", 4)
                .node("b", 0, node -> node.expiredFor(LONG))
                .shared("b", "pool large"));

        assertThat(plan.actions()).extracting(Action::type).containsExactly("grow");
    }

    @Test
    void tellWhetherTheClusterIsAtFaultThoughAnotherPoolHasThem() {
        PoolBuilder pool = new PoolBuilder();
        for (int i = 0; i < 4; i++) {
            pool.node("unready-" + i, 0, node -> node.unreadyFor(Duration.ofMinutes(1)));
        }
        for (int i = 0; i < 5; i++) {
            pool.node("theirs-" + i, 0, NodeBuilder::withoutInstance).shared("theirs-" + i, "pool large");
        }
        assertThat(plan(pool).actions()).extracting(Action::type).containsExactly("grow");
        pool.node("theirs-5", 0, node -> node.withoutInstance().unreadyFor(Duration.ofMinutes(1)))
                .shared("theirs-5", "pool large");
        assertThat(plan(pool).actions()).as("5 of 10 nodes are unready").isEmpty();
    }

    @Test
    void tellNothingOfTheClusterAlone() {
        PoolBuilder pool =
                new PoolBuilder().node("a", 4).node("b", 4).node("c", 4).node("d", 4);
        for (int i = 0; i < 6; i++) {
            pool.node("theirs-" + i, 0, node -> node.withoutInstance().unreadyFor(Duration.ofMinutes(1)))
                    .shared("theirs-" + i, "pool large");
        }
        assertThat(plan(pool).actions()).extracting(Action::type).containsExactly("grow");
    }

    @Test
    void countForNothingInThePoolWhoseCloudDoesNotListThem() {
        Plan plan = plan(new PoolBuilder()
                .node("mine", 0)
                .node("theirs", 2, NodeBuilder::withoutInstance)
                .node("unready", 0, node -> node.withoutInstance().unreadyFor(LONG))
                .node("cordoned", 0, node -> node.withoutInstance().expiredFor(LONG))
                .node(
                        "taken-back",
                        0,
                        node -> node.withoutInstance().cordonedFor(LONG).schedulable())
                .shared("theirs", "pool large")
                .shared("unready", "pool large")
                .shared("cordoned", "pool large")
                .shared("taken-back", "pool large"));

        assertThat(plan.free()).isEqualTo(4);
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.marks()).isEmpty();
        assertThat(plan.nodes())
                .extracting(NodeReport::state)
                .containsExactly(
                        NodeState.SHARED, NodeState.ACTIVE, NodeState.SHARED, NodeState.SHARED, NodeState.SHARED);
        assertThat(verdict(plan, 4))
                .isEqualTo("left to pool large, which selects it too: this pool's cloud does not list its machine");
    }

    @Test
    void doNotKeepThePoolFromSettingItsOwnNodesAside() {
        Plan plan = plan(new PoolBuilder()
                .node("a", 0)
                .node("b", 0)
                .node("theirs", 0, NodeBuilder::withoutInstance)
                .shared("theirs", "pool large"));

        assertThat(plan.actions()).extracting(Action::type).containsExactly("cordon");
    }

    @Test
    void areFoundAnewWhenAnotherPoolSelectsTheSameNodeObject() {
        PoolBuilder pool = new PoolBuilder().node("a", 0).node("b", 0);
        Planner planner = new Planner();
        PoolBuilder before = pool;
        var snapshot = before.build();
        planner.plan(policy(), snapshot, PoolHistory.NONE, NOW);

        var shared = pool.shared("a", "pool large").shared("b", "pool large").build();

        assertThat(planner.plan(policy(), shared, PoolHistory.NONE, NOW).actions())
                .isEmpty();
    }

    private static String verdict(Plan plan, int node) {
        return plan.nodes().get(node).verdict();
    }
}
