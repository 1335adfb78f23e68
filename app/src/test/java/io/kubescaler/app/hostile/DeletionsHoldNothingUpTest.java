package io.kubescaler.app.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The watcher of deletions that are refused. */
final class DeletionsHoldNothingUpTest extends PoolAtRest {
    private static final Action GROW = new Action.Grow(2, 3, new Reason.BelowMinimum(2, 3));
    private static final String WAITS = "the cloud's rate limit is used up; it asks to wait 90 s more";

    DeletionsHoldNothingUpTest() {
        super(Scenario.uneventful());
    }

    @Test
    void noticesReadingThatWaitsForDeletions() {
        PassRecord record = new PassRecord(plan(Condition.CLOUD_UNREADABLE, WAITS), List.of(), Duration.ZERO);
        tell(watcher -> watcher.passed(replica, record));

        assertThat(violations("rate")).singleElement().asString().contains("reads nothing");
    }

    @Test
    void noticesGrowthThatWaitsForDeletions() {
        Outcome waits = new Outcome(GROW, Result.SKIPPED, WAITS);
        PassRecord record = new PassRecord(plan(Condition.OK, "", GROW), List.of(waits), Duration.ZERO);
        tell(watcher -> watcher.passed(replica, record));

        assertThat(violations("rate")).singleElement().asString().contains("does not grow");
    }

    @Test
    void noticesAMachineWhoseDeletionIsAskedForTooOften() {
        refused(31);

        assertThat(violations("rate")).singleElement().asString().contains("asked 31 times");
    }

    @Test
    void saysNothingOfOneThatIsAskedForNowAndThen() {
        refused(30);
        pass(Duration.ofMinutes(21));
        refused(30);

        assertThat(violations("rate")).isEmpty();
    }

    private void refused(int times) {
        Deque<Long> asked = replica.cloud().refusedAtNanos().computeIfAbsent("machine-9", any -> new ArrayDeque<>());
        for (int i = 0; i < times; i++) {
            asked.add(world.clock().nanos());
        }
        PassRecord record = record();
        tell(watcher -> watcher.passed(replica, record));
    }
}
