package io.kubescaler.plan;

import static io.kubescaler.plan.Plans.actions;
import static io.kubescaler.testing.PoolBuilder.NOW;
import static io.kubescaler.testing.PoolBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.Sightings;
import io.kubescaler.testing.PolicyBuilder;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExpiryTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 4_999})
    void waitsUntilAServerThatWasUnderwayHasArrived(long cordonedMillis) {
        Duration since = Duration.ofMillis(cordonedMillis);
        Plan plan = planWithoutExpiration(since, since);
        assertThat(plan.actions()).isEmpty();
        assertThat(verdict(plan))
                .isEqualTo("cordoned: a server may still be on its way to it for %d s"
                        .formatted(cordonedMillis == 0 ? 5 : 1));
    }

    @Test
    void deletesWhenNoneCanBeUnderwayAnyMore() {
        Plan plan = planWithoutExpiration(Duration.ofSeconds(5), Duration.ZERO);
        assertThat(plan.actions()).singleElement().isInstanceOf(Action.Delete.class);
    }

    @Test
    void measuresByItsOwnClockWhenTheCordonSeemsToLieInTheFuture() {
        Duration ahead = Duration.ofMinutes(-10);
        assertThat(planWithoutExpiration(ahead, Duration.ofMillis(4_999)).actions())
                .isEmpty();
        assertThat(planWithoutExpiration(ahead, Duration.ofSeconds(5)).actions())
                .singleElement()
                .isInstanceOf(Action.Delete.class);
    }

    @Test
    void doesNotBelieveTheClockThatACordonWasNotedBy() {
        PoolSnapshot pool = new PoolBuilder()
                .node("a", 0)
                .node("b", 0, node -> node.expiredFor(Duration.ofHours(1)))
                .build();

        assertThat(planSeen(pool, Duration.ofMillis(4_999)).actions()).isEmpty();
        assertThat(planSeen(pool, Duration.ofSeconds(5)).actions())
                .singleElement()
                .isInstanceOf(Action.Delete.class);
    }

    private static Plan planSeen(PoolSnapshot pool, Duration setAside) {
        Sightings sightings = new Sightings(Optional.empty(), Set.of(), Duration.ZERO, Map.of("b", setAside), Map.of());
        PoolSnapshot seen = new PoolSnapshot(pool.cloud(), pool.cluster(), sightings);
        return new Planner().plan(policy(), seen, PoolHistory.NONE, NOW);
    }

    @Test
    void doesNotBelieveANodeThatIsNotReadyThatItsServersHaveEnded() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 0)
                .node("b", 0, node -> node.cordonedFor(Duration.ofMinutes(10)).unreadyFor(Duration.ofMinutes(5)));

        Plan plan = new Planner().plan(policy(0, 1, 10), pool.build(), PoolHistory.NONE, NOW);

        assertThat(plan.marks()).isEmpty();
        assertThat(plan.actions()).isEmpty();
        assertThat(verdict(plan)).isEqualTo("cordoned: not Ready, so nothing tells that its servers have ended");
    }

    @Test
    void waitsForABindingThatWaitsForAVolumeWhileAServerHasNoNode() {
        // the scheduler may have chosen b before it was cordoned; it waits up to 10 minutes before it binds
        assertThat(planWithAServerWaiting(Duration.ofMinutes(10).minusMillis(1)).actions())
                .isEmpty();
        assertThat(planWithAServerWaiting(Duration.ofMinutes(10)).actions())
                .singleElement()
                .isInstanceOf(Action.Delete.class);
    }

    @Test
    void waitsForABindingOfAnotherPodThatWouldKeepTheNodeToo() {
        // a server of another pool, or a protected pod
        PoolBuilder pool = new PoolBuilder()
                .node("b", 0, node -> node.expiredFor(Duration.ofMinutes(9)))
                .node("c", 2);
        pool.otherUnplaced(pod -> pod.gated());
        pool.otherUnplaced(pod -> pod.nodeSelector("role", "other"));
        assertThat(actions(new Planner().plan(policy(1, 1, 10), pool.build(), PoolHistory.NONE, NOW)))
                .as("neither comes to this pool now")
                .containsExactly("delete b");
        pool.otherUnplaced(pod -> pod.waitingFor(Duration.ofMinutes(9)));
        Plan plan = new Planner().plan(policy(1, 1, 10), pool.build(), PoolHistory.NONE, NOW);
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.required()).as("it is no demand of this pool's").isEqualTo(1);
        assertThat(verdict(plan)).isEqualTo("cordoned: a server may still be on its way to it for 60 s");
    }

    private static Plan planWithAServerWaiting(Duration cordonedFor) {
        PoolBuilder pool = new PoolBuilder()
                .node("b", 0, node -> node.expiredFor(cordonedFor))
                .node("c", 2)
                .unplaced(1);
        return new Planner().plan(policy(1, 1, 10), pool.build(), PoolHistory.NONE, NOW);
    }

    private static Plan planWithoutExpiration(Duration cordonedFor, Duration emptyFor) {
        PoolPolicy policy = new PolicyBuilder()
                .numbers(0, 1, 10)
                .emptyNodeExpiration(Duration.ZERO)
                .build();
        PoolBuilder pool = new PoolBuilder()
                .node("a", 4)
                .node("b", 0, node -> node.cordonedFor(cordonedFor).emptyFor(emptyFor));
        return new Planner().plan(policy, pool.build(), PoolHistory.NONE, NOW);
    }

    private static String verdict(Plan plan) {
        return plan.nodes().stream()
                .filter(report -> report.name().filter("b"::equals).isPresent())
                .findFirst()
                .orElseThrow()
                .verdict();
    }
}
