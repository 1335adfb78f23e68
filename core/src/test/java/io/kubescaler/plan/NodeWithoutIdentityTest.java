package io.kubescaler.plan;

import static io.kubescaler.plan.Plans.actions;
import static io.kubescaler.plan.Plans.plan;
import static io.kubescaler.plan.Plans.report;
import static io.kubescaler.testing.PoolBuilder.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Instance.State;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolSnapshot;
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

/** A node of the pool carries no identity, and may be a machine that has none. */
final class NodeWithoutIdentityTest {
    private static final Duration LONG = Duration.ofHours(36);
    private static final Duration TIMEOUT = Duration.ofMinutes(15);

    private final Instance never = machine("never", NOW);
    private final Instance good = machine("i-good", NOW);
    private final PoolBuilder before =
            new PoolBuilder().node("a", 4).instance(never).instance(good);
    private final PoolBuilder joined =
            new PoolBuilder().node("a", 4).instance(never).node("good", 0, node -> node.age(Duration.ZERO));

    private static Instance machine(String id, Instant createdAt) {
        return new Instance(id, Optional.of("test://" + id), Optional.empty(), State.BOOTING, "", createdAt);
    }

    private PoolBuilder joining(Consumer<NodeBuilder> asItIs) {
        return new PoolBuilder().node("a", 4).instance(never).instance(good).node("good", 0, node -> {
            node.age(Duration.ZERO).providerId(Optional.empty()).withoutInstance();
            asItIs.accept(node);
        });
    }

    // a pass that came before, so that what is stuck afterwards has become so since
    private static PoolHistory earlier() {
        return plan(new PoolBuilder().node("a", 4), PoolHistory.NONE, Duration.ZERO)
                .history();
    }

    private PoolHistory seen() {
        PoolHistory second = plan(before, earlier(), Duration.ofSeconds(10)).history();
        return plan(before, second, Duration.ofSeconds(20)).history();
    }

    @Test
    void pausesGrowthThoughTheMachinesNodeNeverGotItsProviderId() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 4)
                .instance(machine("x", NOW.minus(TIMEOUT)))
                .node(
                        "n",
                        0,
                        node -> node.age(TIMEOUT)
                                .neverReady()
                                .providerId(Optional.empty())
                                .withoutInstance()
                                .taint("node.cloudprovider.kubernetes.io/uninitialized"));
        Plan plan = plan(pool, earlier(), Duration.ZERO);
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.condition()).isEqualTo(Condition.GROWTH_PAUSED);
        assertThat(report(plan, "x").verdict()).contains("node n may be this machine");
    }

    @Test
    void takesANodeThatWasNeverUpForNoSignThatItRunsWhenItGoes() {
        PoolHistory history = plan(joining(NodeBuilder::neverReady), seen(), Duration.ofSeconds(600))
                .history();
        history = plan(before, history, Duration.ofSeconds(610)).history();
        assertThat(actions(plan(before, history, TIMEOUT.plusSeconds(20)))).contains("delete never");
    }

    @Test
    void waitsAnewOnceANodeThatMayHaveHadServersIsGone() {
        PoolHistory history =
                plan(joining(ready -> {}), seen(), Duration.ofSeconds(600)).history();
        Plan there = plan(joining(ready -> {}), history, TIMEOUT.plusSeconds(60));
        assertThat(there.actions()).noneMatch(Action.Delete.class::isInstance);
        Duration gone = TIMEOUT.plusSeconds(70);
        history = plan(before, there.history(), gone).history();
        history = plan(before, history, gone).history();
        assertThat(plan(before, history, gone.plus(TIMEOUT).minusSeconds(1)).actions())
                .noneMatch(Action.Delete.class::isInstance);
        assertThat(actions(plan(before, history, gone.plus(TIMEOUT)))).contains("delete never");
    }

    @Test
    void protectsItBesideANodeThatSeemsToBeOlderAndPausesGrowthAllTheSame() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 4)
                .node(
                        "static",
                        4,
                        node -> node.age(LONG).providerId(Optional.empty()).withoutInstance())
                .instance(machine("x", NOW.minus(TIMEOUT)));
        Plan plan = plan(pool, earlier(), Duration.ZERO);
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.condition()).isEqualTo(Condition.GROWTH_PAUSED);
        PoolHistory history = plan(pool, plan.history(), Duration.ofSeconds(10)).history();
        Plan late = plan(pool, history, TIMEOUT.plusSeconds(10));
        assertThat(late.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(report(late, "x").verdict()).contains("node static may be this machine");
    }

    @Test
    void waitsAnewOnceItIsGoneThoughItWasNotReadyBefore() {
        PoolHistory history =
                plan(joining(ready -> {}), seen(), Duration.ofSeconds(600)).history();
        PoolBuilder dark = joining(node -> node.unreadyFor(Duration.ofSeconds(-605)));
        history = plan(dark, history, Duration.ofSeconds(610)).history();
        history = plan(dark, history, TIMEOUT.plusSeconds(610)).history();
        assertThat(plan(before, history, TIMEOUT.plusSeconds(611)).actions())
                .noneMatch(Action.Delete.class::isInstance);
    }

    @Test
    void waitsAnewOnceItIsGoneThoughItWasDarkWhenTheTermBegan() {
        PoolBuilder dark = joining(node -> node.age(LONG).unreadyFor(Duration.ofMinutes(1)));
        PoolHistory history = plan(dark, PoolHistory.NONE, Duration.ZERO).history();
        history = plan(dark, history, Duration.ofSeconds(10)).history();
        history = plan(dark, history, TIMEOUT.plusSeconds(10)).history();
        Plan gone = plan(before, history, TIMEOUT.plusSeconds(11));
        assertThat(gone.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(report(gone, "never").verdict())
                .isEqualTo("unready: it may have run; waited 0 s of 900 s for a Ready node");
    }

    @Test
    void removesNoMachineFromAnUnhealthyPoolThatMayHaveBeenANodeThatIsGone() {
        PoolBuilder dark = joining(node -> node.age(LONG).unreadyFor(Duration.ofMinutes(1)));
        for (PoolBuilder pool : List.of(dark, before)) {
            for (int i = 0; i < 5; i++) {
                pool.node("down-" + i, 0, node -> node.unreadyFor(Duration.ofMinutes(1)));
            }
        }
        PoolHistory history = plan(dark, PoolHistory.NONE, Duration.ZERO).history();
        history = plan(dark, history, TIMEOUT).history();
        history = plan(before, history, TIMEOUT.plusSeconds(10)).history();
        history = plan(before, history, TIMEOUT.plusSeconds(20)).history();
        Plan late = plan(before, history, TIMEOUT.multipliedBy(3));
        assertThat(late.condition()).isEqualTo(Condition.UNHEALTHY);
        assertThat(late.actions()).isEmpty();
    }

    @Test
    void waitsAnewForAMachineThatWasLeftOutOfTheListWhenItWent() {
        PoolBuilder dark = joining(ready -> {});
        PoolBuilder leftOut = new PoolBuilder().node("a", 4).size(3);
        PoolHistory history = plan(dark, seen(), TIMEOUT).history();
        history = plan(leftOut, history, TIMEOUT.plusSeconds(60)).history();
        Plan listed = plan(before, history, TIMEOUT.plusSeconds(70));
        assertThat(listed.actions()).noneMatch(Action.Delete.class::isInstance);
    }

    @Test
    void waitsOnForTheOthersOnceTheNodeHasTurnedOutToBeAMachine() {
        PoolHistory history =
                plan(joining(ready -> {}), seen(), Duration.ofSeconds(600)).history();
        history = plan(joined, history, Duration.ofSeconds(605)).history();
        assertThat(actions(plan(joined, history, TIMEOUT.plusSeconds(20)))).contains("delete never");
    }

    private static PoolBuilder withFirst(Consumer<NodeBuilder> first) {
        return new PoolBuilder()
                .node("a", 4)
                .instance(machine("first", NOW.minus(LONG)))
                .node(
                        "first",
                        0,
                        node -> first.accept(node.age(LONG).neverReady().withoutInstance()));
    }

    private static PoolBuilder withRenamed(Consumer<NodeBuilder> first, int servers, Consumer<NodeBuilder> renamed) {
        return withFirst(first)
                .node(
                        "renamed",
                        servers,
                        node -> renamed.accept(node.age(LONG.minusMinutes(2))
                                .providerId(Optional.empty())
                                .withoutInstance()));
    }

    @Test
    void protectsAMachineThatMayHaveRegisteredAnewUnderAnotherName() {
        PoolBuilder pool = withRenamed(first -> {}, 3, renamed -> {});
        PoolHistory history = plan(pool, PoolHistory.NONE, Duration.ZERO).history();
        Plan late = plan(pool, history, TIMEOUT);
        assertThat(late.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(report(late, "first").verdict())
                .isEqualTo(
                        "unready: node renamed may be this machine, and nothing tells them apart: set its spec.providerID");
    }

    @Test
    void protectsItOnceTheNodeUnderAnotherNameGoesDarkAndWaitsAnewWhenThatIsGone() {
        PoolBuilder up = withRenamed(first -> {}, 3, renamed -> {});
        PoolHistory history = plan(up, PoolHistory.NONE, Duration.ZERO).history();
        history = plan(up, history, TIMEOUT).history();
        PoolBuilder dark = withRenamed(
                first -> {},
                0,
                renamed -> renamed.unreadyFor(TIMEOUT.plusSeconds(5).negated()));
        Plan there = plan(dark, history, TIMEOUT.plusSeconds(10));
        assertThat(there.actions()).noneMatch(Action.Delete.class::isInstance);
        PoolBuilder gone = withFirst(first -> {});
        history = plan(gone, there.history(), TIMEOUT.plusSeconds(20)).history();
        history = plan(gone, history, TIMEOUT.plusSeconds(30)).history();
        assertThat(plan(gone, history, TIMEOUT.multipliedBy(2).plusSeconds(29)).actions())
                .noneMatch(Action.Delete.class::isInstance);
        assertThat(actions(plan(gone, history, TIMEOUT.multipliedBy(2).plusSeconds(30))))
                .contains("delete first");
    }

    @Test
    void namesNothingAtTheMaximumThatWouldNotGoInAnyCase() {
        PoolBuilder pool = withRenamed(first -> first.unreadyFor(Duration.ofHours(5)), 4, renamed -> {});
        Plan plan = new Planner().plan(PoolBuilder.policy(4, 1, 2), pool.build(), earlier(), NOW);
        assertThat(plan.condition()).isEqualTo(Condition.AT_MAXIMUM);
        assertThat(plan.message()).doesNotContain("first");
    }

    @Test
    void deletesTheScalersOwnNodeAfterOneWhoseDeletionIsWaitedFor() {
        PoolBuilder pool = withFirst(
                        first -> expired(first.unreadyFor(Duration.ofHours(1)).deletingFor(Duration.ofMinutes(5))))
                .node("c", 0)
                .node("own", 0, NodeWithoutIdentityTest::expired)
                .ownNode("own");
        Plan plan = plan(pool, PoolHistory.NONE, Duration.ofSeconds(5));
        assertThat(plan.actions()).isEmpty();
        assertThat(report(plan, "own").verdict())
                .isEqualTo("cordoned: the scaler runs on it, and other nodes go first");
    }

    @Test
    void finishesNoDeletionBesideANodeThatMayBeTheMachine() {
        PoolBuilder pool = withRenamed(
                first -> first.cordonedFor(Duration.ofMinutes(10)).deletingFor(Duration.ofMinutes(5)),
                3,
                renamed -> {});
        Plan plan = plan(pool, PoolHistory.NONE, Duration.ZERO);
        assertThat(plan.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(report(plan, "first").verdict()).contains("node renamed may be this machine");
    }

    @Test
    void removesItFromNoUnhealthyPoolThoughItHasRegisteredSince() {
        Consumer<NodeBuilder> nameless =
                node -> node.age(Duration.ZERO).providerId(Optional.empty()).withoutInstance();
        PoolBuilder with = new PoolBuilder().node("a", 4).instance(never).node("x", 1, nameless);
        PoolBuilder without = new PoolBuilder().node("a", 4).instance(never);
        PoolBuilder anew = new PoolBuilder()
                .node("a", 4)
                .instance(never)
                .node(
                        "f",
                        0,
                        node -> node.age(Duration.ofSeconds(-700))
                                .neverReady()
                                .providerId(Optional.of("test://never"))
                                .withoutInstance());
        for (PoolBuilder pool : List.of(with, without, anew)) {
            for (int i = 0; i < 5; i++) {
                pool.node("down-" + i, 0, node -> node.unreadyFor(Duration.ofMinutes(1)));
            }
        }
        PoolHistory history = plan(with, PoolHistory.NONE, Duration.ZERO).history();
        history = plan(with, history, Duration.ofSeconds(600)).history();
        history = plan(without, history, Duration.ofSeconds(610)).history();
        history = plan(without, history, Duration.ofSeconds(620)).history();
        history = plan(anew, history, Duration.ofSeconds(710)).history();
        Plan late = plan(anew, history, Duration.ofSeconds(1610));
        assertThat(late.condition()).isEqualTo(Condition.UNHEALTHY);
        assertThat(late.actions()).isEmpty();
    }

    @Test
    void finishesNoDeletionOnceTheNodeThatMayBeTheMachineIsGone() {
        Consumer<NodeBuilder> begun =
                first -> first.cordonedFor(Duration.ofMinutes(10)).deletingFor(Duration.ofSeconds(40));
        PoolBuilder there = withRenamed(begun, 3, renamed -> {});
        PoolBuilder gone = withFirst(begun);
        PoolHistory history =
                planSeenDeleting(there, PoolHistory.NONE, Duration.ZERO).history();
        for (int seconds = 10; seconds <= 200; seconds += 10) {
            Plan plan = planSeenDeleting(gone, history, Duration.ofSeconds(seconds));
            assertThat(plan.actions()).noneMatch(Action.Delete.class::isInstance);
            assertThat(plan.marks()).as("the cloud may have taken the order").isEmpty();
            history = plan.history();
        }
        assertThat(planSeenDeleting(gone, history, TIMEOUT.plusSeconds(19)).actions())
                .noneMatch(Action.Delete.class::isInstance);
        assertThat(actions(planSeenDeleting(gone, history, TIMEOUT.plusSeconds(20))))
                .contains("delete first");
    }

    @Test
    void repeatsADeletionOfANodeThatIsNotReadyOnceItHasBeenSeenSoForLong() {
        PoolBuilder dark =
                withFirst(first -> expired(first.unreadyFor(Duration.ofHours(1)).deletingFor(Duration.ofMinutes(5))));
        Plan first = planSeenDeleting(dark, PoolHistory.NONE, Duration.ofSeconds(120));
        assertThat(first.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(first.marks()).isEmpty();
        assertThat(report(first, "first").verdict())
                .endsWith("and not asked for again: not Ready: waited 0 s of 900 s for a sign of servers");
        assertThat(actions(planSeenDeleting(dark, first.history(), TIMEOUT.plusSeconds(120))))
                .contains("delete first");
    }

    @Test
    void namesAtTheMaximumWhatCannotBeDeletedThoughItTakesNoServers() {
        PoolBuilder pool = withRenamed(first -> {}, 4, renamed -> {});
        Plan plan = new Planner().plan(PoolBuilder.policy(4, 1, 2), pool.build(), earlier(), NOW);
        assertThat(plan.condition()).isEqualTo(Condition.AT_MAXIMUM);
        assertThat(plan.message())
                .endsWith(
                        "; first is not deleted: node renamed may be this machine, and nothing tells them apart: set its spec.providerID");
    }

    @Test
    void givesNoDeletionOfAReadyNodeUpForANamelessOneThatHasJustRegistered() {
        PoolBuilder pool = readyBeside(Duration.ofSeconds(115), first -> first.deletingFor(Duration.ofSeconds(200)));
        Plan plan = planSeenDeleting(pool, PoolHistory.NONE, Duration.ofSeconds(200));
        assertThat(plan.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(plan.marks()).isEmpty();
    }

    @Test
    void waitsForAMachineWhoseNodeWentBeforeTheCloudToldThatItWasThatOne() {
        Instance untold = new Instance("m", Optional.empty(), Optional.empty(), State.RUNNING, "", NOW.minus(LONG));
        Instance told = machine("m", NOW.minus(LONG));
        PoolBuilder there = new PoolBuilder()
                .node("a", 4)
                .instance(untold)
                .node(
                        "g",
                        3,
                        node -> node.age(LONG)
                                .providerId(Optional.of("test://m"))
                                .withoutInstance());
        PoolHistory history = plan(there, PoolHistory.NONE, Duration.ZERO).history();
        history = plan(there, history, Duration.ofSeconds(10)).history();
        history = plan(there, history, TIMEOUT.plusSeconds(15)).history();
        PoolBuilder gone = new PoolBuilder().node("a", 4).instance(told);
        assertThat(plan(gone, history, TIMEOUT.plusSeconds(20)).actions()).noneMatch(Action.Delete.class::isInstance);
    }

    @Test
    void waitsFromWhenANodeIsNotReadyAndNotFromWhenItIsUnfit() {
        PoolBuilder atMinimum = new PoolBuilder()
                .instance(machine("first", NOW.minus(LONG)))
                .node(
                        "first",
                        0,
                        node -> expired(node.age(LONG).withoutInstance().pressure("DiskPressure")));
        PoolHistory history = plan(atMinimum, PoolHistory.NONE, Duration.ZERO).history();
        history = plan(atMinimum, history, Duration.ofSeconds(10)).history();
        PoolBuilder dark = expiredAlone();
        assertThat(plan(dark, history, TIMEOUT.plusSeconds(20)).actions()).noneMatch(Action.Delete.class::isInstance);
    }

    private static Plan planSeenDeleting(PoolBuilder pool, PoolHistory history, Duration uptime) {
        PoolSnapshot read = pool.build();
        Sightings sightings = new Sightings(
                Optional.of(uptime), Set.of(), Duration.ZERO, Map.of("first", uptime), Map.of("first", uptime));
        return new Planner()
                .plan(
                        PoolBuilder.policy(),
                        new PoolSnapshot(read.cloud(), read.cluster(), sightings),
                        history,
                        NOW.plus(uptime));
    }

    private PoolBuilder fourThatNeverCame(Consumer<PoolBuilder> more) {
        PoolBuilder pool = new PoolBuilder().node("a", 4);
        more.accept(pool);
        for (int i = 0; i < 4; i++) {
            String id = "new-" + i;
            pool.instance(machine(id, NOW))
                    .node(id, 0, node -> node.age(Duration.ZERO).neverReady().withoutInstance());
        }
        return pool;
    }

    @Test
    void takesNoMachineForANodeThatIsGoneAndWasFarOlder() {
        PoolBuilder with = fourThatNeverCame(pool -> pool.node(
                "static", 4, node -> node.age(LONG).providerId(Optional.empty()).withoutInstance()));
        PoolBuilder without = fourThatNeverCame(pool -> {});
        PoolHistory history = plan(with, earlier(), Duration.ZERO).history();
        history = plan(without, history, Duration.ofSeconds(10)).history();
        history = plan(without, history, Duration.ofSeconds(20)).history();
        Plan late = plan(without, history, TIMEOUT.plusSeconds(5));
        assertThat(late.condition()).isNotEqualTo(Condition.UNHEALTHY);
        assertThat(actions(late)).contains("delete new-0");
    }

    @Test
    void takesMachinesThatMayHaveBeenANodeThatIsGoneForNoFaultOfTheCluster() {
        PoolBuilder with = fourThatNeverCame(pool -> pool.node(
                "nameless",
                4,
                node -> node.age(Duration.ZERO).providerId(Optional.empty()).withoutInstance()));
        PoolBuilder without = fourThatNeverCame(pool -> {});
        PoolHistory history = plan(with, earlier(), Duration.ZERO).history();
        history = plan(without, history, Duration.ofSeconds(10)).history();
        history = plan(without, history, Duration.ofSeconds(20)).history();
        assertThat(plan(without, history, TIMEOUT.plusSeconds(10)).condition()).isNotEqualTo(Condition.UNHEALTHY);
        assertThat(actions(plan(without, history, TIMEOUT.plusSeconds(20)))).contains("delete new-0");
    }

    private static void expired(NodeBuilder node) {
        node.expiredFor(Duration.ofMinutes(10));
    }

    private static PoolBuilder expiredBesideAnother() {
        return withRenamed(NodeWithoutIdentityTest::expired, 3, renamed -> {}).node("b", 4);
    }

    private static PoolBuilder expiredAlone() {
        return withFirst(NodeWithoutIdentityTest::expired).node("b", 4);
    }

    private static Plan besideAnother(Duration uptime) {
        PoolHistory history =
                plan(expiredBesideAnother(), PoolHistory.NONE, Duration.ZERO).history();
        return plan(expiredBesideAnother(), history, uptime);
    }

    private static void assertDeletedAt(Duration due, PoolHistory history) {
        assertThat(plan(expiredAlone(), history, due.minusSeconds(1)).actions())
                .noneMatch(Action.Delete.class::isInstance);
        assertThat(actions(plan(expiredAlone(), history, due))).contains("delete first");
    }

    @Test
    void deletesNoNotReadyNodeAsExpiredBesideANodeThatMayBeItsMachineNorSoonAfter() {
        Plan there = besideAnother(TIMEOUT);
        assertThat(there.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(report(there, "first").verdict()).startsWith("cordoned: node renamed may be this machine");
        Plan gone = plan(expiredAlone(), there.history(), TIMEOUT.plusSeconds(10));
        assertThat(gone.actions()).noneMatch(Action.Delete.class::isInstance);
        // the wait begins with the first pass without a sign
        Plan next = plan(expiredAlone(), gone.history(), TIMEOUT.plusSeconds(20));
        assertThat(report(next, "first").verdict())
                .isEqualTo("cordoned: not Ready: waited 0 s of 900 s for a sign of servers");
        assertDeletedAt(TIMEOUT.multipliedBy(2).plusSeconds(20), next.history());
    }

    @Test
    void waitsForItThoughTheCloudLeftItOutOfAListMeanwhile() {
        PoolHistory history = plan(expiredAlone(), besideAnother(TIMEOUT).history(), TIMEOUT.plusSeconds(10))
                .history();
        PoolBuilder leftOut = new PoolBuilder()
                .node("a", 4)
                .node("b", 4)
                .node("first", 0, node -> {
                    expired(node.age(LONG).neverReady().withoutInstance().providerId(Optional.of("test://first")));
                })
                .size(3);
        history = plan(leftOut, history, TIMEOUT.plusSeconds(20)).history();
        Plan again = plan(expiredAlone(), history, TIMEOUT.plusSeconds(30));
        assertThat(again.actions()).noneMatch(Action.Delete.class::isInstance);
        assertDeletedAt(TIMEOUT.multipliedBy(2).plusSeconds(30), again.history());
    }

    @Test
    void waitsForItAnewWhenAnotherProcessLeads() {
        Plan first = plan(expiredAlone(), PoolHistory.NONE, Duration.ofSeconds(5));
        assertThat(first.actions()).noneMatch(Action.Delete.class::isInstance);
        assertDeletedAt(TIMEOUT.plusSeconds(5), first.history());
    }

    @Test
    void waitsForItAnewWhenNobodyLookedForAWhile() {
        PoolHistory history =
                plan(expiredAlone(), PoolHistory.NONE, Duration.ofSeconds(5)).history();
        Plan afterwards = plan(expiredAlone(), history.withoutWaits(), TIMEOUT.plusSeconds(5));
        assertThat(afterwards.actions()).noneMatch(Action.Delete.class::isInstance);
        assertDeletedAt(TIMEOUT.multipliedBy(2).plusSeconds(5), afterwards.history());
    }

    @Test
    void deletesTheScalersOwnNodeAfterOneThatIsWaitedFor() {
        PoolBuilder pool = expiredAlone()
                .node("c", 0)
                .node("own", 0, NodeWithoutIdentityTest::expired)
                .ownNode("own");
        Plan plan = plan(pool, PoolHistory.NONE, Duration.ofSeconds(5));
        assertThat(plan.actions()).isEmpty();
        assertThat(report(plan, "own").verdict())
                .isEqualTo("cordoned: the scaler runs on it, and other nodes go first");
    }

    @Test
    void holdsADarkNodeBesideANamelessOneThatMayComeUp() {
        PoolBuilder dark = expiredAlone();
        PoolHistory history = plan(dark, PoolHistory.NONE, Duration.ZERO).history();
        history = plan(dark, history, Duration.ofSeconds(10)).history();
        Duration young = TIMEOUT.minusSeconds(5);
        PoolBuilder beside = expiredAlone()
                .node(
                        "renamed",
                        0,
                        node -> node.age(young.negated())
                                .neverReady()
                                .providerId(Optional.empty())
                                .withoutInstance());
        Plan plan = plan(beside, history, TIMEOUT.plusSeconds(5));
        assertThat(plan.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(report(plan, "first").verdict()).contains("node renamed may be this machine");
        assertThat(actions(plan(beside, plan.history(), young.plus(TIMEOUT)))).contains("delete first");
    }

    @Test
    void finishesNoRemovalInAnUnhealthyPoolOnceTheMachineMayHaveRun() {
        Consumer<NodeBuilder> begun =
                first -> first.cordonedFor(Duration.ofMinutes(10)).deletingFor(Duration.ofSeconds(40));
        PoolBuilder there = withRenamed(begun, 3, renamed -> {});
        PoolBuilder gone = withFirst(begun);
        for (PoolBuilder pool : List.of(there, gone)) {
            for (int i = 0; i < 6; i++) {
                pool.node("down-" + i, 0, node -> node.unreadyFor(Duration.ofMinutes(1)));
            }
        }
        PoolHistory history = plan(there, PoolHistory.NONE, Duration.ZERO).history();
        history = plan(gone, history, Duration.ofSeconds(10)).history();
        history = plan(gone, history, Duration.ofSeconds(20)).history();
        Plan late = plan(gone, history, TIMEOUT.plusSeconds(20));
        assertThat(late.condition()).isEqualTo(Condition.UNHEALTHY);
        assertThat(late.actions()).isEmpty();
    }

    private static PoolBuilder readyBeside(Duration age, Consumer<NodeBuilder> more) {
        return new PoolBuilder()
                .node("a", 4)
                .node("b", 4)
                .instance(machine("first", NOW.minus(LONG)))
                .node("first", 0, node -> {
                    expired(node.age(LONG).withoutInstance().pressure("DiskPressure"));
                    more.accept(node);
                })
                .node(
                        "nameless",
                        4,
                        node -> node.age(age).providerId(Optional.empty()).withoutInstance());
    }

    @Test
    void deletesAReadyNodeThatExpiredThoughANamelessOneMayBeAnything() {
        PoolBuilder pool = readyBeside(LONG, first -> {});
        PoolHistory history = plan(pool, PoolHistory.NONE, Duration.ZERO).history();
        assertThat(actions(plan(pool, history, Duration.ofMinutes(2)))).contains("delete first");
    }

    @Test
    void waitsForAReadyNodeBesideANamelessOneThatHasJustRegistered() {
        // by a clock that is ahead it is far older
        PoolBuilder pool = readyBeside(Duration.ofHours(1), first -> {});
        PoolHistory history =
                plan(pool, PoolHistory.NONE, Duration.ofSeconds(5)).history();
        assertThat(plan(pool, history, Duration.ofSeconds(124)).actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(actions(plan(pool, history, Duration.ofSeconds(125)))).contains("delete first");
    }

    @Test
    void takesMachinesForNoneThatMayHaveRunWhenAListLeftThemOut() {
        Consumer<NodeBuilder> nameless =
                node -> node.age(Duration.ZERO).providerId(Optional.empty()).withoutInstance();
        PoolBuilder with = fourThatNeverCame(pool -> pool.node("nameless", 4, nameless));
        PoolBuilder without = fourThatNeverCame(pool -> {});
        PoolBuilder leftOut = new PoolBuilder().node("a", 4).size(5);
        for (int i = 0; i < 4; i++) {
            leftOut.node(
                    "new-" + i, 0, node -> node.age(Duration.ZERO).neverReady().withoutInstance());
        }
        PoolHistory history = plan(with, earlier(), Duration.ZERO).history();
        history = plan(without, history, Duration.ofSeconds(10)).history();
        history = plan(leftOut, history, Duration.ofSeconds(15)).history();
        history = plan(without, history, Duration.ofSeconds(20)).history();
        Plan late = plan(without, history, TIMEOUT.plusSeconds(20));
        assertThat(late.condition()).isNotEqualTo(Condition.UNHEALTHY);
        assertThat(actions(late)).contains("delete new-0");
    }

    @Test
    void takesANodeThatWeDeleteForNoMachineThatHasRun() {
        Instance bare = new Instance("bare", Optional.empty(), Optional.empty(), State.BOOTING, "", NOW);
        PoolBuilder deleting = new PoolBuilder()
                .node("a", 4)
                .instance(bare)
                .node(
                        "x",
                        0,
                        node -> node.age(LONG)
                                .withoutInstance()
                                .cordonedFor(Duration.ofMinutes(10))
                                .deletingFor(Duration.ofSeconds(40)));
        PoolBuilder gone = new PoolBuilder().node("a", 4).instance(bare);
        PoolHistory history = plan(deleting, earlier(), Duration.ZERO).history();
        history = plan(deleting, history, Duration.ofSeconds(10)).history();
        history = plan(gone, history, Duration.ofSeconds(600)).history();
        assertThat(actions(plan(gone, history, TIMEOUT.plusSeconds(10)))).contains("delete bare");
    }

    @Test
    void takesALabelWithoutAnIdForNone() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 4)
                .instanceIdLabel("cloud/id")
                .instance(new Instance("m", Optional.empty(), Optional.empty(), State.RUNNING, "", NOW.minus(LONG)))
                .node(
                        "n",
                        3,
                        node -> node.label("cloud/id", "")
                                .providerId(Optional.empty())
                                .withoutInstance());
        PoolHistory history = plan(pool, PoolHistory.NONE, Duration.ZERO).history();
        history = plan(pool, history, Duration.ofSeconds(10)).history();
        Plan late = plan(pool, history, TIMEOUT.plusSeconds(10));
        assertThat(late.actions()).noneMatch(Action.Delete.class::isInstance);
        assertThat(report(late, "m").verdict()).endsWith("set its label cloud/id to the id of its machine");
    }
}
