package io.kubescaler.app.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The watcher of what old trouble must not stop. */
final class OldTroubleStopsNothingTest extends PoolAtRest {
    private Watcher watcher;

    OldTroubleStopsNothingTest() {
        super(Scenario.uneventful());
    }

    @BeforeEach
    void makeOneThatHasSeenNoPass() {
        watcher = new OldTroubleStopsNothing(world);
    }

    @Test
    void noticesAFirstPassThatPausesGrowth() {
        PassRecord pausing = record(plan(Condition.GROWTH_PAUSED, "a machine never came"));
        watcher.passed(replica, pausing);
        watcher.passed(replica, pausing);

        assertThat(violations("I13")).singleElement().asString().contains("pauses growth in its first pass");
    }

    @Test
    void saysNothingOfALaterPassThatPausesGrowth() {
        watcher.passed(replica, record());
        watcher.passed(replica, record(plan(Condition.GROWTH_PAUSED, "a machine never came")));

        assertThat(violations("I13")).isEmpty();
    }

    @Test
    void noticesAHealthyPoolThatIsTakenForUnhealthy() {
        watcher.passed(replica, record(plan(Condition.UNHEALTHY, "5 of 6 nodes are unready")));

        assertThat(violations("I13")).singleElement().asString().contains("takes the pool for unhealthy");
    }

    @Test
    void noticesAFailedMachineThatIsLeftInAnUnhealthyPool() {
        String machine = machineThatFailed();
        watcher.passed(replica, record(plan(Condition.UNHEALTHY, "", 1)));

        assertThat(violations("I13")).anyMatch(text -> text.contains("leaves machine " + machine));
    }

    @Test
    void saysNothingOfAFailedMachineThatIsRemoved() {
        Action removal = new Action.Delete(machineThatFailed(), Optional.empty(), new Reason.MachineFailed("no power"));
        watcher.passed(replica, record(plan(Condition.UNHEALTHY, "", 1, removal)));

        assertThat(violations("I13")).noneMatch(text -> text.contains("leaves machine"));
    }

    @Test
    void saysNothingOfAFailedMachineThatIsLeftSinceNoServerWasEverSeen() {
        machineThatFailed();
        watcher.passed(replica, record(plan(Condition.UNHEALTHY, "", 0)));

        assertThat(violations("I13")).noneMatch(text -> text.contains("leaves machine"));
    }

    private static PassRecord record(Plan plan) {
        return new PassRecord(plan, List.of(), Duration.ZERO);
    }

    // and which the cloud fails to delete, so that it is there for as long as it takes
    private String machineThatFailed() {
        world.network().begin(new Fault(Duration.ZERO, Duration.ZERO, Fault.Kind.CLOUD_FAILS_ONE_DELETION, 0, 0));
        world.cloud().faults().failBooting("no power");
        watcher.passed(replica, record());
        world.cloud().resizeByOthers(3);
        // as often as it takes to be sure that nobody has looked away
        for (int i = 0; i < 33; i++) {
            pass(Duration.ofSeconds(20));
            watcher.passed(replica, record());
        }
        return world.cloud().machines().stream()
                .filter(machine -> world.nodeOf(machine).isEmpty())
                .findFirst()
                .orElseThrow();
    }
}
