package io.kubescaler.app.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node.Marks;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The watcher of nodes that two pools select. */
final class SharedNodesAreLeftAloneTest extends PoolAtRest {
    SharedNodesAreLeftAloneTest() {
        super(Scenario.uneventful());
    }

    @Test
    void saysNothingOfTwoPoolsThatDoWhatTheyShould() {
        overlap("pool in (hostile, second)");
        pass(Duration.ofMinutes(20));

        assertThat(world.lastCondition()).isEqualTo(Condition.POOLS_OVERLAP);
        assertThat(world.history().violations()).isEmpty();
    }

    @Test
    void noticesThatOneIsSetAside() {
        overlap("pool");
        tell(watcher -> watcher.nodeWritten(replica, node, cordoned(Marks.NONE)));

        assertThat(violations("overlap")).singleElement().asString().contains("cordons node " + node.name());
    }

    @Test
    void noticesThatOneIsTakenBack() {
        overlap("pool");
        tell(watcher -> watcher.nodeWritten(replica, cordoned(Marks.NONE), node));

        assertThat(violations("overlap")).singleElement().asString().contains("takes back node " + node.name());
    }

    @Test
    void noticesThatOneIsDeleted() {
        overlap("pool");
        tell(watcher -> watcher.deleting(replica, World.machineOf(node)));

        assertThat(violations("overlap")).singleElement().asString().contains("deletes node " + node.name());
    }

    @Test
    void saysNothingOfNodesThatOnePoolSelects() {
        overlap("second=yes");
        world.cluster().setLabel(world.journals().nodesNow().get(1).name(), "second", "yes");
        pass(Duration.ofSeconds(30));
        tell(watcher -> watcher.nodeWritten(replica, node, cordoned(Marks.NONE)));
        tell(watcher -> watcher.deleting(replica, World.machineOf(node)));

        assertThat(violations("overlap")).isEmpty();
        assertThat(world.lastCondition()).isEqualTo(Condition.POOLS_OVERLAP);
    }

    @Test
    void noticesAnOverlapThatIsNotSaid() {
        overlap("pool");
        tell(watcher -> watcher.passed(replica, record()));

        assertThat(violations("overlap")).singleElement().asString().contains("says Ok of pool hostile");
    }

    @Test
    void noticesAnOverlapThatIsSaidWithoutOne() {
        tell(watcher -> watcher.passed(replica, record(plan(Condition.POOLS_OVERLAP, ""))));

        assertThat(violations("overlap")).singleElement().asString().contains("selected by no other");
    }

    @Test
    void noticesSlotsThatAreCountedTwice() {
        overlap("pool");
        PassRecord counting = record(plan(Condition.POOLS_OVERLAP, ""));
        tell(watcher -> watcher.passed(replica, counting));
        assertThat(violations("overlap")).isEmpty();

        tell(watcher -> watcher.secondPassed(replica, replica.cluster(), counting));

        assertThat(violations("overlap")).singleElement().asString().contains("counts 8 free slots");
    }

    @Test
    void noticesASecondPoolThatActs() {
        overlap("pool");
        Action cordon = new Action.Cordon(node.name(), true, new Reason.Surplus(8, 4, 4, 0));
        tell(watcher ->
                watcher.secondPassed(replica, replica.cluster(), record(plan(Condition.POOLS_OVERLAP, "", cordon))));

        assertThat(violations("overlap")).anyMatch(text -> text.contains("which has no machines, plans"));
    }

    private void overlap(String selector) {
        world.configure(it -> it.withSecond(Optional.of(LabelSelector.parse(selector))), "there is a second pool");
        pass(Duration.ofSeconds(30));
        replica = world.replica(0).orElseThrow();
    }

    private static PassRecord record(Plan plan) {
        return new PassRecord(plan, List.of(), Duration.ZERO);
    }
}
