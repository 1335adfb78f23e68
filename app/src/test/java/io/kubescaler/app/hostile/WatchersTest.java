package io.kubescaler.app.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord;
import io.kubescaler.model.Node;
import io.kubescaler.model.Node.Marks;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Reason;
import io.kubescaler.simulated.PodSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each watcher notices what it watches for: in a pool at rest, it is told of something that must never happen. */
final class WatchersTest extends PoolAtRest {
    WatchersTest() {
        super(Scenario.uneventful());
    }

    @Test
    void sayNothingOfAPoolThatDoesWhatItShould() {
        tell(Watcher::atRest);

        assertThat(world.journals().nodesNow()).as("a surplus node is gone").hasSize(2);
        assertThat(world.history().violations()).isEmpty();
    }

    @Test
    void noticeADeletionUnderAServerThatWasSeen() {
        bindServer();
        tell(watcher -> watcher.loadRead(replica, node.name(), NodeLoad.EMPTY));
        tell(watcher -> watcher.deleting(replica, World.machineOf(node)));

        assertThat(violations("I1")).singleElement().asString().contains("pod default/s is on its node");
    }

    @Test
    void noticeADeletionWithoutALook() {
        tell(watcher -> watcher.deleting(replica, World.machineOf(node)));

        assertThat(violations("I1")).singleElement().asString().contains("without a live look");
    }

    @Test
    void sayThatAServerWhichCameAfterTheLookCouldNotBeKnown() {
        tell(watcher -> watcher.loadRead(replica, node.name(), NodeLoad.EMPTY));
        bindServer();
        tell(watcher -> watcher.deleting(replica, World.machineOf(node)));

        assertThat(violations("I1")).isEmpty();
        assertThat(Watcher.unavoidable(world.watchers())).isEqualTo(1);
    }

    @Test
    void noticeADeletionThatIsGivenUpAndCarriedOutAllTheSame() {
        Optional<Instant> now = Optional.of(replica.wallTime());
        Node deleting = cordoned(new Marks(now, now, now, false));
        tell(watcher -> watcher.loadRead(replica, node.name(), NodeLoad.EMPTY));
        pass(Duration.ofSeconds(1));
        tell(watcher ->
                watcher.nodeWritten(replica, deleting, cordoned(marks(replica.wallTime(), replica.wallTime()))));
        assertThat(violations("I1")).isEmpty();
        tell(watcher -> watcher.deleting(replica, World.machineOf(node)));

        assertThat(violations("I1")).singleElement().asString().contains("by an order that was given up");
    }

    @Test
    void noticeADeletionThatIsGivenUpWhenItHasBeenCarriedOut() {
        Optional<Instant> now = Optional.of(replica.wallTime());
        Node deleting = cordoned(new Marks(now, now, now, false));
        tell(watcher -> watcher.loadRead(replica, node.name(), NodeLoad.EMPTY));
        tell(watcher -> watcher.deleting(replica, World.machineOf(node)));
        tell(watcher -> watcher.deleted(replica, World.machineOf(node)));
        tell(watcher ->
                watcher.nodeWritten(replica, deleting, cordoned(marks(replica.wallTime(), replica.wallTime()))));

        assertThat(violations("I1")).singleElement().asString().contains("the cloud has carried it out");
    }

    @Test
    void noticeABindingUnderWayToANodeWhoseMachineIsDeleted() {
        tell(watcher -> watcher.boundLate("late-1", node));
        assertThat(violations("I1")).isEmpty();
        tell(watcher -> watcher.deleted(replica, World.machineOf(node)));
        tell(watcher -> watcher.boundLate("late-1", node));

        assertThat(violations("I1")).singleElement().asString().contains("while pod late-1 was being bound");
    }

    @Test
    void noticeAResizeBelowTheSize() {
        tell(watcher -> watcher.resizing(replica, 5, 4));

        assertThat(violations("I2")).hasSize(1);
    }

    @Test
    void noticeASizeAboveTheMaximum() {
        world.cloud().resizeByOthers(6);
        tell(watcher -> watcher.resized(replica, 5));

        assertThat(violations("I3")).hasSize(1);
    }

    @Test
    void noticeASizeBelowTheMinimum() {
        Node other = world.journals().nodesNow().get(1);
        world.cloud().removeByOthers(World.machineOf(other));
        tell(watcher -> watcher.deleted(replica, World.machineOf(node)));

        assertThat(violations("I3")).hasSize(1);
    }

    @Test
    void noticeThatANodeIsUncordonedWhichAPersonCordoned() {
        tell(watcher -> watcher.nodeWritten(replica, cordoned(Marks.NONE), node));

        assertThat(violations("I4")).hasSize(1);
    }

    @Test
    void noticeTheDeletionOfANodeWhichAPersonCordoned() {
        world.cluster().setUnschedulable(node.name(), true);
        tell(watcher -> watcher.nodeRead(replica, node.name()));
        tell(watcher -> watcher.deleting(replica, World.machineOf(node)));

        assertThat(violations("I4")).hasSize(1);
    }

    @Test
    void noticeTheDeletionOfANodeThatIsToBeKept() {
        world.cluster().setKeep(node.name(), true);
        tell(watcher -> watcher.nodeRead(replica, node.name()));
        tell(watcher -> watcher.deleting(replica, World.machineOf(node)));

        assertThat(violations("I4")).hasSize(1);
    }

    @Test
    void noticeThatANodeIsTakenBackWhichAPersonCordonedAgain() {
        Node ours = cordoned(marks(replica.wallTime(), replica.wallTime()));
        world.cluster().setUnschedulable(node.name(), false);
        world.cluster().setUnschedulable(node.name(), true);
        Node again = world.node(node.name()).orElseThrow();
        tell(watcher -> watcher.nodeWritten(replica, ours, node));
        assertThat(violations("I4")).isEmpty();
        tell(watcher -> watcher.nodeWritten(replica, again, node));

        assertThat(violations("I4")).hasSize(1);
    }

    @Test
    void noticeThatANodeIsSetAsideWhichCannotBeRead() {
        world.cluster().setNodeUnreadable(node.name(), Optional.of("status: garbled"));
        Node unreadable = world.node(node.name()).orElseThrow();
        tell(watcher -> watcher.nodeWritten(replica, unreadable, cordoned(Marks.NONE)));

        assertThat(violations("I4")).hasSize(1);
    }

    @Test
    void noticeAPoolThatIsBlindForOneObject() {
        Plan blind = plan(Condition.CLUSTER_UNREADABLE, "the quantity '-1' is negative (at /items/0/status)");
        tell(watcher -> watcher.passed(replica, new PassRecord(blind, List.of(), Duration.ZERO)));

        assertThat(violations("I13")).hasSize(1);
    }

    @Test
    void noticeAWriteOutsideTheSelector() {
        world.cluster().setLabel(node.name(), "pool", "other");
        Node outside = world.node(node.name()).orElseThrow();
        tell(watcher -> watcher.nodeWritten(replica, outside, outside));

        assertThat(violations("I4")).hasSize(1);
    }

    @Test
    void noticeAClockThatIsRestarted() {
        Instant before = replica.wallTime().minusSeconds(60);
        Node again = cordoned(marks(before.plusSeconds(30), before.plusSeconds(30)));
        tell(watcher -> watcher.nodeWritten(replica, cordoned(marks(before, before)), again));

        assertThat(violations("I5")).hasSize(2);
    }

    @Test
    void noticeAnActOfOneThatDoesNotHoldTheLease() {
        Replica other = new Replica(world, List.of(world.policy()), 1, 99, Duration.ZERO);
        tell(watcher -> watcher.resizing(other, 2, 3));

        assertThat(violations("I6")).hasSize(1);
    }

    @Test
    void noticeAServerThatWaitsUnsaid() {
        world.cluster().createPod(PodSpec.server("large", Scenario.labelsOf("large"), Scenario.resources(6000, 2, 1)));
        pass(Duration.ofSeconds(30));
        assertThat(violations("I14")).isEmpty();

        tell(watcher -> watcher.passed(replica, record()));

        assertThat(violations("I14")).singleElement().asString().contains("server large");
    }

    @Test
    void noticeANodeTooMany() {
        tell(watcher -> watcher.passed(replica, record(new Action.Grow(2, 3, new Reason.BelowMinimum(2, 3)))));

        assertThat(violations("I7")).hasSize(1);
    }

    @Test
    void noticeWhatIsBoughtAndSetAsideByAnOldPicture() {
        Node free = node;
        pass(Duration.ofSeconds(10));
        replica.kill("so that it looks no more");
        pass(Duration.ofSeconds(121));
        tell(watcher -> watcher.resizing(replica, 2, 3));
        tell(watcher -> watcher.nodeWritten(replica, free, cordoned(Marks.NONE)));

        assertThat(violations("I12")).hasSize(2);
    }

    @Test
    void noticeAnActThatNoPassTellsOf() {
        tell(watcher -> watcher.deleted(replica, "somebody"));
        tell(watcher -> watcher.passed(replica, record()));

        assertThat(violations("I10")).singleElement().asString().contains("somebody");
    }

    @Test
    void noticeATokenInWhatIsTold() {
        Action action =
                new Action.Delete("i-1", Optional.empty(), new Reason.MachineFailed("no " + ReplicaCloud.TOKEN));
        tell(watcher -> watcher.passed(replica, record(action)));

        assertThat(violations("I11")).hasSize(1);
    }

    @Test
    void noticeABufferThatDoesNotStand() {
        world.cluster().setUnschedulable(node.name(), true);
        bindServer();
        tell(Watcher::atRest);

        assertThat(violations("convergence")).isEmpty();

        Node other = world.journals().nodesNow().get(1);
        world.cluster().setUnschedulable(other.name(), true);
        tell(Watcher::atRest);

        assertThat(violations("convergence")).singleElement().asString().contains("0 slots free, 4 required");
    }

    @Test
    void noticeAMachineWithoutANode() {
        world.cluster().removeNode(node.name());
        tell(Watcher::atRest);

        assertThat(violations("convergence")).anyMatch(text -> text.contains("has no node"));
    }
}
