package io.kubescaler.app.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolHistory.GrowthBackoff;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The watcher of growth after machines that never came. */
final class GrowthBacksOffTest extends PoolAtRest {
    private static final Action GROW = new Action.Grow(3, 4, new Reason.BelowMinimum(3, 4));
    private static final Duration LONG = Scenario.PROVISIONING_TIMEOUT.plusMinutes(2);

    private GrowthBacksOff watcher;

    GrowthBacksOffTest() {
        super(Scenario.uneventful());
    }

    @BeforeEach
    void orderOneWhoseNodeIsOutsideThePool() {
        watcher = new GrowthBacksOff(world);
        world.cluster().labelNewNodes(Map.of("pool", "none"));
        world.cloud().resizeByOthers(3);
        pass(Duration.ofMinutes(1));
    }

    @Test
    void noticesThePassThatBuysMore() {
        watcher.passed(replica, record());
        pass(LONG);
        watcher.passed(replica, record(GROW));

        assertThat(violations("backoff")).singleElement().asString().contains("grows the pool in the pass that finds");
    }

    @Test
    void saysNothingOfOneThatBuysLater() {
        watcher.passed(replica, record());
        pass(LONG);
        watcher.passed(replica, record());
        watcher.passed(replica, record(GROW));

        assertThat(violations("backoff")).isEmpty();
    }

    @Test
    void saysNothingOfWhatWasOverdueBefore() {
        pass(LONG);
        watcher.passed(replica, record(GROW));

        assertThat(violations("backoff")).isEmpty();
    }

    @Test
    void noticesASecondPauseForTheSameMachine() {
        PassRecord first = pausing("m");
        watcher.passed(replica, first);
        watcher.passed(replica, first);
        pass(Duration.ofSeconds(1));
        watcher.passed(replica, pausing("m", "n"));
        assertThat(violations("backoff")).isEmpty();
        pass(Duration.ofSeconds(1));
        watcher.passed(replica, pausing("n"));

        assertThat(violations("backoff")).singleElement().asString().contains("counted before");
    }

    @Test
    void saysNothingOfAPauseThatGoesOnOrOfARefusal() {
        PassRecord before = pausing("m");
        watcher.passed(replica, before);
        GrowthBackoff refused =
                before.plan().history().growth().failed(replica.wallTime().minusMillis(1), Set.of(), "droplet limit");
        watcher.passed(replica, withGrowth(refused));

        assertThat(violations("backoff")).isEmpty();
    }

    private PassRecord pausing(String... machines) {
        return withGrowth(GrowthBackoff.NONE.failed(replica.wallTime(), Set.of(machines), "never became Ready"));
    }

    private PassRecord withGrowth(GrowthBackoff growth) {
        Plan plan = plan(Condition.GROWTH_PAUSED, "");
        return new PassRecord(
                new Plan(
                        plan.pool(),
                        plan.now(),
                        plan.condition(),
                        plan.message(),
                        plan.size(),
                        plan.free(),
                        plan.buffer(),
                        plan.unplaced(),
                        plan.required(),
                        plan.serverPods(),
                        plan.upcoming(),
                        plan.slotsPerNewNode(),
                        plan.waitingSince(),
                        plan.marks(),
                        plan.actions(),
                        plan.nodes(),
                        PoolHistory.NONE.withGrowth(growth)),
                List.of(),
                Duration.ZERO);
    }

    @Test
    void noticesThePassThatBuysMoreForOneThatFailed() {
        // so that it stays
        world.network().begin(new Fault(Duration.ZERO, Duration.ZERO, Fault.Kind.CLOUD_FAILS_ONE_DELETION, 0, 0));
        world.cloud().faults().failBooting("no power");
        world.cloud().resizeByOthers(4);
        pass(Duration.ofMinutes(1));
        watcher.passed(replica, record());
        assertThat(violations("backoff")).isEmpty();
        pass(Duration.ofMinutes(9));
        watcher.passed(replica, record(GROW));

        assertThat(violations("backoff")).singleElement().asString().contains("grows the pool in the pass that finds");
    }
}
