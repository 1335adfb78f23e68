package io.kubescaler.app.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.app.observe.ObservedPasses;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The watcher of the log and of what the API keeps. */
final class DoesNotFloodTest extends PoolAtRest {
    private final Watcher watcher = new DoesNotFlood(world);
    private final Watcher repeating = new DoesNotFlood(world, ObservedPasses::withALineForEach);

    DoesNotFloodTest() {
        super(Scenario.uneventful());
    }

    @Test
    void noticesALogThatRepeatsItself() {
        passes(repeating, DoesNotFlood.MOST, record());
        assertThat(violations("floods")).isEmpty();

        passes(repeating, 1, record());

        assertThat(violations("floods")).singleElement().asString().contains("logs 27 lines");
    }

    @Test
    void saysItOnceAnHour() {
        passes(repeating, 2 * DoesNotFlood.MOST, record());
        assertThat(violations("floods")).hasSize(1);
        pass(Duration.ofHours(1));

        passes(repeating, 2 * DoesNotFlood.MOST, record());

        assertThat(violations("floods")).hasSize(2);
    }

    @Test
    void countsNoLineThatTellsOfSomethingDone() {
        passes(repeating, 200, record(new Action.Cordon(node.name(), true, new Reason.Surplus(8, 4, 4, 0))));

        assertThat(violations("floods")).isEmpty();
    }

    @Test
    void saysNothingOfTheProductionLogWhenAnActionFailsInEveryPass() {
        Action grow = new Action.Grow(2, 3, new Reason.BelowMinimum(2, 3));
        for (int i = 0; i < 360; i++) {
            pass(Duration.ofSeconds(10));
            Outcome failed = new Outcome(grow, Result.FAILED, "the cloud is away for %d s".formatted(i), "away");
            watcher.passed(
                    replica, new PassRecord(plan(Condition.OK, "", grow), List.of(failed), Duration.ofMillis(1)));
        }

        assertThat(violations("floods")).isEmpty();
    }

    private void passes(Watcher told, int count, PassRecord record) {
        for (int i = 0; i < count; i++) {
            told.passed(replica, record);
        }
    }
}
