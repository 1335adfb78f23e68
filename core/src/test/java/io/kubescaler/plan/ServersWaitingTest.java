package io.kubescaler.plan;

import static io.kubescaler.plan.Plans.actions;
import static io.kubescaler.testing.PoolBuilder.NOW;
import static io.kubescaler.testing.PoolBuilder.SERVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Instance.State;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.NodeAffinity;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolHistory.GrowthBackoff;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import io.kubescaler.model.Taint;
import io.kubescaler.testing.PolicyBuilder;
import io.kubescaler.testing.PoolBuilder;
import io.kubescaler.testing.PoolBuilder.NodeBuilder;
import io.kubescaler.testing.PoolBuilder.ServerBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No server waits unsaid: it is counted and helped, or the condition tells why it is not. A node has 4 slots of 1 CPU. */
final class ServersWaitingTest {
    private static final PoolPolicy NO_BUFFER = PoolBuilder.policy(0, 1, 10);

    private static final PoolPolicy EMPTY = PoolBuilder.policy(0, 0, 10);
    private static final long GI = 1L << 30;

    private static void ofTwoSlots(ServerBuilder server) {
        server.requests(Resources.cpu(1900));
    }

    private static void ofAnotherPool(ServerBuilder server) {
        server.affinity("role", "In", "other");
    }

    private static Plan plan(PoolPolicy policy, PoolBuilder pool) {
        return new Planner().plan(policy, pool.build(), PoolHistory.NONE, NOW);
    }

    private static void waitsUnhelped(Plan plan, String why) {
        assertThat(plan.condition()).isEqualTo(Condition.SERVERS_WAITING);
        assertThat(plan.message())
                .contains("server default/waiting-0 waits for a node")
                .contains(why);
        assertThat(plan.actions()).isEmpty();
    }

    @Test
    void buysForAServerOf900mWhereOneSlotOf500mIsFree() {
        PoolPolicy policy = new PolicyBuilder()
                .numbers(0, 1, 10)
                .slotSize(Resources.cpu(500))
                .build();
        PoolBuilder pool = new PoolBuilder()
                .node("a", 0, node -> node.other(Resources.cpu(3500)))
                .unplaced(server -> server.requests(Resources.cpu(900)));
        Plan plan = plan(policy, pool);
        assertThat(plan.free()).isEqualTo(1);
        assertThat(plan.unplaced()).isEqualTo(1);
        assertThat(plan.required()).isEqualTo(2);
        assertThat(plan.actions()).singleElement().isInstanceOf(Action.Grow.class);
    }

    @Test
    void countsAServerThatIsSmallerThanASlotAsOne() {
        PoolBuilder pool = new PoolBuilder().node("a", 4).unplaced(server -> server.requests(Resources.cpu(100)));
        assertThat(plan(NO_BUFFER, pool).required()).isEqualTo(1);
    }

    @Test
    void countsTheResourceOfWhichAServerFillsMostSlots() {
        PoolPolicy policy = new PolicyBuilder()
                .numbers(0, 1, 10)
                .slotSize(Resources.of(Map.of("cpu", 1000L, "memory", 10L)))
                .build();
        Resources node = Resources.of(Map.of("cpu", 4000L, "memory", 40L, "pods", 110L));
        PoolBuilder pool = new PoolBuilder()
                .node("a", 0, it -> it.allocatable(node).other(node))
                .unplaced(server -> server.requests(Resources.of(Map.of("cpu", 500L, "memory", 21L))));
        assertThat(plan(policy, pool).required()).isEqualTo(3);
    }

    @Test
    void fillsNoMoreSlotsThanAnEmptyNodeHas() {
        // on a node of 4900m, one of 4500m takes all four slots, and not five
        Resources node = Resources.of(Map.of("cpu", 4900L, "pods", 110L));
        PoolBuilder pool = new PoolBuilder()
                .node("a", 4, it -> it.allocatable(node))
                .unplaced(server -> server.requests(Resources.cpu(4500)));
        Plan plan = plan(NO_BUFFER, pool);
        assertThat(plan.required()).isEqualTo(4);
        assertThat(((Action.Grow) plan.actions().get(0)).to()).isEqualTo(2);
    }

    @Test
    void buysForAServerThatTwoHalfRoomsDoNotTake() {
        PoolBuilder pool = new PoolBuilder().node("a", 3).node("b", 3).unplaced(ServersWaitingTest::ofTwoSlots);
        Plan plan = plan(NO_BUFFER, pool);
        assertThat(plan.free()).isEqualTo(2);
        assertThat(plan.required()).isEqualTo(2);
        Action grow = plan.actions().get(0);
        assertThat(((Action.Grow) grow).to()).isEqualTo(3);
        assertThat(grow.reason()).isEqualTo(new Reason.NoRoomForServer("default/waiting-0", 2, 2, 1));
    }

    @Test
    void buysNothingForAServerThatHasRoomOnOneNodeOrIsAboutTo() {
        PoolBuilder room = new PoolBuilder().node("a", 3).node("b", 2).unplaced(ServersWaitingTest::ofTwoSlots);
        assertThat(plan(PoolBuilder.policy(0, 2, 10), room).actions()).isEmpty();
        PoolBuilder booting = new PoolBuilder()
                .node("a", 3)
                .node("b", 3)
                .instance("i", State.BOOTING, Duration.ofMinutes(1))
                .unplaced(ServersWaitingTest::ofTwoSlots)
                .unplaced(ServersWaitingTest::ofTwoSlots);
        assertThat(plan(NO_BUFFER, booting).actions()).isEmpty();
        assertThat(((Action.Grow) plan(NO_BUFFER, booting.unplaced(ServersWaitingTest::ofTwoSlots))
                                .actions()
                                .get(0))
                        .to())
                .isEqualTo(4);
    }

    @Test
    void saysThatTheMaximumStandsInTheWayOfALargeServer() {
        PoolBuilder pool = new PoolBuilder().node("a", 3).node("b", 3).unplaced(ServersWaitingTest::ofTwoSlots);
        Plan plan = plan(PoolBuilder.policy(0, 1, 2), pool);
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.condition()).isEqualTo(Condition.AT_MAXIMUM);
    }

    @Test
    void takesANodeBackThatHasTheRoomBeforeItBuys() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 3)
                .node("b", 3)
                .node("fuller", 3, node -> node.cordonedFor(Duration.ofMinutes(1)))
                .node("roomy", 2, node -> node.cordonedFor(Duration.ofMinutes(1)))
                .unplaced(ServersWaitingTest::ofTwoSlots);
        Plan plan = plan(PoolBuilder.policy(0, 3, 10), pool);
        assertThat(actions(plan)).containsExactly("uncordon roomy");
        assertThat(plan.actions().get(0).reason()).isEqualTo(new Reason.RoomForServer(2, 2));
    }

    @Test
    void setsNoNodeAsideOnWhichALargeServerHasRoom() {
        PoolBuilder pool =
                new PoolBuilder().node("a", 3).node("b", 3).node("c", 0).unplaced(ServersWaitingTest::ofTwoSlots);
        Plan plan = plan(NO_BUFFER, pool);
        assertThat(actions(plan)).doesNotContain("cordon c");
        assertThat(plan.nodes().get(2).verdict()).contains("a server that waits for a node has room here");
    }

    @Test
    void saysThatAServerIsLargerThanAnEmptyNode() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 0, node -> node.daemons(Resources.cpu(100)))
                .unplaced(server -> server.requests(Resources.cpu(4000)));
        Plan plan = plan(NO_BUFFER, pool);
        waitsUnhelped(plan, "it requests 4000m of cpu and an empty node of this pool has 3900m");
        assertThat(plan.unplaced()).isZero();
        assertThat(plan.required()).isZero();
    }

    @Test
    void believesAReadyNodeMoreThanATemplateThatPromisesMore() {
        PoolPolicy policy = PoolBuilder.policy(0, 2, 10);
        String why = "it requests 5000m of cpu and an empty node of this pool has 4000m";
        // one that a controller has just made again is younger than the node that would not take it
        waitsUnhelped(plan(policy, larger(Duration.ZERO).node("b", 0)), why);
        waitsUnhelped(plan(policy, larger(Duration.ofHours(5)).node("b", 0)), why);
        waitsUnhelped(plan(EMPTY, larger(Duration.ZERO, node -> node.cordonedFor(Duration.ofSeconds(1)))), why);
        assertThat(actions(plan(NO_BUFFER, larger(Duration.ZERO, NodeBuilder::neverReady))))
                .contains("grow 1 to 2");
    }

    private static PoolBuilder larger(Duration waiting) {
        return larger(waiting, node -> {});
    }

    private static PoolBuilder larger(Duration waiting, Consumer<NodeBuilder> change) {
        return new PoolBuilder()
                .template(Resources.cpu(8000))
                .node("a", 0, change)
                .unplaced(server -> server.requests(Resources.cpu(5000)).waitingFor(waiting));
    }

    @Test
    void buysForAServerThatAsksForWhatTheTemplateDoesNotName() {
        assertThat(actions(plan(EMPTY, onDisk()))).containsExactly("grow 0 to 1");
        PoolBuilder booting = onDisk().node("a", 0, NodeBuilder::neverReady);
        assertThat(plan(EMPTY, booting).unplaced()).isEqualTo(1);
    }

    @Test
    void asksTheNodesForWhatTheTemplateDoesNotName() {
        PoolBuilder enough = onDisk().node("a", 4, node -> node.allocatable(disk(GI)));
        assertThat(actions(plan(EMPTY, enough))).containsExactly("grow 1 to 2");
        PoolBuilder some = onDisk().node("a", 4, node -> node.allocatable(disk(GI - 1)));
        waitsUnhelped(
                plan(EMPTY, some),
                "it requests 1073741824 of ephemeral-storage and an empty node of this pool has 1073741823");
        waitsUnhelped(
                plan(EMPTY, onDisk().node("a", 4)),
                "it requests 1073741824 of ephemeral-storage and an empty node of this pool has 0");
    }

    private static PoolBuilder onDisk() {
        return new PoolBuilder()
                .template(Resources.of(Map.of("cpu", 4000L, "pods", 110L)))
                .unplaced(server -> server.requests(Resources.of(Map.of("cpu", 1000L, "ephemeral-storage", GI))));
    }

    private static Resources disk(long bytes) {
        return Resources.of(Map.of("cpu", 4000L, "pods", 110L, "ephemeral-storage", bytes));
    }

    @ParameterizedTest
    @MethodSource("unsure")
    void buysForNoDoubtfulServerForEverInAnEmptyPool(Consumer<ServerBuilder> doubtful) {
        assertThat(actions(planLater(GrowthBackoff.NONE, empty(doubtful, Duration.ofSeconds(899)))))
                .containsExactly("grow 0 to 1");
        waitsUnhelped(
                planLater(GrowthBackoff.NONE, empty(doubtful, Duration.ofMinutes(15))),
                "it is not certain that a new node would take it, no node of this pool tells, and none has taken it"
                        + " within the provisioning timeout of 900 s");
    }

    @ParameterizedTest
    @MethodSource("unsure")
    void buysForADoubtfulServerWhereNoNodeHasComeYet(Consumer<ServerBuilder> doubtful) {
        PoolBuilder pool = empty(doubtful, Duration.ofHours(5));
        assertThat(actions(plan(EMPTY, pool))).containsExactly("grow 0 to 1");
        GrowthBackoff refused = GrowthBackoff.NONE.failed(NOW.minus(Duration.ofMinutes(6)), Set.of(), "no quota");
        assertThat(actions(planLater(refused, pool))).containsExactly("grow 0 to 1");
    }

    static List<Consumer<ServerBuilder>> unsure() {
        return List.of(
                server -> server.nodeSelector("example.com/disk", "nvme"),
                server -> server.requests(Resources.cpu(3900)),
                server -> server.requests(Resources.of(Map.of("cpu", 1000L, "example.com/device", 1L))));
    }

    @Test
    void goesOnBuyingForAServerOfASlotInAnEmptyPool() {
        PoolBuilder pool = empty(
                server -> server.requests(Resources.of(Map.of("cpu", 1000L, "memory", 10L))), Duration.ofHours(5));
        assertThat(actions(planLater(GrowthBackoff.NONE, pool))).containsExactly("grow 0 to 1");
    }

    private static PoolBuilder empty(Consumer<ServerBuilder> change, Duration waiting) {
        return new PoolBuilder()
                .template(Resources.of(Map.of("cpu", 4000L, "memory", 100L, "pods", 110L)))
                .unplaced(server -> change.accept(server.waitingFor(waiting)));
    }

    private static Plan planLater(GrowthBackoff growth, PoolBuilder pool) {
        PoolHistory.Machines none = PoolHistory.Machines.none();
        PoolHistory history =
                new PoolHistory(Optional.empty(), Optional.empty(), growth, Optional.of(none), Optional.empty());
        return new Planner().plan(EMPTY, pool.build(), history, NOW);
    }

    @Test
    void letsNoOddNodeStopTheBuyingForAServerThatWaitedLong() {
        assertThat(actions(plan(NO_BUFFER, besideOdd(node -> node.taint("example.com/maintenance")))))
                .containsExactly("grow 2 to 3");
        assertThat(actions(plan(
                        NO_BUFFER,
                        besideOdd(node -> node.allocatable(Resources.cpu(1000)).cordonedByPerson()))))
                .containsExactly("grow 2 to 3");
        assertThat(actions(plan(
                        NO_BUFFER,
                        besideOdd(node -> node.allocatable(Resources.cpu(1000)).unreadable("x")))))
                .containsExactly("grow 2 to 3");
        PoolBuilder alone = new PoolBuilder()
                .template(Resources.cpu(4000), Set.of())
                .node("odd", 0, node -> node.taint("example.com/maintenance"))
                .unplaced(server -> server.waitingFor(Duration.ofMinutes(20)));
        assertThat(actions(planLater(GrowthBackoff.NONE, alone))).contains("grow 1 to 2");
        PoolBuilder held = new PoolBuilder()
                .node("held", 3, NodeBuilder::cordonedByPerson)
                .unplaced(server -> ofTwoSlots(server.waitingFor(Duration.ofMinutes(20))));
        assertThat(actions(planLater(GrowthBackoff.NONE, held))).containsExactly("grow 1 to 2");
    }

    private static PoolBuilder besideOdd(Consumer<NodeBuilder> odd) {
        return new PoolBuilder()
                .node("a", 3)
                .node("odd", 0, odd)
                .unplaced(server -> ofTwoSlots(server.waitingFor(Duration.ofMinutes(20))));
    }

    @Test
    void goesOnBuyingForAServerThatWaitedLongWhereAllNodesAreAlike() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 3)
                .node("b", 3)
                .unplaced(server -> ofTwoSlots(server.waitingFor(Duration.ofHours(5))));
        assertThat(actions(plan(NO_BUFFER, pool))).containsExactly("grow 2 to 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {Taint.NO_SCHEDULE, Taint.NO_EXECUTE})
    void saysThatATaintKeepsAServerOut(String effect) {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 0, node -> node.taint(new Taint("dedicated", "gpu", effect)))
                .unplaced(1);
        Plan plan = plan(NO_BUFFER, pool);
        waitsUnhelped(plan, "it does not tolerate the taint dedicated=gpu:" + effect + " of this pool's nodes");
        assertThat(plan.unplaced()).isZero();
    }

    @Test
    void mindsNoTaintThatIsToleratedOrAWishOrPasses() {
        PoolBuilder pool = new PoolBuilder()
                .node(
                        "a",
                        4,
                        node -> node.taint(new Taint("dedicated", "gpu", Taint.NO_SCHEDULE))
                                .taint(new Taint("cheap", "", "PreferNoSchedule"))
                                .taint("node.kubernetes.io/unschedulable"))
                .node(
                        "b",
                        0,
                        node -> node.age(Duration.ofMinutes(1)).neverReady().taint("example.com/starting"))
                .unplaced(server -> server.tolerating("dedicated"));
        Plan plan = plan(NO_BUFFER, pool);
        assertThat(plan.unplaced()).isEqualTo(1);
        assertThat(plan.condition()).isEqualTo(Condition.OK);
    }

    @Test
    void buysForAServerThatATaintKeepsOffTheNodeWithRoom() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 4)
                .node("b", 0, node -> node.taint("example.com/maintenance"))
                .unplaced(1);
        Plan plan = plan(NO_BUFFER, pool);
        assertThat(plan.free()).isEqualTo(4);
        assertThat(actions(plan)).containsExactly("grow 2 to 3");
    }

    @Test
    void believesTheTemplateThatANewNodeHasNoTaint() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 0, node -> node.taint("example.com/maintenance"))
                .unplaced(1);
        assertThat(actions(plan(NO_BUFFER, pool.template(Resources.cpu(4000), Set.of()))))
                .containsExactly("grow 1 to 2");
        waitsUnhelped(
                plan(NO_BUFFER, pool.template(Resources.cpu(4000), Set.of(Taint.noSchedule("example.com/all")))),
                "the taint example.com/maintenance:NoSchedule");
    }

    @Test
    void saysThatTheRequiredNodeAffinityIsOfAnotherPool() {
        Plan plan = plan(
                PoolBuilder.policy(1, 1, 10),
                new PoolBuilder().node("a", 3).unplaced(ServersWaitingTest::ofAnotherPool));
        waitsUnhelped(plan, "its required node affinity excludes the nodes of this pool (role=scalable)");
        assertThat(plan.unplaced()).isZero();
        assertThat(plan.required()).isEqualTo(1);
    }

    @Test
    void saysNothingOfAServerThatAsksForANodeOfAnotherPoolOfOurs() {
        PoolBuilder pool =
                new PoolBuilder().node("a", 0).unplaced(server -> ofAnotherPool(server.waitingFor(Duration.ofDays(1))));
        PoolPolicy.OtherPool other = new PoolPolicy.OtherPool(LabelSelector.parse("role=other"), SERVER);
        Plan plan = plan(NO_BUFFER.beside(List.of(other)), pool);
        assertThat(plan.condition()).isEqualTo(Condition.OK);
        assertThat(plan.waitingSince()).isEmpty();

        PoolPolicy.OtherPool third = new PoolPolicy.OtherPool(LabelSelector.parse("role=third"), SERVER);
        waitsUnhelped(plan(NO_BUFFER.beside(List.of(third)), pool), "required node affinity");
    }

    @Test
    void leavesTheOtherPoolItsTimeForAServerThatEitherMayTake() {
        PoolPolicy.OtherPool other = new PoolPolicy.OtherPool(LabelSelector.parse("role=other"), SERVER);
        PoolPolicy policy = NO_BUFFER.beside(List.of(other));
        assertThat(plan(policy, tainted(Duration.ofMinutes(14))).condition()).isEqualTo(Condition.OK);
        waitsUnhelped(plan(policy, tainted(Duration.ofMinutes(15))), "does not tolerate the taint");
    }

    private static PoolBuilder tainted(Duration waiting) {
        return new PoolBuilder()
                .node("a", 0, node -> node.taint("dedicated"))
                .unplaced(server -> server.waitingFor(waiting));
    }

    @Test
    void saysAtOnceThatNoNewNodeIsSureToHelp() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 4, node -> node.label("zone", "1"))
                .node("b", 0, node -> node.label("zone", "2"))
                .unplaced(server -> server.nodeSelector("zone", "1"));
        Plan plan = plan(NO_BUFFER, pool);
        assertThat(plan.unplaced()).isEqualTo(1);
        waitsUnhelped(plan, "it is not certain that a new one would take it");
    }

    @Test
    void demandsNothingForServersThatAreGatedOrLeave() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 4)
                .unplaced(server -> server.gated().waitingFor(Duration.ofDays(1)))
                .unplaced(server -> server.terminating().waitingFor(Duration.ofDays(1)));
        Plan plan = plan(NO_BUFFER, pool);
        assertThat(plan.unplaced()).isZero();
        assertThat(plan.condition()).isEqualTo(Condition.OK);
        assertThat(plan.waitingSince()).isEmpty();
    }

    @Test
    void saysThatTheSchedulerDoesNotPlaceAServerWhichHasRoom() {
        assertThat(plan(NO_BUFFER, unbound(Duration.ofSeconds(299))).condition())
                .isEqualTo(Condition.OK);
        Plan plan = plan(NO_BUFFER, unbound(Duration.ofMinutes(5)));
        waitsUnhelped(plan, "for 300 s: a node of this pool has room for it");
        assertThat(plan.message()).endsWith("; the scheduler says: pvc \"x\" not found");
        assertThat(plan.waitingSince()).contains(NOW.minusSeconds(300));
    }

    private static PoolBuilder unbound(Duration waiting) {
        return new PoolBuilder()
                .node("a", 0)
                .unplaced(server -> server.waitingFor(waiting).schedulerSays("pvc \"x\" not found"));
    }

    @Test
    void saysThatNoRoomCameInTime() {
        assertThat(plan(NO_BUFFER, ordered(Duration.ofMinutes(14))).condition()).isEqualTo(Condition.OK);
        waitsUnhelped(plan(NO_BUFFER, ordered(Duration.ofMinutes(15))), "within the provisioning timeout of 900 s");
    }

    private static PoolBuilder ordered(Duration waiting) {
        return new PoolBuilder()
                .node("a", 4)
                .instance("i", State.BOOTING, Duration.ofMinutes(1))
                .unplaced(server -> server.waitingFor(waiting));
    }

    @Test
    void buysNothingBesideATaintedNewcomerThoughTheClockIsBehind() {
        PoolBuilder pool = new PoolBuilder()
                .node("full", 4)
                .node(
                        "young",
                        0,
                        node -> node.age(Duration.ofSeconds(-170))
                                .readyFor(Duration.ofSeconds(-180))
                                .taint("node.cilium.io/agent-not-ready"))
                .unplaced(server -> server.waitingFor(Duration.ofMinutes(-1)));
        assertThat(plan(NO_BUFFER, pool).actions()).isEmpty();
    }

    @Test
    void givesTheReasonOfTheOldest() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 0)
                .unplaced(server -> ofAnotherPool(server.waitingFor(Duration.ofMinutes(1))))
                .unplaced(server -> server.requests(Resources.cpu(9000)).waitingFor(Duration.ofMinutes(2)));
        assertThat(plan(NO_BUFFER, pool).message())
                .startsWith("2 servers wait for a node, default/waiting-1 for 120 s: it requests 9000m");
    }

    @Test
    void keepsEmptyNodesLongerWhileOneMayBeChosenAndNotForThoseOfOthers() {
        Duration cordoned = Duration.ofMinutes(5);
        PoolBuilder others = expired(cordoned).unplaced(ServersWaitingTest::ofAnotherPool);
        assertThat(actions(plan(NO_BUFFER, others))).containsExactly("delete b");
        PoolBuilder perhaps = expired(cordoned).unplaced(server -> server.requests(Resources.cpu(9000)));
        assertThat(actions(plan(NO_BUFFER, perhaps))).isEmpty();
    }

    private static PoolBuilder expired(Duration since) {
        return new PoolBuilder().node("a", 0).node("b", 0, node -> node.expiredFor(since));
    }

    @Test
    void matchesATermOfFieldsByTheNameOfANodeThatIsThere() {
        NodeAffinity byName = new NodeAffinity(List.of(new NodeAffinity.Term(
                List.of(), List.of(new NodeAffinity.Requirement("metadata.name", "In", List.of("a"))))));
        PoolBuilder pool = new PoolBuilder().node("a", 0).unplaced(server -> server.affinity(byName));
        assertThat(plan(NO_BUFFER, pool).unplaced()).isEqualTo(1);
        PoolBuilder full = new PoolBuilder().node("a", 4).unplaced(server -> server.affinity(byName));
        assertThat(plan(PoolBuilder.policy(0, 1, 1), full).condition()).isNotEqualTo(Condition.OK);
        PoolBuilder gone = new PoolBuilder().node("b", 0).unplaced(server -> server.affinity(byName));
        waitsUnhelped(plan(NO_BUFFER, gone), "its required node affinity excludes every node of this pool");
        assertThat(Optional.of(plan(NO_BUFFER, gone)).map(Plan::unplaced)).contains(0);
    }

    private static PoolBuilder besideBooting(int booting, boolean ready) {
        PoolBuilder pool = new PoolBuilder().node("full", 4);
        for (int i = 0; i < booting; i++) {
            pool.node("young-" + i, 0, node -> {
                node.age(Duration.ofSeconds(40)).taint("node.cilium.io/agent-not-ready");
                if (ready) {
                    node.readyFor(Duration.ofSeconds(5));
                } else {
                    node.neverReady();
                }
            });
        }
        return pool;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void buysNothingBesideANodeThatAnAgentIsAboutToUntaint(boolean ready) {
        PoolBuilder one = besideBooting(1, ready).unplaced(server -> server.waitingFor(Duration.ofMinutes(2)));
        assertThat(plan(NO_BUFFER, one).actions()).isEmpty();
        assertThat(plan(NO_BUFFER, one).condition()).isEqualTo(Condition.OK);

        PoolBuilder burst = besideBooting(5, ready);
        for (int i = 0; i < 20; i++) {
            burst.unplaced(server -> server.waitingFor(Duration.ofMinutes(2)));
        }
        assertThat(plan(PoolBuilder.policy(0, 1, 50), burst).actions()).isEmpty();
    }

    @Test
    void countsAServerWhileTheFirstNodeOfThePoolIsStillTainted() {
        PoolBuilder first = new PoolBuilder()
                .node(
                        "young",
                        0,
                        node -> node.age(Duration.ofSeconds(40)).neverReady().taint("node.cilium.io/agent-not-ready"))
                .unplaced(1);
        Plan plan = plan(EMPTY, first);
        assertThat(plan.unplaced()).isEqualTo(1);
        assertThat(plan.condition()).isEqualTo(Condition.OK);
    }

    @Test
    void takesATaintThatCameLaterForNoProofUntilASecondNodeHasIt() {
        PoolBuilder pool = new PoolBuilder()
                .node("full", 4)
                .node("going", 0, node -> node.age(Duration.ofMinutes(6)).taint("example.com/spot-interruption"))
                .unplaced(server -> server.waitingFor(Duration.ofMinutes(10)));
        assertThat(actions(plan(NO_BUFFER, pool))).containsExactly("grow 2 to 3");
        pool.node("going-too", 0, node -> node.age(Duration.ofMinutes(6)).taint("example.com/spot-interruption"));
        assertThat(plan(NO_BUFFER, pool).condition()).isEqualTo(Condition.SERVERS_WAITING);
        assertThat(actions(plan(NO_BUFFER, pool))).as("one of them is surplus").containsExactly("cordon going");
    }

    @Test
    void namesTheServerThatANodeIsBoughtFor() {
        PoolBuilder pool = new PoolBuilder();
        for (String zone : List.of("a", "b", "a", "b")) {
            pool.node("n-" + pool.cluster().nodes().size(), 3, node -> node.label("zone", zone));
        }
        // of the larger it is not certain that a new node would be in its zone
        pool.unplaced(server -> server.affinity("zone", "In", "a").requests(Resources.cpu(1900)));
        pool.unplaced(server -> server.requests(Resources.cpu(1800)));
        assertThat(plan(NO_BUFFER, pool).actions())
                .singleElement()
                .satisfies(action -> assertThat(action.reason().message()).contains("server default/waiting-1 fills"));
    }
}
