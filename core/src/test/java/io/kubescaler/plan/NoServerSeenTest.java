package io.kubescaler.plan;

import static io.kubescaler.plan.Plans.verdict;
import static io.kubescaler.testing.PoolBuilder.NOW;
import static io.kubescaler.testing.PoolBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Instance;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.Resources;
import io.kubescaler.model.ServersFound.CarriedLabel;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A pool of which no server was ever seen: its server selector may be mistyped. */
final class NoServerSeenTest {
    private static final Duration LONG = Duration.ofHours(1);

    private static Plan plan(PoolBuilder pool, PoolHistory history) {
        return new Planner().plan(policy(), pool.build(), history, NOW);
    }

    // two surplus nodes, one that has expired, one deletion under way and a machine that never came
    private static PoolBuilder poolWithEverythingToRemove() {
        return new PoolBuilder()
                .node("a", 0)
                .node("b", 0)
                .node("c", 0)
                .node("expired", 0, node -> node.expiredFor(LONG))
                .node("begun", 0, node -> node.expiredFor(LONG).deletingFor(LONG))
                .node("doomed", 0, node -> node.instance(Instance.State.DELETING))
                .instance("stuck", Instance.State.BOOTING, LONG);
    }

    @Test
    void cordonsAndDeletesNothing() {
        Plan plan = plan(poolWithEverythingToRemove().noServerElsewhere(), PoolHistory.NONE);

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.marks()).isEmpty();
        assertThat(plan.condition()).isEqualTo(Condition.NO_SERVER_SEEN);
        assertThat(plan.condition().word()).isEqualTo("NoServerSeen");
        assertThat(plan.message())
                .isEqualTo("no pod of the cluster matches the server selector app=server, and none is known to have:"
                        + " nothing is cordoned or deleted until one does; check server-pod-selector, or"
                        + " server-pod-label-name and server-pod-label-value");
        assertThat(plan.serverPods()).isZero();
        assertThat(verdict(plan, "a")).isEqualTo("kept, since no server of app=server has ever been seen");
        assertThat(verdict(plan, "expired"))
                .isEqualTo("cordoned: kept, since no server of app=server has ever been seen");
    }

    @Test
    void doesSoAgainAsSoonAsOneIsSeenAnywhere() {
        Plan plan = plan(poolWithEverythingToRemove(), PoolHistory.NONE);

        assertThat(plan.actions()).extracting(Action::type).contains("cordon", "delete");
        assertThat(plan.condition()).isEqualTo(Condition.OK);
        assertThat(plan.serverPods()).isEqualTo(1);
        assertThat(plan.history().serversSeen()).contains("app=server");
    }

    @Test
    void remembersThatOneWasSeenByThePresentSelectorAlone() {
        PoolBuilder pool = poolWithEverythingToRemove().noServerElsewhere();

        Plan same = plan(pool, PoolHistory.NONE.withServersSeen(Optional.of("app=server")));
        Plan other = plan(pool, PoolHistory.NONE.withServersSeen(Optional.of("app=servers")));

        assertThat(same.condition()).isEqualTo(Condition.OK);
        assertThat(same.actions()).extracting(Action::type).contains("cordon", "delete");
        assertThat(same.history().serversSeen()).contains("app=server");
        assertThat(other.condition()).isEqualTo(Condition.NO_SERVER_SEEN);
        assertThat(other.actions()).isEmpty();
        assertThat(other.history().serversSeen()).contains("app=servers");
    }

    @Test
    void stillTakesBackAndGrows() {
        PoolBuilder pool = new PoolBuilder()
                .node("full", 0, node -> node.other(Resources.cpu(4000)))
                .node("mine", 0, node -> node.cordonedFor(LONG).other(Resources.cpu(2000)))
                .noServerElsewhere();

        Plan plan = plan(pool, PoolHistory.NONE);

        assertThat(plan.actions()).extracting(Action::type).containsExactly("uncordon", "grow");
        assertThat(plan.condition()).isEqualTo(Condition.NO_SERVER_SEEN);
    }

    @Test
    void countsAServerThatWaitsAsSeen() {
        Plan plan = plan(
                new PoolBuilder().node("a", 0).noServerElsewhere().unplaced(Map.of("role", "other")), PoolHistory.NONE);

        assertThat(plan.condition()).isNotEqualTo(Condition.NO_SERVER_SEEN);
    }

    @Test
    void namesTheNearestLabels() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 0)
                .carried(List.of(new CarriedLabel("app=servers", 3), new CarriedLabel("team=blue", 7)));

        assertThat(plan(pool, PoolHistory.NONE).message())
                .endsWith("; the pods on the pool's nodes carry, the nearest first: app=servers (3), team=blue (7)");
        assertThat(plan(new PoolBuilder().node("a", 0).carried(List.of()), PoolHistory.NONE)
                        .message())
                .endsWith("; no pod with labels is on the pool's nodes, DaemonSet and static pods aside");
    }

    @Test
    void saysWhichPodProtectsANodeAllTheSame() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 0)
                .node(
                        "b",
                        0,
                        node -> node.expiredFor(LONG).doNotDisrupt("ns/lobby (protected-pod-selectors: tier=lobby)"))
                .noServerElsewhere();

        assertThat(verdict(plan(pool, PoolHistory.NONE), "b"))
                .isEqualTo("protected by pod ns/lobby (protected-pod-selectors: tier=lobby)");
    }
}
