package io.kubescaler.plan;

import static io.kubescaler.plan.Plans.actions;
import static io.kubescaler.plan.Plans.plan;
import static io.kubescaler.plan.Plans.report;
import static io.kubescaler.testing.PoolBuilder.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Instance.State;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolHistory.GrowthBackoff;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Sightings;
import io.kubescaler.testing.PoolBuilder;
import io.kubescaler.testing.PoolBuilder.NodeBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Servers may live on unseen on a machine without a node, and on one whose node was made anew. Nothing tells whether it
 * had another node before this process began to watch.
 */
final class AbsenceTest {
    private static final Duration LONG = Duration.ofHours(36);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofMinutes(15);

    private final PoolBuilder with = new PoolBuilder().node("a", 4).node("b", 4);
    private final PoolBuilder without =
            new PoolBuilder().node("a", 4).instance(with.cloud().instances().get(1));
    private final PoolBuilder anew = new PoolBuilder()
            .node("a", 4)
            .node("b", 0, node -> node.age(MINUTE).machineAge(LONG).neverReady());

    @Test
    void leavesAMachineThatHasLostItsNode() {
        PoolHistory seen = plan(with, PoolHistory.NONE, Duration.ZERO).history();
        Plan lost = plan(without, seen, MINUTE);
        assertThat(actions(lost)).containsExactly("grow 2 to 3");
        assertThat(report(lost, "i-b").verdict())
                .isEqualTo("unready: its node is gone; waited 0 s of 900 s for a Ready node");
        PoolHistory waits = plan(without, lost.history(), MINUTE).history();
        assertThat(actions(plan(without, waits, MINUTE.plus(TIMEOUT).minusMillis(1))))
                .containsExactly("grow 2 to 3");

        Plan late = plan(without, waits, MINUTE.plus(TIMEOUT));
        assertThat(actions(late)).containsExactly("grow 2 to 3", "delete i-b");
        assertThat(late.actions().get(1).reason()).isEqualTo(new Reason.NeverReady(TIMEOUT, TIMEOUT));
        assertThat(late.history().growth().failures()).isZero();
    }

    @Test
    void removesAMachineWhoseNodeIsReadyAndWasNeverSetUpByTheCloud() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 4)
                .node("b", 0, node -> node.age(LONG).taint("node.cloudprovider.kubernetes.io/uninitialized"));
        PoolHistory history = plan(pool, PoolHistory.NONE, Duration.ZERO).history();
        history = plan(pool, history, Duration.ofSeconds(10)).history();
        assertThat(actions(plan(pool, history, TIMEOUT))).contains("delete b");
    }

    @Test
    void leavesAMachineWhoseNodeCameAndWentWhileTheCloudWasAway() {
        PoolHistory history = plan(without, PoolHistory.NONE, Duration.ZERO).history();
        history = plan(without, history, Duration.ofSeconds(10)).history();
        history = awayPlan(with, history, TIMEOUT.minusSeconds(50)).history();
        history = awayPlan(without, history, TIMEOUT.minusSeconds(40)).history();
        Plan back = plan(without, history, TIMEOUT.plusSeconds(20));
        assertThat(back.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(report(back, "i-b").verdict())
                .isEqualTo("unready: its node is gone; waited 0 s of 900 s for a Ready node");
    }

    // the cloud has told of it a moment ago
    private static Plan awayPlan(PoolBuilder pool, PoolHistory history, Duration uptime) {
        PoolSnapshot read = pool.build();
        Sightings sightings = new Sightings(Optional.of(uptime), Set.of(), Duration.ofSeconds(50), Map.of(), Map.of());
        return new Planner()
                .plan(
                        PoolBuilder.policy(),
                        new PoolSnapshot(
                                new Reading.Unreadable<>("503", Optional.of(pool.cloud())), read.cluster(), sightings),
                        history,
                        NOW.plus(uptime));
    }

    private static PoolBuilder expiredBeside(int servers, Consumer<NodeBuilder> more) {
        return new PoolBuilder()
                .node("a", 4)
                .node("c", 0)
                .node("b", servers, node -> more.accept(node.expiredFor(LONG)));
    }

    @Test
    void callsANodeEmptyNoMoreOnceAServerIsSeenThereThoughTheCloudIsAway() {
        PoolBuilder expired = expiredBeside(0, node -> {});
        PoolHistory history = plan(expired, PoolHistory.NONE, Duration.ZERO).history();
        Mark mark = new Mark("b", Mark.Kind.CLEAR_EMPTY_SINCE, Optional.empty(), new Reason.NoLongerEmpty(1));
        assertThat(awayPlan(expiredBeside(1, node -> {}), history, MINUTE).marks())
                .containsExactly(mark);
        PoolBuilder deleting = expiredBeside(1, node -> node.deletingFor(MINUTE));
        assertThat(plan(deleting, history, MINUTE).marks()).containsExactly(mark);
        PoolBuilder unhealthy = expiredBeside(1, node -> {});
        for (int i = 0; i < 6; i++) {
            unhealthy.node("down-" + i, 0, node -> node.unreadyFor(MINUTE));
        }
        Plan plan = plan(unhealthy, history, MINUTE);
        assertThat(plan.condition()).isEqualTo(Condition.UNHEALTHY);
        assertThat(plan.marks()).containsExactly(mark);
    }

    @Test
    void waitsForADarkNodeThatHadExpiredWhenNobodyHadLooked() {
        PoolBuilder dark = expiredBeside(0, node -> node.unreadyFor(MINUTE));
        Plan first = plan(dark, PoolHistory.NONE, Duration.ZERO);
        assertThat(first.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(report(first, "b").verdict())
                .isEqualTo("cordoned: not Ready: waited 0 s of 900 s for a sign of servers");
        assertThat(plan(dark, first.history(), TIMEOUT.minusMillis(1)).actions())
                .noneMatch(Action.Delete.class::isInstance);
        assertThat(actions(plan(dark, first.history(), TIMEOUT))).contains("delete b");
    }

    @Test
    void countsNoDarkNodeThatWasSetAsideEmptyWhenItJudgesWhetherMostAreUnready() {
        PoolBuilder pool = new PoolBuilder().unplaced(3);
        for (int i = 0; i < 4; i++) {
            pool.node("full-" + i, 4);
            pool.node("dark-" + i, 0, node -> node.expiredFor(LONG).unreadyFor(MINUTE));
        }
        Plan plan = plan(pool, PoolHistory.NONE, Duration.ZERO);
        assertThat(plan.condition()).isEqualTo(Condition.OK);
        assertThat(actions(plan)).containsExactly("grow 8 to 10");
        assertThat(actions(plan(pool, plan.history(), TIMEOUT))).contains("delete dark-0");
    }

    @Test
    void darkNodesThatAreSetAsideAndNotMarkedAsEmptyStopNobody() {
        PoolBuilder pool = new PoolBuilder().unplaced(3);
        for (int i = 0; i < 4; i++) {
            pool.node("full-" + i, 4);
            pool.node("dark-" + i, 0, node -> node.cordonedFor(LONG).unreadyFor(MINUTE));
        }
        assertThat(actions(plan(pool, PoolHistory.NONE, Duration.ZERO))).containsExactly("grow 8 to 10");
        PoolBuilder full = pool.size(10).limit(10).unplaced(9);
        Plan plan = plan(full, PoolHistory.NONE, Duration.ZERO);
        assertThat(plan.condition()).isEqualTo(Condition.AT_MAXIMUM);
        assertThat(plan.message())
                .endsWith(
                        "; dark-0 is not deleted: not Ready, so nothing tells that its servers have ended; nor are 3 more");
    }

    @Test
    void doesNotSayThatAMachineIsNotDeletedWhichItDeletes() {
        PoolBuilder pool = new PoolBuilder()
                .node("full", 4)
                .node("b", 0, node -> node.age(LONG).neverReady().cordonedFor(MINUTE))
                .limit(2)
                .unplaced(1);
        PoolHistory history = plan(pool, PoolHistory.NONE, Duration.ZERO).history();
        Plan plan = plan(pool, history, TIMEOUT);
        assertThat(actions(plan)).containsExactly("delete b");
        assertThat(plan.condition()).isEqualTo(Condition.AT_MAXIMUM);
        assertThat(plan.message()).doesNotContain("not deleted");
    }

    @Test
    void namesAtTheMaximumNoDarkNodeThatIsKeptOrHasNoMachine() {
        PoolBuilder pool = new PoolBuilder()
                .node("full", 4)
                .node(
                        "ghost",
                        0,
                        node -> node.cordonedFor(LONG).unreadyFor(MINUTE).withoutInstance())
                .node(
                        "kept",
                        0,
                        node -> node.cordonedFor(LONG).unreadyFor(MINUTE).keep())
                .node(
                        "precious",
                        0,
                        node -> node.cordonedFor(LONG).unreadyFor(MINUTE).doNotDisrupt("default/p"))
                .limit(3)
                .unplaced(1);
        Plan plan = plan(pool, PoolHistory.NONE, Duration.ZERO);
        assertThat(plan.condition()).isEqualTo(Condition.AT_MAXIMUM);
        assertThat(plan.message()).doesNotContain("not deleted");
        assertThat(report(plan, "ghost").verdict())
                .isEqualTo("cordoned: the cloud lists no machine for it, so it cannot be deleted");
        assertThat(report(plan, "kept").verdict()).contains("neither taken back nor deleted");
        assertThat(report(plan, "precious").verdict()).isEqualTo("protected by pod default/p");
    }

    @Test
    void namesAtTheMaximumADarkNodeThatTheMinimumKeeps() {
        PoolBuilder pool = new PoolBuilder()
                .node("full", 4)
                .node("b", 0, node -> node.expiredFor(LONG).unreadyFor(LONG))
                .unplaced(1);
        Plan plan = new Planner().plan(PoolBuilder.policy(4, 2, 2), pool.build(), PoolHistory.NONE, NOW);
        assertThat(plan.condition()).isEqualTo(Condition.AT_MAXIMUM);
        assertThat(plan.message()).endsWith("; b is not deleted: the pool would fall below its minimum of 2");
    }

    @Test
    void waitsAnewOnceANodeIsGoneThatClaimedToBeTheSameMachine() {
        PoolBuilder dark = expiredBeside(0, node -> node.unreadyFor(MINUTE));
        PoolBuilder two = expiredBeside(0, node -> node.unreadyFor(MINUTE))
                .node(
                        "twin",
                        1,
                        node -> node.providerId(Optional.of("test://b")).withoutInstance());
        PoolHistory history = plan(two, PoolHistory.NONE, Duration.ZERO).history();
        history = plan(two, history, TIMEOUT).history();
        Plan one = plan(dark, history, TIMEOUT.plusSeconds(10));
        assertThat(one.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(actions(plan(dark, one.history(), TIMEOUT.multipliedBy(2).plusSeconds(10))))
                .contains("delete b");
    }

    @Test
    void leavesADarkNodeWhoseMachineMayHaveANodeOutsideThePool() {
        PoolBuilder dark = expiredBeside(0, node -> node.unreadyFor(MINUTE));
        PoolHistory history = plan(dark, PoolHistory.NONE, Duration.ZERO).history();
        Plan late = plan(dark, history, TIMEOUT, NOW.plus(TIMEOUT), Set.of("i-b"));
        assertThat(late.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(report(late, "b").verdict()).contains("a node outside the pool");
    }

    @Test
    void takesAMachineForNoneThatNeverCameWhoseNodeWasReplacedBetweenTwoPasses() {
        PoolBuilder up = new PoolBuilder().node("a", 4).node("b", 4, node -> node.age(MINUTE));
        PoolBuilder replaced = new PoolBuilder()
                .node("a", 4)
                .node(
                        "b",
                        0,
                        node -> node.machineAge(MINUTE)
                                .age(Duration.ofSeconds(-5))
                                .neverReady()
                                .anew());
        for (PoolBuilder pool : List.of(up, replaced)) {
            for (int i = 0; i < 5; i++) {
                pool.node("down-" + i, 0, node -> node.unreadyFor(MINUTE));
            }
        }
        PoolHistory history = plan(up, PoolHistory.NONE, Duration.ZERO).history();
        history = plan(replaced, history, Duration.ofSeconds(10)).history();
        Plan late = plan(replaced, history, TIMEOUT.plusSeconds(20));
        assertThat(late.condition()).isEqualTo(Condition.UNHEALTHY);
        assertThat(late.actions()).isEmpty();
    }

    @Test
    void leavesAMachineWithoutANodeThatAnEarlierProcessMayHaveSeenWithOne() {
        Plan first = plan(without, PoolHistory.NONE, Duration.ZERO);
        assertThat(actions(first)).containsExactly("grow 2 to 3");
        assertThat(report(first, "i-b").verdict()).isEqualTo("unready: waited 0 s of 900 s for a Ready node");
        assertThat(actions(plan(without, waiting(), TIMEOUT))).contains("delete i-b");
    }

    // the wait begins with the second pass, when the other nodes of the cluster have been looked through
    private PoolHistory waiting() {
        PoolHistory first = plan(without, PoolHistory.NONE, Duration.ZERO).history();
        assertThat(plan(without, first, TIMEOUT).actions()).noneMatch(Action.Delete.class::isInstance);
        return plan(without, first, Duration.ZERO).history();
    }

    @Test
    void leavesAMachineWhoseNodeAnEarlierProcessMayHaveSeenAnew() {
        Plan first = plan(anew, PoolHistory.NONE, Duration.ZERO, NOW.plus(TIMEOUT));
        assertThat(first.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(report(first, "b").verdict())
                .isEqualTo("unready: it registered anew; waited 0 s of 900 s for a Ready node");
        assertThat(actions(plan(anew, first.history(), TIMEOUT, NOW.plus(LONG))))
                .contains("delete b");
    }

    @Test
    void doesNotBelieveAWallClockThatWasSetForward() {
        PoolHistory seen = plan(with, PoolHistory.NONE, Duration.ZERO).history();
        PoolHistory lost = plan(without, seen, MINUTE).history();
        assertThat(plan(without, lost, MINUTE.plusSeconds(1), NOW.plus(LONG)).actions())
                .noneMatch(Action.Delete.class::isInstance);
        PoolHistory back = plan(anew, lost, MINUTE.multipliedBy(2)).history();
        assertThat(plan(anew, back, TIMEOUT, NOW.plus(LONG)).actions()).noneMatch(Action.Delete.class::isInstance);
    }

    @Test
    void beginsAnewWithAnotherNode() {
        PoolHistory first = plan(without, PoolHistory.NONE, Duration.ZERO).history();
        PoolHistory second = plan(anew, first, TIMEOUT.minusSeconds(1)).history();
        Plan soon = plan(anew, second, TIMEOUT, NOW.plus(LONG));
        assertThat(soon.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(report(soon, "b").verdict()).contains("waited 1 s of 900 s");
        assertThat(plan(without, second, TIMEOUT).actions()).noneMatch(Action.Delete.class::isInstance);
    }

    @Test
    void beginsAnewAfterAPauseAndOnceItIsFoundInUse() {
        PoolHistory first = waiting();
        for (PoolHistory anew : List.of(first.withoutWaits(), first.withoutWait("i-b"))) {
            Plan second = plan(without, anew, MINUTE);
            assertThat(plan(without, second.history(), TIMEOUT).actions()).noneMatch(Action.Delete.class::isInstance);
            assertThat(actions(plan(without, second.history(), TIMEOUT.plus(MINUTE))))
                    .contains("delete i-b");
        }
        assertThat(actions(plan(without, first.withoutWait("i-c"), TIMEOUT))).contains("delete i-b");
    }

    @Test
    void leavesAMachineWhoseNodeIsOutsideThePoolAndWaitsWhenThatGoes() {
        Set<String> elsewhere = Set.of("i-b");
        PoolHistory first = plan(without, PoolHistory.NONE, Duration.ZERO).history();
        Plan there = plan(without, first, TIMEOUT, NOW.plus(TIMEOUT), elsewhere);
        assertThat(there.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(report(there, "i-b").verdict())
                .isEqualTo(
                        "unready: a node outside the pool, or one that cannot be read, may be this machine: check its labels by the node-selector role=scalable, and set its spec.providerID if it has none");
        // an hour later, as with a long tick
        Duration gone = TIMEOUT.multipliedBy(5);
        PoolHistory waits = plan(without, there.history(), gone).history();
        assertThat(plan(without, waits, gone.plus(TIMEOUT).minusMillis(1)).actions())
                .noneMatch(Action.Delete.class::isInstance);
        assertThat(actions(plan(without, waits, gone.plus(TIMEOUT)))).contains("delete i-b");
    }

    @Test
    void pausesGrowthForMachinesWhoseNodesNeverMatchTheSelector() {
        PoolBuilder ordered = new PoolBuilder().unplaced(4).instance("i-a", State.RUNNING, Duration.ZERO);
        Set<String> elsewhere = Set.of("i-a");
        PoolHistory history =
                plan(ordered, PoolHistory.NONE, Duration.ZERO, NOW).history();
        history = plan(ordered, history, MINUTE, NOW.plus(MINUTE), elsewhere).history();
        Plan overdue = plan(ordered, history, TIMEOUT, NOW.plus(TIMEOUT), elsewhere);
        assertThat(overdue.condition()).isEqualTo(Condition.GROWTH_PAUSED);
        assertThat(overdue.actions()).isEmpty();
        assertThat(overdue.history().growth().why())
                .isEqualTo("1 machine never became Ready, and no node matches node-selector role=scalable: check it");
    }

    @Test
    void removesMachinesThatNeverCameUnderNodesWhoseLabelsCameLate() {
        PoolBuilder unlabelled = new PoolBuilder().unplaced(9);
        PoolBuilder labelled = new PoolBuilder().unplaced(9);
        for (int i = 0; i < 4; i++) {
            unlabelled.node("up-" + i, 4);
            labelled.node("up-" + i, 4);
        }
        for (int i = 0; i < 4; i++) {
            labelled.node("mute-" + i, 0, node -> node.age(Duration.ZERO).neverReady());
        }
        labelled.cloud().instances().stream().skip(4).forEach(unlabelled::instance);
        Set<String> mute = Set.of("i-mute-0", "i-mute-1", "i-mute-2", "i-mute-3");
        PoolHistory history =
                plan(unlabelled, PoolHistory.NONE, Duration.ZERO, NOW, mute).history();
        history = plan(unlabelled, history, MINUTE, NOW.plus(MINUTE), mute).history();
        history = plan(labelled, history, MINUTE.multipliedBy(2)).history();
        Plan late = plan(labelled, history, MINUTE.multipliedBy(2).plus(TIMEOUT));
        assertThat(late.condition()).isNotEqualTo(Condition.UNHEALTHY);
        assertThat(actions(late)).contains("delete mute-0", "delete mute-1", "delete mute-2", "delete mute-3");
        assertThat(late.history().growth().failures()).isEqualTo(1);
    }

    @Test
    void leavesAMachineThatRanOutsideThePoolAndHasNoNodeNowInAnUnhealthyPool() {
        PoolBuilder pool = new PoolBuilder();
        for (int i = 0; i < 5; i++) {
            pool.node("down-" + i, 0, node -> node.unreadyFor(MINUTE));
        }
        pool.instance("i-gone", State.RUNNING, LONG);
        Duration gone = MINUTE.multipliedBy(2);
        Duration later = gone.plus(TIMEOUT);
        PoolHistory history = plan(pool, PoolHistory.NONE, Duration.ZERO, NOW).history();
        history =
                plan(pool, history, MINUTE, NOW.plus(MINUTE), Set.of("i-gone")).history();
        history = plan(pool, history, gone, NOW.plus(gone)).history();
        Plan unhealthy = plan(pool, history, later, NOW.plus(later));
        assertThat(unhealthy.condition()).isEqualTo(Condition.UNHEALTHY);
        assertThat(unhealthy.actions()).isEmpty();
    }

    @Test
    void saysForHowLongAMachineThatRanOutsideThePoolHasHadNoNode() {
        PoolBuilder pool = new PoolBuilder().node("a", 4).instance("i-gone", State.RUNNING, LONG);
        PoolHistory history = plan(pool, PoolHistory.NONE, Duration.ZERO, NOW).history();
        history =
                plan(pool, history, MINUTE, NOW.plus(MINUTE), Set.of("i-gone")).history();
        Duration later = MINUTE.multipliedBy(2);
        Plan waiting = plan(pool, history, later, NOW.plus(later));
        assertThat(report(waiting, "i-gone").verdict())
                .isEqualTo("unready: it may have run; waited 0 s of 900 s for a Ready node");
        Plan over = plan(pool, waiting.history(), later.plus(TIMEOUT), NOW.plus(later.plus(TIMEOUT)));
        assertThat(over.actions())
                .filteredOn(Action.Delete.class::isInstance)
                .extracting(Action::reason)
                .containsExactly(new Reason.NeverReady(TIMEOUT, TIMEOUT));
    }

    @Test
    void namesTheSelectorWhenSomeMachinesHaveTheirNodesOutsideThePool() {
        PoolBuilder ordered =
                new PoolBuilder().node("a", 4).unplaced(4).instance("i-out", State.RUNNING, Duration.ZERO);
        PoolHistory history =
                plan(ordered, PoolHistory.NONE, Duration.ZERO, NOW).history();
        Plan overdue = plan(ordered, history, TIMEOUT, NOW.plus(TIMEOUT), Set.of("i-out"));
        assertThat(overdue.history().growth().why())
                .isEqualTo(
                        "1 machine never became Ready; a node outside the pool, or one that cannot be read, may be i-out:"
                                + " check its labels by the node-selector role=scalable, and set its spec.providerID if it has none");
    }

    @Test
    void endsThePauseWhenAMachineThatWasCountedIsOfUseAfterAll() {
        PoolBuilder without =
                new PoolBuilder().node("a", 4).unplaced(4).instance("i-late", State.RUNNING, Duration.ZERO);
        PoolHistory history =
                plan(without, PoolHistory.NONE, Duration.ZERO, NOW).history();
        Plan overdue = plan(without, history, TIMEOUT, NOW.plus(TIMEOUT), Set.of("i-late"));
        assertThat(overdue.condition()).isEqualTo(Condition.GROWTH_PAUSED);
        // Ready for long, and its labels have come only now
        PoolBuilder labelled =
                new PoolBuilder().node("a", 4).unplaced(9).node("late", 0, node -> node.age(Duration.ZERO));
        Instant soon = NOW.plus(TIMEOUT).plus(MINUTE);
        Plan after = plan(labelled, overdue.history(), TIMEOUT.plus(MINUTE), soon);
        assertThat(after.history().growth()).isEqualTo(GrowthBackoff.NONE);
        assertThat(after.actions()).hasOnlyElementsOfType(Action.Grow.class).hasSize(1);
        // and counts anew should it come to nothing
        assertThat(plan(labelled, after.history(), TIMEOUT.plus(MINUTE), soon)
                        .history()
                        .growth()
                        .counted())
                .isEmpty();
    }

    @Test
    void beginsAnewWhenASignOfServersGoes() {
        List<PoolBuilder> signs = List.of(
                new PoolBuilder().node("a", 4).node("b", 1, NodeBuilder::neverReady),
                new PoolBuilder()
                        .node("a", 4)
                        .node("b", 0, node -> node.neverReady().unreadable("status")),
                new PoolBuilder()
                        .node("a", 4)
                        .node("b", 0, node -> node.neverReady().doNotDisrupt("ns/p")),
                new PoolBuilder()
                        .node("a", 4)
                        .node("b", 0, NodeBuilder::neverReady)
                        .node(
                                "renamed",
                                3,
                                node -> node.providerId(Optional.of("test://b")).withoutInstance()));
        for (PoolBuilder shown : signs) {
            PoolBuilder gone = new PoolBuilder().node("a", 4).node("b", 0, NodeBuilder::neverReady);
            PoolHistory first = plan(shown, PoolHistory.NONE, Duration.ZERO).history();
            PoolHistory second = plan(shown, first, TIMEOUT.multipliedBy(2)).history();
            Plan soon = plan(gone, second, TIMEOUT.multipliedBy(2).plusSeconds(1));
            assertThat(soon.actions()).noneMatch(Action.Delete.class::isInstance);
            assertThat(actions(
                            plan(gone, soon.history(), TIMEOUT.multipliedBy(3).plusSeconds(1))))
                    .contains("delete b");
        }
    }

    @Test
    void removesNoneThatItHasSeenWithANodeFromAnUnhealthyPool() {
        PoolBuilder all = new PoolBuilder();
        PoolBuilder lost = new PoolBuilder();
        for (int i = 0; i < 5; i++) {
            all.node("down-" + i, 0, node -> node.unreadyFor(MINUTE));
            lost.node("down-" + i, 0, node -> node.unreadyFor(MINUTE));
        }
        all.node("gone", 4);
        lost.instance(all.cloud().instances().get(5));
        PoolHistory seen = plan(all, PoolHistory.NONE, Duration.ZERO).history();
        PoolHistory waits = plan(lost, seen, MINUTE).history();
        Plan late = plan(lost, waits, MINUTE.plus(TIMEOUT));
        assertThat(late.condition()).isEqualTo(Condition.UNHEALTHY);
        assertThat(late.actions()).isEmpty();
    }

    @Test
    void waitsNoLongerForAMachineThatItHasSeenFromTheBeginning() {
        PoolHistory before = plan(with, PoolHistory.NONE, Duration.ZERO).history();
        PoolBuilder ordered =
                new PoolBuilder().node("a", 4).node("b", 4).instance("never", State.BOOTING, Duration.ZERO);
        PoolHistory listed = plan(ordered, before, MINUTE, NOW).history();
        PoolHistory booting = plan(ordered, listed, MINUTE, NOW).history();
        assertThat(actions(plan(ordered, booting, MINUTE.plus(TIMEOUT), NOW.plus(TIMEOUT))))
                .contains("delete never");
    }

    @Test
    void removesWithoutAWaitWhatTheCloudSaysHasFailedAndHasHadNoNodeFromTheStart() {
        PoolBuilder ordered =
                new PoolBuilder().node("a", 4).node("b", 4).instance("failed", State.BOOTING, Duration.ZERO);
        PoolBuilder failed =
                new PoolBuilder().node("a", 4).node("b", 4).instance("failed", State.FAILED, Duration.ZERO);
        PoolHistory before = plan(with, PoolHistory.NONE, Duration.ZERO).history();
        PoolHistory listed = plan(ordered, before, Duration.ofSeconds(10)).history();
        PoolHistory booting = plan(ordered, listed, Duration.ofSeconds(20)).history();
        Plan soon = plan(failed, booting, Duration.ofSeconds(30));
        assertThat(actions(soon)).contains("delete failed");
        assertThat(soon.actions())
                .filteredOn(Action.Delete.class::isInstance)
                .extracting(Action::reason)
                .containsExactly(new Reason.MachineFailed(""));

        // nobody looked for a while, and a node may have come and gone
        assertThat(plan(failed, booting.withoutWaits(), Duration.ofSeconds(30)).actions())
                .noneMatch(Action.Delete.class::isInstance);
        // nor is there one where the machine was seen to run, or is now
        for (PoolHistory shown : List.of(
                booting.withoutWait("failed"),
                plan(ordered, booting, Duration.ofSeconds(25), NOW.plusSeconds(25), Set.of("failed"))
                        .history())) {
            Plan seen = plan(failed, shown, MINUTE);
            assertThat(seen.actions()).noneMatch(Action.Delete.class::isInstance);
            assertThat(plan(failed, seen.history(), TIMEOUT).actions()).noneMatch(Action.Delete.class::isInstance);
            assertThat(actions(plan(failed, seen.history(), MINUTE.plus(TIMEOUT))))
                    .contains("delete failed");
        }
        assertThat(plan(failed, booting, Duration.ofSeconds(30), NOW.plusSeconds(30), Set.of("failed"))
                        .actions())
                .noneMatch(Action.Delete.class::isInstance);
    }

    @Test
    void waitsForAFailedMachineThatItHasNotSeenBootFromItsOrderOn() {
        PoolBuilder booting = new PoolBuilder().node("a", 4).node("b", 4).instance("m", State.BOOTING, Duration.ZERO);
        PoolBuilder running = new PoolBuilder().node("a", 4).node("b", 4).instance("m", State.RUNNING, Duration.ZERO);
        PoolBuilder failed = new PoolBuilder().node("a", 4).node("b", 4).instance("m", State.FAILED, Duration.ZERO);
        PoolBuilder old =
                new PoolBuilder().node("a", 4).node("b", 4).instance("m", State.BOOTING, MINUTE.multipliedBy(2));
        PoolHistory before = plan(with, PoolHistory.NONE, Duration.ZERO).history();
        PoolHistory ordered = plan(booting, before, Duration.ofSeconds(10)).history();
        Duration soon = Duration.ofSeconds(20);
        assertThat(actionsOnceFailed(failed, before, failed, soon)).isEmpty();
        assertThat(actionsOnceFailed(running, ordered, failed, soon)).isEmpty();
        // left out of a list, or ordered before a pause, in which it may have had a node
        assertThat(actionsOnceFailed(old, before, failed, MINUTE)).isEmpty();
        // nor is one just ordered that seems to have been in minutes from now
        PoolBuilder ahead =
                new PoolBuilder().node("a", 4).node("b", 4).instance("m", State.BOOTING, Duration.ofMinutes(-8));
        assertThat(actionsOnceFailed(ahead, before, failed, MINUTE)).isEmpty();
        assertThat(actionsOnceFailed(booting, ordered, failed, soon)).containsExactly("delete m");
    }

    @Test
    void removesAFailedMachineFromAPoolInWhichNoneHasCome() {
        PoolHistory before =
                plan(new PoolBuilder(), PoolHistory.NONE, Duration.ZERO).history();
        PoolBuilder booting = new PoolBuilder().instance("m", State.BOOTING, Duration.ZERO);
        PoolBuilder failed = new PoolBuilder().instance("m", State.FAILED, Duration.ZERO);
        assertThat(actionsOnceFailed(booting, before, failed, Duration.ofSeconds(10)))
                .containsExactly("delete m");
        // it may be another cluster's
        PoolBuilder never = new PoolBuilder().instance("m", State.BOOTING, LONG);
        assertThat(actions(plan(never, before, TIMEOUT.plus(MINUTE)))).doesNotContain("delete m");
    }

    private static List<String> actionsOnceFailed(
            PoolBuilder first, PoolHistory history, PoolBuilder failed, Duration uptime) {
        PoolHistory last = plan(first, history, uptime).history();
        last = plan(failed, last, uptime.plusSeconds(10)).history();
        last = plan(failed, last, uptime.plusSeconds(20)).history();
        return actions(plan(failed, last, uptime.plusSeconds(30))).stream()
                .filter(action -> action.startsWith("delete"))
                .toList();
    }

    @Test
    void waitsForAFailedMachineOfWhichItHasNotSeenTheStart() {
        PoolBuilder failed = new PoolBuilder().node("a", 4).node("b", 4).instance("failed", State.FAILED, MINUTE);
        PoolHistory first = plan(failed, PoolHistory.NONE, Duration.ZERO).history();
        PoolHistory second = plan(failed, first, Duration.ofSeconds(10)).history();
        Plan third = plan(failed, second, Duration.ofSeconds(20));
        assertThat(third.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(report(third, "failed").verdict()).isEqualTo("unready: waited 10 s of 900 s for a Ready node");
        assertThat(actions(plan(failed, third.history(), TIMEOUT.plusSeconds(10))))
                .contains("delete failed");
    }

    @Test
    void waitsForAFailedMachineThatHasLostItsNode() {
        PoolBuilder up = new PoolBuilder().node("a", 4).node("b", 4, node -> node.instance(State.FAILED));
        PoolBuilder gone =
                new PoolBuilder().node("a", 4).instance(up.cloud().instances().get(1));
        PoolHistory seen = plan(up, PoolHistory.NONE, Duration.ZERO).history();
        assertThat(plan(gone, seen, MINUTE).actions()).noneMatch(Action.Delete.class::isInstance);
    }

    @Test
    void waitsForAFailedMachineThatHasANode() {
        // refused, and then cordoned while it was young, it would never be removed
        PoolHistory before = plan(with, PoolHistory.NONE, Duration.ZERO).history();
        PoolBuilder failed = new PoolBuilder()
                .node("a", 4)
                .node("b", 4)
                .node("c", 0, node -> node.age(MINUTE).neverReady().instance(State.FAILED));
        Plan first = plan(failed, before, MINUTE);
        assertThat(first.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(actions(plan(failed, first.history(), MINUTE.plus(TIMEOUT)))).contains("delete c");
    }
}
