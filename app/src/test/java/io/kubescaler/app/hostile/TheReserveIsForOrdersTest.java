package io.kubescaler.app.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.model.Node.Marks;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Reason;
import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The watcher of what is kept of the cloud's rate limit for orders. */
final class TheReserveIsForOrdersTest extends PoolAtRest {
    private static final Action GROW = new Action.Grow(2, 3, new Reason.BelowMinimum(2, 3));

    // one that makes no passes of its own
    private Replica other;
    private Action takeBack;
    private Action delete;

    TheReserveIsForOrdersTest() {
        super(Scenario.uneventful());
    }

    @BeforeEach
    void makeActions() {
        other = new Replica(world, List.of(world.policy()), 1, 99, Duration.ZERO);
        takeBack = new Action.Uncordon(node.name(), World.machineOf(node), new Reason.RoomForServer(4, 0));
        delete = new Action.Delete(
                "machine-9", Optional.empty(), new Reason.NeverReady(Duration.ofHours(1), Duration.ofMinutes(15)));
    }

    @Test
    void noticesATakeBackThatReadsAsForAnOrder() {
        passed();
        takesBack(true);
        passed(takeBack);

        assertThat(violations("rate")).singleElement().asString().contains("to take back " + node.name());
    }

    @Test
    void noticesItWhenAnOrderComesAfterTheTakeBack() {
        passed();
        takesBack(true);
        passed(takeBack, GROW);

        assertThat(violations("rate")).hasSize(1);
    }

    @Test
    void saysNothingOfATakeBackThatReadsAsForPlanning() {
        passed();
        takesBack(false);
        passed(takeBack);

        assertThat(violations("rate")).isEmpty();
    }

    @Test
    void saysNothingOfATakeBackThatUsesTheReadingOfAnOrderBeforeIt() {
        passed();
        takesBack(true);
        passed(delete, takeBack);

        assertThat(violations("rate")).isEmpty();
    }

    @Test
    void saysNothingOfATakeBackRightAfterAPassWithAnOrder() {
        passed(GROW);
        takesBack(true);
        passed(takeBack);

        assertThat(violations("rate")).isEmpty();
    }

    @Test
    void noticesAnOrderThatWaitsForWhatIsKeptForIt() {
        Outcome waits = new Outcome(GROW, Result.FAILED, "not read: " + ReplicaCloud.KEPT_FOR_ORDERS);
        tell(watcher ->
                watcher.passed(other, new PassRecord(plan(Condition.OK, "", GROW), List.of(waits), Duration.ZERO)));

        assertThat(violations("rate")).hasSize(1);
    }

    private void passed(Action... actions) {
        PassRecord record = record(actions);
        tell(watcher -> watcher.passed(other, record));
    }

    private void takesBack(boolean asForAnOrder) {
        world.turns().spawn("reading", other, () -> read(asForAnOrder));
        pass(Duration.ofSeconds(1));
        tell(watcher -> watcher.nodeWritten(other, cordoned(Marks.NONE), node));
    }

    private void read(boolean asForAnOrder) {
        try {
            other.cloud().describe();
            if (asForAnOrder) {
                other.cloud().describeForOrder();
            } else {
                other.cloud().describe();
            }
        } catch (ProviderException refused) {
            throw new IllegalStateException("nothing is wrong with the cloud", refused);
        }
    }
}
