package io.kubescaler.plan;

import static io.kubescaler.plan.Plans.actions;
import static io.kubescaler.plan.Plans.report;
import static io.kubescaler.testing.PoolBuilder.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Instance.State;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Machines that the cloud leaves out of a list though they are there, and lists again. */
final class LeftOutTest {
    private static final Duration LONG = Duration.ofHours(36);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofMinutes(15);

    private final PoolBuilder with = new PoolBuilder().node("a", 4).node("b", 4);
    private final PoolBuilder without =
            new PoolBuilder().node("a", 4).instance(with.cloud().instances().get(1));
    private final PoolBuilder leftOut = new PoolBuilder().node("a", 4).size(2);

    private PoolHistory history = PoolHistory.NONE;

    private Plan pass(PoolBuilder pool, Duration uptime) {
        return pass(pool, uptime, Set.of());
    }

    private Plan pass(PoolBuilder pool, Duration uptime, Set<String> elsewhere) {
        Plan plan = Plans.plan(pool, history, uptime, NOW.plus(uptime), elsewhere);
        history = plan.history();
        return plan;
    }

    @Test
    void hasStillLostItsNode() {
        pass(with, Duration.ZERO);
        pass(without, MINUTE);
        pass(leftOut, MINUTE.multipliedBy(2));
        Plan listed = pass(without, MINUTE.multipliedBy(3));
        assertThat(report(listed, "i-b").verdict()).startsWith("unready: its node is gone");
        assertThat(listed.history().growth().failures()).isZero();
    }

    @Test
    void hasLostTheNodeThatItHadBefore() {
        pass(with, Duration.ZERO);
        pass(leftOut, MINUTE);
        Plan listed = pass(without, MINUTE.multipliedBy(2));
        assertThat(report(listed, "i-b").verdict()).startsWith("unready: its node is gone");
        assertThat(listed.history().growth().failures()).isZero();
    }

    @Test
    void isNotRemovedFromAnUnhealthyPoolOnceItHasLostItsNode() {
        PoolBuilder all = new PoolBuilder();
        PoolBuilder lost = new PoolBuilder();
        PoolBuilder omitted = new PoolBuilder();
        for (int i = 0; i < 5; i++) {
            for (PoolBuilder pool : new PoolBuilder[] {all, lost, omitted}) {
                pool.node("down-" + i, 0, node -> node.unreadyFor(MINUTE));
            }
        }
        all.node("gone", 4);
        lost.instance(all.cloud().instances().get(5));
        omitted.size(6);
        pass(all, Duration.ZERO);
        pass(lost, MINUTE);
        pass(omitted, MINUTE.multipliedBy(2));
        pass(lost, MINUTE.multipliedBy(3));
        pass(lost, MINUTE.multipliedBy(4));
        Plan late = pass(lost, MINUTE.multipliedBy(5).plus(TIMEOUT));
        assertThat(late.condition()).isEqualTo(Condition.UNHEALTHY);
        assertThat(late.actions()).isEmpty();
    }

    @Test
    void isNotRemovedFromAnUnhealthyPoolAfterASignThatItRuns() {
        PoolBuilder listed = new PoolBuilder().instance("m", State.RUNNING, LONG);
        PoolBuilder omitted = new PoolBuilder().size(6);
        for (int i = 0; i < 5; i++) {
            listed.node("down-" + i, 0, node -> node.unreadyFor(MINUTE));
            omitted.node("down-" + i, 0, node -> node.unreadyFor(MINUTE));
        }
        pass(listed, Duration.ZERO, Set.of("m"));
        pass(listed, MINUTE, Set.of("m"));
        pass(omitted, MINUTE.multipliedBy(2));
        pass(listed, MINUTE.multipliedBy(3));
        pass(listed, MINUTE.multipliedBy(4));
        assertThat(pass(listed, MINUTE.multipliedBy(5).plus(TIMEOUT)).actions()).isEmpty();
    }

    @Test
    void countsOnceAsAFailureOfGrowth() {
        PoolBuilder stuck = new PoolBuilder()
                .node("a", 4)
                .node("mute", 0, node -> node.age(LONG).neverReady().keep());
        PoolBuilder omitted = new PoolBuilder()
                .node("a", 4)
                .node("mute", 0, node -> node.age(LONG).neverReady().keep().withoutInstance())
                .size(2);
        pass(stuck, Duration.ZERO);
        pass(omitted, Duration.ofSeconds(10));
        Plan listed = pass(stuck, Duration.ofSeconds(20));
        assertThat(actions(listed)).containsExactly("grow 2 to 3");
        assertThat(listed.history().growth().failures()).isZero();
    }

    @Test
    void isWaitedForOnWhenItIsListedAgainSoon() {
        pass(with, Duration.ZERO);
        pass(without, MINUTE);
        pass(without, MINUTE.plusSeconds(10));
        pass(leftOut, MINUTE.plusSeconds(20));
        pass(leftOut, MINUTE.plusSeconds(30));
        pass(without, MINUTE.plusSeconds(40));
        assertThat(actions(pass(without, MINUTE.plusSeconds(10).plus(TIMEOUT).minusMillis(1))))
                .doesNotContain("delete i-b");
        assertThat(actions(pass(without, MINUTE.plusSeconds(10).plus(TIMEOUT)))).contains("delete i-b");
    }

    @Test
    void isWaitedForAnewWhenItWasLeftOutForLong() {
        pass(with, Duration.ZERO);
        pass(without, MINUTE);
        pass(without, MINUTE.plusSeconds(10));
        pass(leftOut, MINUTE.plusSeconds(20));
        pass(leftOut, MINUTE.plusSeconds(140));
        Duration again = MINUTE.plusSeconds(150);
        pass(without, again);
        assertThat(actions(pass(without, again.plus(TIMEOUT).minusMillis(1)))).doesNotContain("delete i-b");
        assertThat(actions(pass(without, again.plus(TIMEOUT)))).contains("delete i-b");
    }

    @Test
    void isNotBelievedToHaveFailedThoughItIsYoung() {
        PoolBuilder booting = new PoolBuilder().node("a", 4).node("b", 4).instance("m", State.BOOTING, Duration.ZERO);
        PoolBuilder omitted = new PoolBuilder().node("a", 4).node("b", 4).size(3);
        PoolBuilder failed = new PoolBuilder().node("a", 4).node("b", 4).instance("m", State.FAILED, Duration.ZERO);
        pass(with, Duration.ZERO);
        pass(booting, Duration.ofSeconds(10));
        pass(omitted, Duration.ofSeconds(20));
        pass(booting, Duration.ofSeconds(30));
        pass(failed, Duration.ofSeconds(40));
        assertThat(actions(pass(failed, Duration.ofSeconds(50)))).doesNotContain("delete m");
    }

    @Test
    void isForgottenAfterAnHour() {
        pass(with, Duration.ZERO);
        pass(leftOut, MINUTE);
        pass(leftOut, MINUTE.plusMinutes(59));
        assertThat(history.machines().orElseThrow().know("i-b")).isTrue();
        pass(leftOut, MINUTE.plusMinutes(60));
        assertThat(history.machines().orElseThrow().know("i-b")).isFalse();
    }
}
