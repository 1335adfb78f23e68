package io.kubescaler.plan;

import static io.kubescaler.plan.Plans.actions;
import static io.kubescaler.plan.Plans.report;
import static io.kubescaler.testing.PoolBuilder.NOW;
import static io.kubescaler.testing.PoolBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Instance.State;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Resources;
import io.kubescaler.model.Sightings;
import io.kubescaler.testing.PolicyBuilder;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sections 1 to 4 of the scaling semantics, decision by decision. A node has 4 slots, the buffer is 4. */
final class PlannerTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** A pass came before: what is overdue has become so since. */
    private static final PoolHistory EARLIER = new PoolHistory(
            Optional.empty(),
            Optional.empty(),
            PoolHistory.GrowthBackoff.NONE,
            Optional.of(PoolHistory.Machines.none()),
            Optional.empty());

    private static Plan plan(PoolPolicy policy, PoolBuilder pool) {
        return plan(policy, pool, PoolHistory.NONE, NOW);
    }

    private static Plan plan(PoolPolicy policy, PoolBuilder pool, PoolHistory history, Instant now) {
        return new Planner().plan(policy, pool.build(), history, now);
    }

    @Test
    void buysNothingTwiceWhileMachinesAreAlwaysListedALittleLate() {
        Plan first = plan(policy(), new PoolBuilder().node("a", 4).size(2));
        assertThat(first.actions()).isEmpty();
        // the one that was awaited has come and is full, another one has been ordered a moment ago
        PoolBuilder later = new PoolBuilder().node("a", 4).node("b", 4).size(3);
        Plan second = plan(policy(), later, first.history(), NOW.plus(Duration.ofMinutes(16)));
        assertThat(actions(second)).isEmpty();
    }

    @Nested
    final class Unsafe {
        @Test
        void doesNothingWhenMostNodesAreUnready() {
            PoolBuilder pool = new PoolBuilder().unplaced(9);
            for (int i = 0; i < 4; i++) {
                pool.node("down-" + i, 0, node -> node.unreadyFor(MINUTE));
                pool.node("up-" + i, 4);
            }
            Plan plan = plan(policy(), pool);
            assertThat(plan.condition()).isEqualTo(Condition.UNHEALTHY);
            assertThat(plan.actions()).isEmpty();
            assertThat(plan.marks()).isEmpty();
            assertThat(plan.message()).contains("4 of 8");
        }

        @Test
        void goesOnWhenFewNodesAreUnready() {
            PoolBuilder three = new PoolBuilder()
                    .node("a", 0, node -> node.unreadyFor(MINUTE))
                    .node("b", 0, node -> node.unreadyFor(MINUTE))
                    .node("c", 0, node -> node.unreadyFor(MINUTE));
            assertThat(actions(plan(policy(), three))).containsExactly("grow 3 to 4");

            PoolBuilder below45Percent = new PoolBuilder();
            for (int i = 0; i < 4; i++) {
                below45Percent.node("down-" + i, 0, node -> node.unreadyFor(MINUTE));
            }
            for (int i = 0; i < 5; i++) {
                below45Percent.node("up-" + i, 4);
            }
            assertThat(plan(policy(), below45Percent).condition()).isEqualTo(Condition.OK);
        }

        @Test
        void countsExactlyFortyFivePercentAndThreeAsSafe() {
            PoolBuilder pool = new PoolBuilder();
            for (int i = 0; i < 9; i++) {
                pool.node("down-" + i, 0, node -> node.unreadyFor(MINUTE));
            }
            for (int i = 0; i < 11; i++) {
                pool.node("up-" + i, 4);
            }
            assertThat(plan(policy(0, 0, 30), pool).condition()).isEqualTo(Condition.OK);
            Plan unsafe = plan(policy(0, 0, 30), pool.node("down-9", 0, node -> node.unreadyFor(MINUTE)));
            assertThat(unsafe.condition()).isEqualTo(Condition.UNHEALTHY);
            assertThat(unsafe.nodes())
                    .allSatisfy(node -> assertThat(node.verdict()).isEqualTo("nothing is done: Unhealthy"));
        }

        @Test
        void doesNothingWhenCloudOrClusterCannotBeRead() {
            PoolSnapshot known = new PoolBuilder().node("a", 4).unplaced(5).build();
            Plan noCloud = new Planner()
                    .plan(
                            policy(),
                            new PoolSnapshot(Reading.unreadable("Transient: timed out"), known.cluster()),
                            PoolHistory.NONE,
                            NOW);
            assertThat(noCloud.condition()).isEqualTo(Condition.CLOUD_UNREADABLE);
            assertThat(noCloud.message()).contains("timed out");
            assertThat(noCloud.actions()).isEmpty();

            Plan noCluster = new Planner()
                    .plan(
                            policy(),
                            new PoolSnapshot(known.cloud(), Reading.unreadable("not synced yet")),
                            PoolHistory.NONE,
                            NOW);
            assertThat(noCluster.condition()).isEqualTo(Condition.CLUSTER_UNREADABLE);
            assertThat(noCluster.actions()).isEmpty();
        }

        @Test
        void leavesAloneANodeThatAPersonTookBackWhileNothingCouldBeDone() {
            PoolSnapshot taken = new PoolBuilder()
                    .node("a", 0, node -> node.cordonedFor(LONG).schedulable())
                    .build();
            Plan plan = new Planner()
                    .plan(
                            policy(),
                            new PoolSnapshot(Reading.unreadable("Transient: timed out"), taken.cluster()),
                            PoolHistory.NONE,
                            NOW);
            assertThat(plan.condition()).isEqualTo(Condition.CLOUD_UNREADABLE);
            assertThat(plan.marks())
                    .containsExactly(
                            new Mark("a", Mark.Kind.CLEAR_ALL, Optional.empty(), new Reason.UncordonedByPerson()));
        }

        @Test
        void keepsHistoryButForTheSurplusWhenNothingCanBeRead() {
            PoolHistory before = new PoolHistory(
                    Optional.of(new PoolHistory.LastingSurplus(NOW, 4)),
                    Optional.of(new PoolHistory.Unlisted(2, 3, NOW)),
                    PoolHistory.GrowthBackoff.NONE);
            Plan plan = new Planner()
                    .plan(
                            policy(),
                            new PoolSnapshot(Reading.unreadable("down"), Reading.unreadable("down")),
                            before,
                            NOW);
            assertThat(plan.history()).isEqualTo(before.withoutSurplus());
        }
    }

    @Nested
    final class BelowMinimum {
        @Test
        void growsToMinimumWhenPoolIsEmpty() {
            Plan plan = plan(policy(0, 2, 5), new PoolBuilder());
            assertThat(actions(plan)).containsExactly("grow 0 to 2");
            assertThat(plan.actions().get(0).reason()).isEqualTo(new Reason.BelowMinimum(0, 2));
        }

        @Test
        void takesBackFullestWhenFewerThanMinimumTakeServers() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0, node -> node.expiredFor(MINUTE))
                    .node("b", 3, node -> node.cordonedFor(MINUTE))
                    .node("c", 4, node -> node.cordonedFor(MINUTE))
                    .node("d", 0);
            assertThat(actions(plan(policy(0, 2, 5), pool))).containsExactly("uncordon c");
        }

        @Test
        void growsFurtherInOneOrderWhenMinimumDoesNotGiveTheBuffer() {
            PoolBuilder pool = new PoolBuilder().template(Resources.cpu(4000));
            assertThat(actions(plan(policy(10, 2, 5), pool))).containsExactly("grow 0 to 3");
        }
    }

    @Nested
    final class Short {
        @Test
        void growsByWholeNodesWhenSlotsAreMissing() {
            Plan plan =
                    plan(policy(), new PoolBuilder().node("a", 4).node("b", 3).unplaced(6));
            assertThat(actions(plan)).containsExactly("grow 2 to 5");
            assertThat(plan.actions().get(0).reason()).isEqualTo(new Reason.Short(1, 0, 10, 4));
            assertThat(plan.required()).isEqualTo(10);
            assertThat(plan.free()).isEqualTo(1);
        }

        @Test
        void takesBackFullestFirstBeforeItGrows() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node("b", 1, node -> node.cordonedFor(MINUTE))
                    .node("c", 2, node -> node.cordonedFor(MINUTE));
            assertThat(actions(plan(policy(2, 1, 10), pool))).containsExactly("uncordon c");
            assertThat(actions(plan(policy(5, 1, 10), pool))).containsExactly("uncordon c", "uncordon b");
            assertThat(actions(plan(policy(6, 1, 10), pool)))
                    .containsExactly("uncordon c", "uncordon b", "grow 3 to 4");
        }

        @Test
        void takesNothingBackThatTheNextPassWouldFindSurplus() {
            // c alone falls short; with d, c is not needed any more
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node("c", 3, node -> node.cordonedFor(MINUTE))
                    .node("d", 0, node -> node.expiredFor(MINUTE));
            assertThat(actions(plan(policy(4, 1, 10), pool))).containsExactly("uncordon d");
            assertThat(actions(plan(policy(5, 1, 10), pool))).containsExactly("uncordon c", "uncordon d");
            assertThat(actions(plan(policy(4, 2, 10), pool))).containsExactly("uncordon d");
            assertThat(actions(plan(policy(4, 3, 10), pool))).containsExactly("uncordon c", "uncordon d");
        }

        @Test
        void leavesCordonedNodeWhenItWouldGiveNoSlot() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node("full", 4, node -> node.cordonedFor(MINUTE))
                    .node("down", 0, node -> node.cordonedFor(MINUTE).unreadyFor(MINUTE))
                    .node("pressed", 0, node -> node.cordonedFor(MINUTE).pressure("DiskPressure"));
            assertThat(actions(plan(policy(1, 1, 10), pool))).containsExactly("grow 4 to 5");
        }

        @Test
        void neverTakesBackWhatAPersonCordoned() {
            PoolBuilder pool = new PoolBuilder().node("a", 4).node("held", 0, node -> node.cordonedByPerson());
            Plan plan = plan(policy(), pool);
            assertThat(actions(plan)).containsExactly("grow 2 to 3");
            assertThat(report(plan, "held").state()).isEqualTo(NodeState.HELD);
        }

        @Test
        void buysNothingThatIsBootingAlready() {
            PoolBuilder booting = new PoolBuilder()
                    .node("a", 4)
                    .instance("i-1", State.BOOTING, MINUTE)
                    .node("b", 0, node -> node.age(MINUTE).neverReady());
            Plan plan = plan(policy(8, 1, 10), booting);
            assertThat(plan.actions()).isEmpty();
            assertThat(plan.upcoming()).isEqualTo(8);
            assertThat(actions(plan(policy(9, 1, 10), booting))).containsExactly("grow 3 to 4");
        }

        @Test
        void buysNothingThatWasOrderedAndIsNotListedYet() {
            PoolBuilder pool = new PoolBuilder().node("a", 4).size(2);
            Plan first = plan(policy(), pool);
            assertThat(first.actions()).isEmpty();
            assertThat(first.upcoming()).isEqualTo(4);

            Plan later = plan(policy(), pool, first.history(), NOW.plus(Duration.ofMinutes(15)));
            assertThat(actions(later)).containsExactly("grow 2 to 3");
        }

        @Test
        void expectsNothingOfMachinesPastTheirTimeout() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node("late", 1, node -> node.age(Duration.ofMinutes(15)).neverReady());
            Plan plan = plan(policy(), pool);
            assertThat(report(plan, "late").state()).isEqualTo(NodeState.UNREADY);
            assertThat(plan.upcoming()).isZero();
        }

        @Test
        void stopsAtMaximumAndSaysSo() {
            Plan some = plan(
                    policy(4, 1, 3), new PoolBuilder().node("a", 4).node("b", 4).unplaced(20));
            assertThat(actions(some)).containsExactly("grow 2 to 3");
            assertThat(some.condition()).isEqualTo(Condition.AT_MAXIMUM);

            Plan none = plan(policy(4, 1, 2), new PoolBuilder().node("a", 4).node("b", 4));
            assertThat(none.actions()).isEmpty();
            assertThat(none.condition()).isEqualTo(Condition.AT_MAXIMUM);
        }

        @Test
        void neverLowersAPoolThatIsAboveItsMaximum() {
            Plan plan = plan(policy(4, 1, 1), new PoolBuilder().node("a", 4).node("b", 4));
            assertThat(plan.actions()).isEmpty();
        }

        @Test
        void saysNothingOfTheMaximumWhereNothingIsMissing() {
            PoolBuilder pool = new PoolBuilder();
            List.of("a", "b", "c", "d", "e").forEach(name -> pool.node(name, 0));
            Plan above = plan(policy(4, 1, 3), pool);
            assertThat(above.condition()).isEqualTo(Condition.OK);
            assertThat(actions(above)).contains("cordon a");
            assertThat(plan(policy(4, 1, 9), pool.limit(3)).condition()).isEqualTo(Condition.OK);
        }

        @Test
        void asksForNoMoreThanTheCloudWillGive() {
            Plan plan =
                    plan(policy(), new PoolBuilder().node("a", 4).unplaced(20).limit(3));
            assertThat(actions(plan)).containsExactly("grow 1 to 3");
            assertThat(plan.condition()).isEqualTo(Condition.AT_MAXIMUM);
            assertThat(plan.message()).contains("the cloud will give");
        }

        @Test
        void countsHalfSlotsAsNone() {
            Resources busy = Resources.cpu(3500);
            PoolBuilder pool =
                    new PoolBuilder().node("a", 0, node -> node.other(busy)).node("b", 0, node -> node.other(busy));
            Plan plan = plan(policy(1, 1, 10), pool);
            assertThat(plan.free()).isZero();
            assertThat(actions(plan)).containsExactly("grow 2 to 3");
        }

        @Test
        void countsNoSlotsLessThanNoneOnAnOvercommittedNode() {
            PoolBuilder pool = new PoolBuilder().node("a", 6).node("b", 0);
            assertThat(plan(policy(), pool).free()).isEqualTo(4);
        }

        @Test
        void boundsSlotsByTheFreePodCount() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0, node -> node.allocatable(Resources.of(Map.of("cpu", 4000L, "pods", 3L))));
            assertThat(plan(policy(), pool).free()).isEqualTo(3);
        }

        @Test
        void demandsEveryResourceOfTheSlotSize() {
            PoolPolicy gpu = new PolicyBuilder()
                    .slotSize(Resources.of(Map.of("cpu", 1000L, "nvidia.com/gpu", 1L)))
                    .build();
            PoolBuilder pool = new PoolBuilder()
                    .node("cpu", 0)
                    .node(
                            "gpu",
                            0,
                            node -> node.allocatable(
                                    Resources.of(Map.of("cpu", 4000L, "pods", 110L, "nvidia.com/gpu", 2L))));
            assertThat(plan(gpu, pool).free()).isEqualTo(2);
        }

        @Test
        void leavesDemandAloneThatAnotherPoolMustServe() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .unplaced(Map.of("role", "other"))
                    .unplaced(Map.of("disk", "nvme"))
                    .unplaced(Map.of("role", "scalable"));
            assertThat(plan(policy(), pool).unplaced()).isEqualTo(1);
        }

        @Test
        void demandsWhatSomeNodeOrTheTemplateCarries() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0, node -> node.label("disk", "nvme").label("zone", "1"))
                    .node("b", 0, node -> node.label("disk", "hdd").label("zone", "2"))
                    .unplaced(Map.of("disk", "nvme"))
                    .unplaced(Map.of("disk", "hdd", "zone", "2"))
                    .unplaced(Map.of("disk", "hdd", "zone", "1"))
                    .unplaced(Map.of("disk", "tape"))
                    .unplaced(Map.of("gpu", "a"));
            assertThat(plan(policy(), pool).unplaced()).isEqualTo(2);
            assertThat(plan(policy(), pool.template(Resources.cpu(4000))).unplaced())
                    .isEqualTo(2);
        }

        @Test
        void demandsOfAnEmptyPoolWhatItsTemplateDoesNotRuleOut() {
            // the cloud lists the labels that people gave the pool; Kubernetes adds its own to every node
            PoolBuilder pool = new PoolBuilder()
                    .template(Resources.cpu(4000))
                    .unplaced(Map.of("role", "scalable", "kubernetes.io/os", "linux"))
                    .unplaced(Map.of("disk", "nvme"))
                    .unplaced(Map.of("kubernetes.io/hostname", "long-gone"));
            Plan plan = plan(policy(0, 0, 10), pool);
            assertThat(plan.unplaced()).isEqualTo(1);
            assertThat(actions(plan)).containsExactly("grow 0 to 1");
        }
    }

    @Nested
    final class NewNode {
        @Test
        void takesSlotsFromTemplateLessWhatDaemonsTake() {
            PoolBuilder pool = new PoolBuilder()
                    .template(Resources.cpu(8000))
                    .node("a", 4, node -> node.daemons(Resources.cpu(500)));
            assertThat(plan(policy(), pool).slotsPerNewNode()).hasValue(7);
        }

        @Test
        void takesTheMostOfAnyNodeWithoutTemplate() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4, node -> node.daemons(Resources.cpu(1500)))
                    .node("b", 4, node -> node.daemons(Resources.cpu(100)).other(Resources.cpu(100)));
            assertThat(plan(policy(), pool).slotsPerNewNode()).hasValue(3);
        }

        @Test
        void takesTheHintWhenNothingElseTells() {
            PoolPolicy hinted = new PolicyBuilder()
                    .numbers(4, 0, 10)
                    .slotSize(Resources.of(Map.of("cpu", 1000L, "memory", 1L)))
                    .nodeAllocatable(Resources.cpu(2000))
                    .build();
            Plan plan = plan(hinted, new PoolBuilder());
            assertThat(plan.slotsPerNewNode()).hasValue(2);
            assertThat(actions(plan)).containsExactly("grow 0 to 2");
        }

        @Test
        void addsOneNodeToLearnFromWhenNothingTells() {
            Plan first = plan(policy(9, 0, 10), new PoolBuilder());
            assertThat(actions(first)).containsExactly("grow 0 to 1");
            assertThat(first.condition()).isEqualTo(Condition.LEARNING);

            Plan waiting = plan(policy(9, 0, 10), new PoolBuilder().instance("i", State.BOOTING, MINUTE));
            assertThat(waiting.actions()).isEmpty();
            assertThat(waiting.condition()).isEqualTo(Condition.LEARNING);
        }

        @Test
        void saysAtTheMaximumWhyNoMachineCountsWhileSlotsAreUnknown() {
            PoolPolicy atMost = policy(9, 0, 2);
            PoolBuilder pool =
                    new PoolBuilder().instance("x", State.RUNNING, MINUTE).instance("y", State.RUNNING, MINUTE);
            Plan young = plan(atMost, pool);
            Instant later = NOW.plus(Duration.ofMinutes(15));
            Plan paused = plan(atMost, pool, young.history(), later);
            Plan over = plan(atMost, pool, paused.history(), later.plus(Duration.ofMinutes(6)));
            for (Plan plan : List.of(paused, over)) {
                assertThat(plan.condition()).isEqualTo(Condition.AT_MAXIMUM);
                assertThat(plan.message())
                        .isEqualTo(
                                "3 nodes are needed and 2 is the maximum; growth failed last: 2 machines never became"
                                        + " Ready, and no node matches node-selector role=scalable: check it");
            }
        }

        @Test
        void saysBelowTheMaximumThatGrowthIsPausedThoughMoreAreNeededThanItAllows() {
            PoolBuilder pool = new PoolBuilder().node("a", 4).unplaced(20).instance("x", State.BOOTING, LONG);
            Plan plan = plan(policy(4, 1, 4), pool, EARLIER, NOW);
            assertThat(plan.condition()).isEqualTo(Condition.GROWTH_PAUSED);
            assertThat(plan.message()).startsWith("8 nodes are needed and 4 is the maximum; growth is paused until ");
        }

        @Test
        void addsNothingWhenASlotIsLargerThanANode() {
            Plan plan = plan(new PolicyBuilder().slotSize(Resources.cpu(5000)).build(), new PoolBuilder().node("a", 0));
            assertThat(plan.actions()).isEmpty();
            assertThat(plan.condition()).isEqualTo(Condition.SLOT_LARGER_THAN_NODE);
        }
    }

    @Nested
    final class Surplus {
        @Test
        void cordonsEmptiestWhileTheBufferStands() {
            PoolBuilder pool =
                    new PoolBuilder().node("a", 2).node("b", 0).node("c", 1).node("d", 0);
            Plan plan = plan(policy(), pool);
            assertThat(actions(plan)).containsExactly("cordon b", "cordon d");
            assertThat(plan.actions().get(0).reason()).isEqualTo(new Reason.Surplus(13, 4, 4, 0));
        }

        @Test
        void breaksTiesByFreeSlotsThenNewestThenName() {
            PoolBuilder pool = new PoolBuilder()
                    .node("big", 0, node -> node.allocatable(Resources.of(Map.of("cpu", 5000L, "pods", 110L))))
                    .node("old", 0, node -> node.age(Duration.ofHours(2)))
                    .node("new", 0)
                    .node("same", 0);
            assertThat(actions(plan(policy(0, 0, 10), pool)))
                    .containsExactly("cordon big", "cordon new", "cordon same", "cordon old");
        }

        @Test
        void neverCordonsAFullNode() {
            PoolBuilder pool = new PoolBuilder().node("full", 4).node("a", 1).node("b", 0);
            assertThat(actions(plan(policy(0, 0, 10), pool))).containsExactly("cordon b", "cordon a");
        }

        @Test
        void keepsTheMinimumOfNodesThatTakeServers() {
            PoolBuilder pool = new PoolBuilder().node("a", 0).node("b", 0).node("c", 0);
            assertThat(actions(plan(policy(0, 2, 10), pool))).containsExactly("cordon a");
        }

        @Test
        void waitsWhileAnythingBoots() {
            PoolBuilder pool = new PoolBuilder().node("a", 0).node("b", 0).instance("i", State.BOOTING, MINUTE);
            assertThat(plan(policy(), pool).actions()).isEmpty();
            assertThat(plan(
                                    policy(),
                                    new PoolBuilder().node("a", 0).node("b", 0).size(3))
                            .actions())
                    .isEmpty();
        }

        @Test
        void neverPicksACordonedNodeAgain() {
            PoolBuilder pool = new PoolBuilder().node("a", 0).node("b", 0, node -> node.expiredFor(MINUTE));
            Plan plan = plan(policy(), pool);
            assertThat(plan.actions()).isEmpty();
            assertThat(plan.marks()).isEmpty();
        }

        @Test
        void waitsForTheSurplusToLast() {
            PoolPolicy delayed =
                    new PolicyBuilder().cordonDelay(Duration.ofSeconds(60)).build();
            PoolBuilder pool = new PoolBuilder().node("a", 0).node("b", 0);
            Plan first = plan(delayed, pool);
            assertThat(first.actions()).isEmpty();
            assertThat(first.history().surplus()).contains(new PoolHistory.LastingSurplus(NOW, 4));
            Plan early = plan(delayed, pool, first.history(), NOW.plusSeconds(59));
            assertThat(early.actions()).isEmpty();
            assertThat(actions(plan(delayed, pool, early.history(), NOW.plusSeconds(60))))
                    .containsExactly("cordon a");

            Plan none = plan(delayed, new PoolBuilder().node("a", 0), early.history(), NOW.plusSeconds(60));
            assertThat(none.history().surplus()).isEmpty();
        }

        @Test
        void leavesKeptNodesAndThoseTheCloudDoesNotList() {
            PoolBuilder pool = new PoolBuilder()
                    .node("kept", 0, node -> node.keep())
                    .node("unlisted", 0, node -> node.withoutInstance())
                    .node("a", 0);
            assertThat(actions(plan(policy(), pool))).containsExactly("cordon a");
        }

        @Test
        void doesNotCordonInThePassThatGrows() {
            PoolBuilder pool = new PoolBuilder().node("a", 4).node("b", 3);
            assertThat(actions(plan(policy(4, 1, 10), pool))).containsExactly("grow 2 to 3");
        }
    }

    @Nested
    final class Expire {
        private final PoolBuilder expired = new PoolBuilder()
                .node("a", 0)
                .node("b", 0, node -> node.cordonedFor(LONG).emptyFor(Duration.ofSeconds(120)));

        @Test
        void deletesNodeThatWasEmptyLongEnough() {
            Plan plan = plan(policy(), expired);
            assertThat(plan.actions()).hasSize(1);
            assertThat(plan.actions().get(0))
                    .isEqualTo(new Action.Delete(
                            "i-b",
                            Optional.of("b"),
                            new Reason.Expired(
                                    NOW.minusSeconds(120), Duration.ofSeconds(120), Duration.ofSeconds(120))));
        }

        @Test
        void waitsForTheExpiration() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("b", 0, node -> node.cordonedFor(LONG).emptyFor(Duration.ofSeconds(119)));
            assertThat(plan(policy(), pool).actions()).isEmpty();
        }

        @Test
        void countsFromTheCordonWhenThatIsLater() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("b", 0, node -> node.cordonedFor(MINUTE).emptyFor(LONG));
            assertThat(plan(policy(), pool).actions()).isEmpty();
        }

        @Test
        void deletesNodeWithOnlyForeignPodsLeft() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("b", 0, node -> node.expiredFor(LONG).other(Resources.cpu(3000)));
            assertThat(actions(plan(policy(), pool))).containsExactly("delete b");
        }

        @Test
        void neverDeletesANodeWithAServer() {
            PoolBuilder pool = new PoolBuilder().node("a", 0).node("b", 1, node -> node.expiredFor(LONG));
            Plan plan = plan(policy(), pool);
            assertThat(plan.actions()).isEmpty();
            assertThat(plan.marks())
                    .containsExactly(
                            new Mark("b", Mark.Kind.CLEAR_EMPTY_SINCE, Optional.empty(), new Reason.NoLongerEmpty(1)));
        }

        @Test
        void startsTheClockWhenTheLastServerHasLeft() {
            PoolBuilder pool = new PoolBuilder().node("a", 0).node("b", 0, node -> node.cordonedFor(LONG));
            Plan plan = plan(policy(), pool);
            assertThat(plan.actions()).isEmpty();
            assertThat(plan.marks())
                    .containsExactly(
                            new Mark("b", Mark.Kind.SET_EMPTY_SINCE, Optional.of(NOW), new Reason.BecameEmpty()));
        }

        @Test
        void startsTheClockAnewWhenItWasNotedInTheFuture() {
            PoolBuilder pool = new PoolBuilder().node("a", 0).node("b", 0, node -> node.expiredFor(LONG.negated()));
            Plan plan = plan(policy(), pool);
            assertThat(plan.marks()).singleElement().satisfies(mark -> {
                assertThat(mark.kind()).isEqualTo(Mark.Kind.SET_EMPTY_SINCE);
                assertThat(mark.at()).contains(NOW);
            });
        }

        @Test
        void deletesNoNodeThatIsCordonedInTheSamePass() {
            PoolPolicy atOnce =
                    new PolicyBuilder().emptyNodeExpiration(Duration.ZERO).build();
            PoolBuilder pool = new PoolBuilder().node("a", 0).node("b", 0);
            assertThat(actions(plan(atOnce, pool))).containsExactly("cordon a");
        }

        @Test
        void neverFallsBelowTheMinimum() {
            PoolBuilder pool = new PoolBuilder()
                    .node("full", 4, node -> node.cordonedByPerson())
                    .node("b", 0, node -> node.expiredFor(LONG).unreadyFor(LONG))
                    .node("c", 0, node -> node.expiredFor(LONG).unreadyFor(LONG));
            assertThat(actions(plan(policy(0, 2, 10), pool))).containsExactly("delete b");
            assertThat(plan(policy(0, 3, 10), pool).actions()).isEmpty();
        }

        @Test
        void countsDeletionsInFlightAgainstTheMinimum() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("b", 0, node -> node.expiredFor(LONG).unreadyFor(LONG).deletingFor(Duration.ofSeconds(5)))
                    .node("c", 0, node -> node.expiredFor(LONG).unreadyFor(LONG));
            assertThat(plan(policy(4, 2, 10), pool).actions()).isEmpty();
            assertThat(actions(plan(policy(4, 1, 10), pool))).containsExactly("delete c");
        }

        @Test
        void leavesProtectedNodes() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("kept", 0, node -> node.expiredFor(LONG).keep())
                    .node("pinned", 0, node -> node.expiredFor(LONG).doNotDisrupt("ns/db (safe-to-evict)"));
            Plan plan = plan(policy(), pool);
            assertThat(plan.actions()).isEmpty();
            assertThat(report(plan, "pinned").verdict()).contains("ns/db");
        }

        @Test
        void neverDeletesWhatAPersonCordoned() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("held", 0, node -> node.cordonedByPerson().emptyFor(LONG));
            assertThat(plan(policy(), pool).actions()).isEmpty();
        }

        @Test
        void clearsOurMarksFromNodeThatAPersonMadeSchedulable() {
            PoolBuilder pool = new PoolBuilder()
                    .node(
                            "a",
                            0,
                            node -> node.expiredFor(LONG).deletingFor(LONG).schedulable());
            Plan plan = plan(policy(), pool);
            assertThat(plan.actions()).isEmpty();
            assertThat(report(plan, "a").state()).isEqualTo(NodeState.ACTIVE);
            assertThat(plan.marks())
                    .containsExactly(
                            new Mark("a", Mark.Kind.CLEAR_ALL, Optional.empty(), new Reason.UncordonedByPerson()));
        }

        @Test
        void leavesANodeAloneThatSomebodyElseCordonedAgain() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node("b", 0, node -> node.expiredFor(LONG).cordonedBy("kubectl-cordon"))
                    .node("c", 0, node -> node.expiredFor(LONG).cordonedBy("kubescaler"));
            Plan plan = plan(policy(0, 0, 9), pool);
            assertThat(actions(plan)).containsExactly("delete c");
            assertThat(report(plan, "b").state()).isEqualTo(NodeState.HELD);
            assertThat(report(plan, "b").verdict()).isEqualTo("cordoned by a person (kubectl-cordon): left alone");
            assertThat(plan.marks())
                    .containsExactly(new Mark(
                            "b", Mark.Kind.CLEAR_ALL, Optional.empty(), new Reason.CordonedByOther("kubectl-cordon")));
        }

        @Test
        void takesNoNodeBackThatSomebodyElseCordonedAgain() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node("b", 0, node -> node.cordonedFor(LONG).cordonedBy("kubectl-cordon"));
            assertThat(actions(plan(policy(), pool))).noneMatch(action -> action.startsWith("uncordon"));
        }

        @Test
        void leavesANodeAloneThatCannotBeReadAndSaysSo() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node("b", 0, node -> node.expiredFor(LONG).unreadable("status: garbled"))
                    .node("c", 0, node -> node.unreadable("status: garbled"))
                    .node("d", 0, node -> node.neverReady().unreadable("status: garbled"));
            Plan plan = plan(policy(0, 0, 9), pool);
            assertThat(plan.actions()).isEmpty();
            assertThat(plan.free()).isZero();
            assertThat(report(plan, "c").verdict()).isEqualTo("left alone; it cannot be read: status: garbled");
            assertThat(report(plan, "b").verdict()).endsWith("; it cannot be read: status: garbled");
            assertThat(actions(plan(policy(), pool))).noneMatch(action -> action.startsWith("uncordon"));
        }

        @Test
        void keepsTheNodeOfAPodThatCannotBeReadAndSaysSo() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node("b", 0, node -> node.expiredFor(LONG).unreadablePod("ns/p (status: garbled)"))
                    .node("c", 3, node -> node.unreadablePod("ns/q (spec: garbled)"));
            Plan plan = plan(policy(1, 1, 9), pool);
            assertThat(plan.actions()).isEmpty();
            assertThat(report(plan, "b").servers()).isEqualTo(1);
            assertThat(report(plan, "b").verdict())
                    .isEqualTo("cordoned: waits for 1 server to end; pod ns/p (status: garbled) cannot be read and"
                            + " counts as a server");
            assertThat(report(plan, "c").verdict())
                    .endsWith("; pod ns/q (spec: garbled) cannot be read and counts as a server");
        }

        @Test
        void finishesADeletionThatTheCloudDoesNotShow() {
            PoolBuilder late = new PoolBuilder()
                    .node("a", 0)
                    .node("b", 0, node -> node.expiredFor(LONG).deletingFor(MINUTE));
            assertThat(actions(plan(policy(), late))).containsExactly("delete b");

            PoolBuilder early = new PoolBuilder()
                    .node("a", 0)
                    .node("b", 0, node -> node.expiredFor(LONG).deletingFor(Duration.ofSeconds(29)));
            assertThat(plan(policy(), early).actions()).isEmpty();

            PoolBuilder shown = new PoolBuilder()
                    .node("a", 0)
                    .node(
                            "b",
                            0,
                            node -> node.cordonedFor(LONG).deletingFor(MINUTE).instance(State.DELETING));
            assertThat(plan(policy(), shown).actions()).isEmpty();
        }

        @Test
        void givesNothingUpWhileTheCloudMayHaveTakenTheDeletion() {
            // given up at once, it could be taken back for a shortage and die with the servers that come
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node("b", 1, node -> node.expiredFor(LONG).deletingFor(Duration.ofSeconds(124)));
            Plan plan = plan(policy(0, 1, 10), pool);
            assertThat(kinds(plan)).containsExactly(Mark.Kind.CLEAR_EMPTY_SINCE);
            assertThat(plan.actions()).isEmpty();
            assertThat(report(plan, "b").verdict()).contains("may still carry it out, though it has 1 server");
            PoolBuilder belowMinimum = new PoolBuilder()
                    .node("a", 4)
                    .node("b", 0, node -> node.expiredFor(LONG).deletingFor(Duration.ofSeconds(124)));
            assertThat(plan(policy(0, 2, 10), belowMinimum).marks()).isEmpty();
        }

        @Test
        void givesUpADeletionThatWouldUndercutTheMinimumOrIsForbiddenByNow() {
            PoolBuilder few = new PoolBuilder()
                    .node("a", 0)
                    .node("b", 0, node -> node.expiredFor(LONG).deletingFor(LONG));
            Plan belowMinimum = plan(policy(0, 2, 10), few);
            assertThat(belowMinimum.actions()).isEmpty();
            assertThat(belowMinimum.marks())
                    .singleElement()
                    .satisfies(mark -> assertThat(mark.reason().message()).contains("below its minimum of 2"));
            assertThat(report(belowMinimum, "b").verdict()).startsWith("cordoned again: ");
            PoolBuilder kept = new PoolBuilder()
                    .node("a", 0)
                    .node(
                            "b",
                            0,
                            node -> node.expiredFor(LONG).deletingFor(LONG).keep());
            assertThat(plan(policy(0, 0, 10), kept).marks())
                    .singleElement()
                    .satisfies(mark -> assertThat(mark.reason().message()).contains("kubescaler.io/keep"));
        }

        @Test
        void finishesTheDeletionOfAMachineThatNeverCameThoughTheMinimumIsUndercut() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node(
                            "never",
                            0,
                            node -> node.age(LONG)
                                    .neverReady()
                                    .cordonedFor(MINUTE)
                                    .deletingFor(MINUTE));
            assertThat(actions(plan(policy(0, 2, 10), pool))).contains("delete never");
        }

        @Test
        void givesUpTheDeletionOfAMachineThatCameAfterAll() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node("late", 0, node -> node.cordonedFor(MINUTE).deletingFor(LONG));
            Plan plan = plan(policy(0, 1, 10), pool);
            assertThat(plan.actions()).isEmpty();
            assertThat(plan.marks()).singleElement().satisfies(mark -> {
                assertThat(mark.kind()).isEqualTo(Mark.Kind.CLEAR_DELETING);
                assertThat(mark.reason().message()).contains("has become Ready, or got a server, after all");
            });
        }

        @Test
        void givesUpTheDeletionOfADarkNodeForTheMinimumAndKeepsWhatIsKnownOfItsServers() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node(
                            "b",
                            0,
                            node -> node.unreadyFor(MINUTE).expiredFor(LONG).deletingFor(LONG));
            assertThat(plan(policy(0, 2, 10), pool).marks())
                    .singleElement()
                    .satisfies(mark -> assertThat(mark.kind()).isEqualTo(Mark.Kind.CLEAR_DELETING));
        }

        @Test
        void givesUpADeletionWhenAServerCame() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("b", 1, node -> node.expiredFor(LONG).deletingFor(LONG));
            Plan plan = plan(policy(), pool);
            assertThat(plan.actions()).isEmpty();
            assertThat(kinds(plan)).containsExactly(Mark.Kind.CLEAR_DELETING, Mark.Kind.CLEAR_EMPTY_SINCE);
        }

        private static List<Mark.Kind> kinds(Plan plan) {
            return plan.marks().stream().map(Mark::kind).toList();
        }

        @Test
        void givesUpADeletionOnlyByWhatTheCloudSaysOnceItCannotCarryItOutAnyMore() {
            PoolSnapshot pool = new PoolBuilder()
                    .node("a", 0)
                    .node("b", 1, node -> node.expiredFor(LONG).deletingFor(LONG))
                    .build();
            Plan tooOld = planSeen(pool, Duration.ofSeconds(185), Duration.ofMillis(60_001));
            assertThat(kinds(tooOld)).doesNotContain(Mark.Kind.CLEAR_DELETING);
            assertThat(report(tooOld, "b").verdict()).endsWith("may still carry it out, though it has 1 server");
            assertThat(kinds(planSeen(pool, Duration.ofSeconds(185), MINUTE))).contains(Mark.Kind.CLEAR_DELETING);
        }

        @Test
        void doesNotBelieveTheClockThatADeletionWasNotedBy() {
            PoolSnapshot pool = new PoolBuilder()
                    .node("a", 0)
                    .node("b", 1, node -> node.expiredFor(LONG).deletingFor(LONG))
                    .build();
            assertThat(kinds(planSeen(pool, Duration.ofMillis(124_999), Duration.ZERO)))
                    .doesNotContain(Mark.Kind.CLEAR_DELETING);
            assertThat(kinds(planSeen(pool, Duration.ofSeconds(125), Duration.ZERO)))
                    .contains(Mark.Kind.CLEAR_DELETING);
        }

        private static Plan planSeen(PoolSnapshot pool, Duration deleting, Duration cloudAge) {
            Sightings sightings =
                    new Sightings(Optional.empty(), Set.of(), cloudAge, Map.of("b", LONG), Map.of("b", deleting));
            PoolSnapshot seen = new PoolSnapshot(pool.cloud(), pool.cluster(), sightings);
            return new Planner().plan(policy(), seen, PoolHistory.NONE, NOW);
        }
    }

    @Nested
    final class Stuck {
        @Test
        void deletesMachineThatNeverCameAndBacksOff() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .instance("never", State.BOOTING, Duration.ofMinutes(15))
                    .node("mute", 0, node -> node.age(Duration.ofMinutes(16)).neverReady());
            Plan plan = plan(policy(), pool, EARLIER, NOW);
            assertThat(actions(plan)).containsExactly("delete mute", "delete never");
            assertThat(plan.condition()).isEqualTo(Condition.GROWTH_PAUSED);
            assertThat(plan.history().growth().until()).contains(NOW.plus(Duration.ofMinutes(5)));
        }

        @Test
        void deletesMachineThatTheCloudNeverSetUp() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("raw", 0, node -> node.taint("node.cloudprovider.kubernetes.io/uninitialized"))
                    .node("tainted", 0, node -> node.taint("example.com/starting"));
            Plan plan = plan(policy(), pool);
            assertThat(actions(plan)).containsExactly("delete raw");
            assertThat(report(plan, "tainted").state()).isEqualTo(NodeState.UNREADY);
        }

        @Test
        void leavesMachinesThatCarryAServerOrWereReadyOnce() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("busy", 1, node -> node.age(LONG).neverReady())
                    .node("once", 0, node -> node.unreadyFor(LONG.minusMinutes(10)))
                    .node("kept", 0, node -> node.age(LONG).neverReady().keep());
            assertThat(plan(policy(), pool).actions()).isEmpty();
        }

        @Test
        void growsAgainAfterTheBackoffAndDoublesItNextTime() {
            Plan first =
                    plan(policy(), new PoolBuilder().node("a", 4).instance("x", State.BOOTING, LONG), EARLIER, NOW);
            Plan during = plan(policy(), new PoolBuilder().node("a", 4), first.history(), NOW.plusSeconds(299));
            assertThat(during.actions()).isEmpty();
            Instant later = NOW.plusSeconds(300);
            Plan after = plan(policy(), new PoolBuilder().node("a", 4), during.history(), later);
            assertThat(actions(after)).containsExactly("grow 1 to 2");
            Plan second = plan(
                    policy(),
                    new PoolBuilder().node("a", 4).instance("y", State.BOOTING, LONG),
                    after.history(),
                    later);
            assertThat(second.history().growth().until()).contains(later.plus(Duration.ofMinutes(10)));
        }

        @Test
        void leavesEveryMachineAloneWhereNoneHasItsNodeInThisCluster() {
            PoolBuilder pool =
                    new PoolBuilder().instance("x", State.RUNNING, LONG).instance("y", State.FAILED, LONG);
            Plan plan = plan(policy(0, 0, 3), pool);

            assertThat(plan.actions()).isEmpty();
            assertThat(plan.nodes())
                    .extracting(NodeReport::verdict)
                    .containsOnly(
                            "unready: no node of this cluster is a machine of this pool, which may be another cluster's");
        }

        @Test
        void pointsToTheSelectorWhenMachinesAreThereAndNoNodeMatches() {
            PoolBuilder pool =
                    new PoolBuilder().instance("x", State.RUNNING, LONG).instance("y", State.RUNNING, LONG);

            assertThat(plan(policy(), pool).history().growth().why())
                    .isEqualTo(
                            "2 machines never became Ready, and no node matches node-selector role=scalable: check it");
        }

        @Test
        void countsAStuckMachineOnceHoweverOftenItsDeletionFails() {
            PoolBuilder pool = new PoolBuilder().node("a", 4).instance("x", State.BOOTING, LONG);
            Plan first = plan(policy(), pool, EARLIER, NOW);
            Plan again = plan(policy(), pool, first.history(), NOW.plusSeconds(600));
            assertThat(actions(again)).containsExactly("grow 2 to 3", "delete x");
        }

        @Test
        void forgetsTheBackoffWhenANodeBecomesReady() {
            Plan failed =
                    plan(policy(), new PoolBuilder().node("a", 4).instance("x", State.BOOTING, LONG), EARLIER, NOW);
            PoolBuilder recovered = new PoolBuilder()
                    .node("a", 4)
                    .node("b", 4, node -> node.age(Duration.ofMinutes(2)).readyFor(Duration.ofSeconds(-30)));
            Plan plan = plan(policy(), recovered, failed.history(), NOW.plusSeconds(60));
            assertThat(actions(plan)).containsExactly("grow 2 to 3");
        }

        @Test
        void mayLeaveTheMinimumUnfilledUntilTheBackoffIsOver() {
            PoolBuilder pool = new PoolBuilder().node("a", 0).instance("x", State.BOOTING, LONG);
            Plan first = plan(policy(0, 2, 3), pool, EARLIER, NOW);
            assertThat(actions(first)).containsExactly("delete x");
            PoolBuilder after = new PoolBuilder().node("a", 0);
            assertThat(plan(policy(0, 2, 3), after, first.history(), NOW.plusSeconds(10))
                            .actions())
                    .isEmpty();
            assertThat(actions(plan(policy(0, 2, 3), after, first.history(), NOW.plusSeconds(300))))
                    .containsExactly("grow 1 to 2");
        }
    }

    /** Where it is not certain which machine a node is, neither is touched. */
    @Nested
    final class Identity {
        @Test
        void deletesNoMachineThatALiveNodeClaimsToo() {
            // the old Node object of a machine that has registered anew under another name
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("b-old", 0, node -> node.expiredFor(LONG))
                    .node(
                            "b-renamed",
                            3,
                            node -> node.providerId(Optional.of("test://b-old")).withoutInstance());
            Plan plan = plan(policy(0, 0, 9), pool);
            assertThat(actions(plan)).containsExactly("cordon a");
            assertThat(report(plan, "b-old").verdict()).contains("b-old, b-renamed");
        }

        @Test
        void deletesNoMachineThatANodeNamesByItsProviderIdAlone() {
            PoolBuilder pool = new PoolBuilder()
                    .instanceIdLabel("cloud/id")
                    .node("a", 0, node -> node.label("cloud/id", "i-a"))
                    .node("b", 3, node -> node.label("cloud/id", "long-gone"));
            Plan plan = plan(policy(), pool);
            assertThat(plan.actions()).isEmpty();
            assertThat(report(plan, "i-b").verdict()).contains("node b contradict");
        }

        @Test
        void deletesNoNodeWhoseLabelAndProviderIdAreOfTwoMachines() {
            PoolBuilder pool = new PoolBuilder()
                    .instanceIdLabel("cloud/id")
                    .node("a", 0)
                    .node(
                            "b",
                            0,
                            node -> node.label("cloud/id", "i-c")
                                    .expiredFor(LONG)
                                    .withoutInstance())
                    .node("c", 2);
            assertThat(plan(policy(), pool).actions()).isEmpty();
        }

        @Test
        void deletesNoMachineWhileANodeWithoutItsProviderIdCouldBeIt() {
            Instance machine =
                    new Instance("i-b", Optional.of("test://b"), Optional.empty(), State.RUNNING, "", NOW.minus(LONG));
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node("b", 3, node -> node.providerId(Optional.empty()).withoutInstance())
                    .instance(machine);
            Plan plan = plan(policy(), pool);
            assertThat(plan.actions()).noneMatch(Action.Delete.class::isInstance);
            assertThat(report(plan, "i-b").verdict()).contains("node b may be this machine");
            assertThat(plan.history().growth()).isEqualTo(PoolHistory.GrowthBackoff.NONE);
        }

        @Test
        void deletesNoNamelessMachineWhileANodeCouldBeIt() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 3, node -> node.withoutInstance())
                    .instance("nameless", State.RUNNING, LONG);
            Plan plan = plan(policy(0, 0, 9), pool);
            assertThat(plan.actions()).isEmpty();
            assertThat(report(plan, "nameless").verdict()).contains("node a may be this machine");
            assertThat(plan.history().growth()).isEqualTo(PoolHistory.GrowthBackoff.NONE);
        }
    }

    /** A wall clock that was wrong for a while holds nothing up. */
    @Nested
    final class ClockSetBack {
        private final Instant ahead = NOW.plus(Duration.ofDays(1));

        @Test
        void endsThePauseOfGrowth() {
            PoolHistory paused = PoolHistory.NONE.withGrowth(
                    PoolHistory.GrowthBackoff.NONE.failed(ahead, Set.of(), "droplet limit"));
            assertThat(actions(plan(policy(), new PoolBuilder().node("a", 4), paused, NOW)))
                    .containsExactly("grow 1 to 2");
        }

        @Test
        void expectsNoMachineForLongerThanItsTimeout() {
            PoolHistory awaited = new PoolHistory(
                    Optional.empty(),
                    Optional.of(new PoolHistory.Unlisted(1, 100, ahead)),
                    PoolHistory.GrowthBackoff.NONE);
            assertThat(actions(plan(policy(), new PoolBuilder().node("a", 4).size(2), awaited, NOW)))
                    .containsExactly("grow 2 to 3");
        }

        @Test
        void startsTheCordonDelayAnew() {
            PoolPolicy delayed =
                    new PolicyBuilder().cordonDelay(Duration.ofSeconds(60)).build();
            PoolHistory surplus = new PoolHistory(
                    Optional.of(new PoolHistory.LastingSurplus(ahead, 4)),
                    Optional.empty(),
                    PoolHistory.GrowthBackoff.NONE);
            PoolBuilder pool = new PoolBuilder().node("a", 0).node("b", 0);
            Plan first = plan(delayed, pool, surplus, NOW);
            assertThat(first.actions()).isEmpty();
            assertThat(actions(plan(delayed, pool, first.history(), NOW.plusSeconds(60))))
                    .containsExactly("cordon a");
        }

        @Test
        void finishesADeletionThatWasNotedInTheFuture() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("b", 0, node -> node.expiredFor(LONG).deletingFor(Duration.ofDays(-1)));
            assertThat(actions(plan(policy(), pool))).containsExactly("delete b");
        }
    }

    @Nested
    final class States {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "node.kubernetes.io/not-ready",
                    "node.kubernetes.io/unreachable",
                    "node.kubernetes.io/disk-pressure",
                    "node.kubernetes.io/memory-pressure",
                    "node.kubernetes.io/pid-pressure",
                    "node.kubernetes.io/network-unavailable",
                    "node.cloudprovider.kubernetes.io/uninitialized",
                    "example.com/starting"
                })
        void takesATaintOfTroubleForNotReady(String key) {
            Plan plan = plan(
                    policy(),
                    new PoolBuilder().node("a", 0, node -> node.age(MINUTE).taint(key)));
            assertThat(report(plan, "a").state()).isEqualTo(NodeState.BOOTING);
        }

        @Test
        void cordonsANodeWhoseMachineTheCloudIsDeletingAlready() {
            // a person told the cloud to: until it drains the node, the scheduler would place servers there
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("doomed", 1, node -> node.instance(State.DELETING))
                    .node("kept", 1, node -> node.instance(State.DELETING).keep())
                    .node("going", 1, node -> node.instance(State.DELETING).beingDeleted());
            Plan plan = plan(policy(), pool);
            assertThat(actions(plan)).containsExactly("cordon doomed");
            assertThat(plan.actions().get(0).reason()).isEqualTo(new Reason.CloudIsDeleting(1));
            PoolBuilder cordoned = new PoolBuilder()
                    .node("a", 0)
                    .node("doomed", 0, node -> node.instance(State.DELETING).expiredFor(LONG));
            assertThat(plan(policy(), cordoned).actions()).isEmpty();
        }

        @Test
        void boundsTheSlotsThatANodeClaims() {
            PoolBuilder pool = new PoolBuilder();
            for (int i = 0; i < 4; i++) {
                pool.node(
                        "liar-" + i,
                        0,
                        node -> node.allocatable(Resources.of(Map.of("cpu", Long.MAX_VALUE, "pods", Long.MAX_VALUE))));
            }
            Plan plan = plan(policy(4, 4, 10), pool);
            assertThat(plan.free()).isEqualTo(4_000_000);
            assertThat(plan.actions()).isEmpty();
        }

        @Test
        void ignoresThePoolsOwnTaints() {
            Plan plan = plan(policy(), new PoolBuilder().node("a", 0, node -> node.taint("dedicated")));
            assertThat(report(plan, "a").state()).isEqualTo(NodeState.ACTIVE);
        }

        @Test
        void takesAnyWordOfDeletionForDeleting() {
            PoolBuilder pool = new PoolBuilder()
                    .node("kube", 0, node -> node.beingDeleted())
                    .node("ours", 0, node -> node.cordonedFor(LONG).deletingFor(MINUTE))
                    .node("cloud", 0, node -> node.instance(State.DELETING));
            Plan plan = plan(policy(0, 0, 9), pool);
            assertThat(plan.nodes()).allSatisfy(node -> {
                assertThat(node.state()).isEqualTo(NodeState.DELETING);
                assertThat(node.slots()).isZero();
            });
            assertThat(plan.upcoming()).isZero();
        }

        @Test
        void doesNothingElseToANodeWhoseStaleMarksItRemoves() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node("b", 0, node -> node.expiredFor(LONG).schedulable())
                    .node(
                            "stuck",
                            0,
                            node -> node.neverReady().cordonedFor(LONG).schedulable());
            Plan plan = plan(policy(0, 0, 9), pool);
            assertThat(plan.actions()).isEmpty();
            assertThat(plan.marks())
                    .extracting(Mark::node, Mark::kind)
                    .containsExactly(tuple("b", Mark.Kind.CLEAR_ALL), tuple("stuck", Mark.Kind.CLEAR_ALL));
            assertThat(report(plan, "b").verdict())
                    .isEqualTo("kept: its old kubescaler.io annotations, which are removed first");
        }

        @Test
        void saysOfANodeOfItsOwnWithoutAnnotationHowToGiveItBack() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node("b", 0, node -> node.cordonedByPerson().cordonedBy("kubescaler"));
            Plan plan = plan(policy(0, 0, 9), pool);
            assertThat(plan.actions()).isEmpty();
            assertThat(plan.marks()).isEmpty();
            assertThat(report(plan, "b").state()).isEqualTo(NodeState.HELD);
            assertThat(report(plan, "b").verdict())
                    .isEqualTo(
                            "cordoned by the scaler, and its annotation kubescaler.io/cordoned-at is gone: left alone;"
                                    + " `kubectl uncordon b` gives it back");
        }

        @Test
        void saysOfEachMachineWhyNothingIsDone() {
            PoolBuilder quiet = new PoolBuilder()
                    .node("full", 4)
                    .node("needed", 0)
                    .node("held", 0, node -> node.cordonedByPerson())
                    .node("busy", 2, node -> node.cordonedFor(MINUTE))
                    .node("waiting", 0, node -> node.expiredFor(MINUTE))
                    .node("once", 0, node -> node.unreadyFor(MINUTE))
                    .node("unlisted", 0, node -> node.unreadyFor(MINUTE).withoutInstance())
                    .node("leaving", 0, node -> node.beingDeleted())
                    .node("kept", 0, node -> node.keep())
                    .node("lost", 3, node -> node.withoutInstance());
            Plan plan = plan(policy(6, 1, 10), quiet);
            assertThat(plan.actions()).isEmpty();
            assertThat(report(plan, "full").verdict()).isEqualTo("full: never surplus");
            assertThat(report(plan, "needed").verdict())
                    .isEqualTo("needed: without it 5 slots are free and 6 are required");
            assertThat(report(plan, "held").verdict()).isEqualTo("cordoned by a person: left alone");
            assertThat(report(plan, "busy").verdict()).isEqualTo("cordoned: waits for 2 servers to end");
            assertThat(report(plan, "waiting").verdict())
                    .isEqualTo("cordoned: empty since 2026-01-01T11:59:00Z; deleted after 120 s");
            assertThat(report(plan, "once").verdict()).contains("left to a person");
            assertThat(report(plan, "unlisted").verdict()).isEqualTo("unready: the cloud lists no machine for it");
            assertThat(report(plan, "leaving").verdict()).isEqualTo("being deleted");
            assertThat(report(plan, "kept").verdict()).isEqualTo("kept: kubescaler.io/keep is \"true\"");
            assertThat(report(plan, "lost").verdict()).contains("the cloud lists no machine for it");
            assertThat(plan.message()).isEqualTo("9 slots are free, 0 are coming and 6 are required");

            Plan minimum = plan(policy(0, 1, 10), new PoolBuilder().node("a", 0));
            assertThat(report(minimum, "a").verdict()).isEqualTo("needed: the minimum is 1 node that takes servers");
            Plan booting = plan(policy(), new PoolBuilder().node("a", 1).instance("i", State.BOOTING, MINUTE));
            assertThat(report(booting, "a").verdict()).isEqualTo("in use: nothing is cordoned while nodes are coming");
            assertThat(report(booting, "i").verdict()).isEqualTo("booting for 60 s of at most 900 s");
            PoolBuilder expired = new PoolBuilder()
                    .node("a", 4)
                    .node("late", 0, node -> node.expiredFor(LONG).unreadyFor(MINUTE))
                    .node("gone", 0, node -> node.expiredFor(LONG).withoutInstance());
            Plan atMinimum = plan(policy(0, 2, 10), expired);
            assertThat(report(atMinimum, "late").verdict())
                    .isEqualTo("cordoned: the pool would fall below its minimum of 2");
            PoolBuilder two = new PoolBuilder()
                    .node("a", 4)
                    .node("b", 0, node -> node.expiredFor(LONG.plusMinutes(1)).unreadyFor(LONG))
                    .node("late", 0, node -> node.expiredFor(LONG).unreadyFor(MINUTE));
            assertThat(report(plan(policy(0, 2, 10), two), "late").verdict())
                    .isEqualTo(
                            "cordoned: the pool would fall below its minimum of 2: 1 of its 3 nodes counts as deleted");
            assertThat(report(atMinimum, "gone").verdict()).contains("so it cannot be deleted");
        }

        @Test
        void givesEveryMachineAVerdict() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node("b", 1)
                    .node("c", 0, node -> node.cordonedByPerson())
                    .node("d", 2, node -> node.cordonedFor(MINUTE))
                    .node("e", 0, node -> node.age(MINUTE).neverReady())
                    .node("f", 0, node -> node.unreadyFor(MINUTE))
                    .instance("g", State.DELETING, MINUTE);
            Plan plan = plan(policy(), pool);
            assertThat(plan.nodes())
                    .hasSize(7)
                    .allSatisfy(node -> assertThat(node.verdict()).isNotBlank());
        }
    }

    @Test
    void reportsThatAreReadLateTellOfTheirOwnPass() {
        PoolBuilder before = new PoolBuilder().node("a", 1).node("b", 2, node -> node.cordonedFor(MINUTE));
        PoolBuilder after = new PoolBuilder()
                .node("a", 4)
                .node("b", 0, node -> node.cordonedFor(MINUTE).emptyFor(LONG));
        Planner planner = new Planner();
        Plan first = planner.plan(policy(), before.build(), PoolHistory.NONE, NOW);
        Plan second = planner.plan(policy(), after.build(), first.history(), NOW.plusSeconds(10));
        assertThat(second.nodes()).extracting(NodeReport::servers).containsExactly(4, 0);
        assertThat(first.nodes()).extracting(NodeReport::servers).containsExactly(1, 2);
        assertThat(first).isEqualTo(plan(policy(), before));
    }

    @Test
    void aPassThatBreaksOffLeavesNothingBehind() {
        PoolSnapshot before =
                new PoolBuilder().node("a", 0).node("b", 0).unplaced(1).build();
        PoolSnapshot broken = new PoolSnapshot(
                new PoolBuilder()
                        .node("a", 0, node -> node.instance(State.DELETING))
                        .node("b", 0)
                        .build()
                        .cloud(),
                Reading.known(new PoolBuilder().node("b", 0).node(null, 0).cluster()));
        PoolSnapshot after = new PoolSnapshot(broken.cloud(), before.cluster());
        Planner planner = new Planner();
        planner.plan(policy(), before, PoolHistory.NONE, NOW);
        assertThatThrownBy(() -> planner.plan(policy(), broken, PoolHistory.NONE, NOW))
                .isInstanceOf(NullPointerException.class);
        assertThat(planner.plan(policy(), after, PoolHistory.NONE, NOW))
                .isEqualTo(new Planner().plan(policy(), after, PoolHistory.NONE, NOW));
    }

    @Test
    void timeAloneMakesABootingMachineUnreadyAndAClockSetBackABootingOneOfIt() {
        PoolSnapshot snapshot = new PoolBuilder()
                .node("a", 0)
                .node("b", 0, node -> node.age(MINUTE).neverReady())
                .build();
        Planner planner = new Planner();
        Duration late = Duration.ofMinutes(20);
        assertThat(states(planner.plan(policy(), snapshot, PoolHistory.NONE, NOW)))
                .containsExactly(NodeState.ACTIVE, NodeState.BOOTING);
        assertThat(states(planner.plan(policy(), snapshot, PoolHistory.NONE, NOW.plus(late))))
                .containsExactly(NodeState.ACTIVE, NodeState.UNREADY);
        assertThat(states(planner.plan(policy(), snapshot, PoolHistory.NONE, NOW)))
                .containsExactly(NodeState.ACTIVE, NodeState.BOOTING);
    }

    private static List<NodeState> states(Plan plan) {
        return plan.nodes().stream().map(NodeReport::state).toList();
    }

    @Test
    void aNodeThatIsAnotherMachineThanBeforeIsJoinedAnew() {
        PoolDescription cloud = new PoolDescription(
                2,
                new PoolBuilder().node("a", 0).node("b", 0).cloud().instances(),
                Optional.of("machine"),
                Optional.empty(),
                OptionalInt.empty());
        List<ClusterState> states = Stream.of(
                        new PoolBuilder().node("a", 0).node("b", 4),
                        // the name alone, the provider ID alone, the label alone
                        new PoolBuilder().node("a", 0).node("c", 4, it -> it.providerId(Optional.of("test://b"))),
                        new PoolBuilder().node("a", 0).node("c", 4, it -> it.providerId(Optional.of("test://z"))),
                        new PoolBuilder()
                                .node("a", 0)
                                .node(
                                        "c",
                                        4,
                                        it -> it.providerId(Optional.of("test://z"))
                                                .label("machine", "i-b")),
                        new PoolBuilder().node("a", 0).node("b", 4, it -> it.providerId(Optional.empty())),
                        new PoolBuilder().node("a", 0).node("c", 4, it -> it.providerId(Optional.empty())))
                .map(PoolBuilder::cluster)
                .toList();
        Node same = states.get(0).nodes().get(0);
        Planner planner = new Planner();
        List<String> joined = new ArrayList<>();
        for (ClusterState state : states) {
            ClusterState observed = new ClusterState(
                    List.of(same, state.nodes().get(1)), state.unplaced(), state.servers(), state.shared());
            PoolSnapshot snapshot = new PoolSnapshot(Reading.known(cloud), Reading.known(observed));
            Plan plan = planner.plan(policy(), snapshot, PoolHistory.NONE, NOW);
            assertThat(plan).isEqualTo(new Planner().plan(policy(), snapshot, PoolHistory.NONE, NOW));
            joined.add(plan.nodes().get(1).name().orElse("-")
                    + "="
                    + plan.nodes().get(1).instance().orElse("-"));
        }
        assertThat(joined).containsExactly("b=i-b", "c=i-b", "c=-", "c=i-b", "b=i-b", "c=-");
    }

    @Test
    void spellsActionsAsDocumentsDo() {
        Reason why = new Reason.BecameEmpty();
        assertThat(List.of(
                        new Action.Uncordon("a", "i-a", why),
                        new Action.Grow(1, 2, why),
                        new Action.Cordon("a", true, why),
                        new Action.Delete("i-a", Optional.empty(), why)))
                .extracting(Action::type)
                .containsExactly("uncordon", "grow", "cordon", "delete");
    }

    @Test
    void tellsHowLongASurplusMustLast() {
        PoolPolicy slow = new PolicyBuilder()
                .numbers(4, 1, 10)
                .cordonDelay(Duration.ofSeconds(90))
                .build();
        Plan plan = plan(slow, new PoolBuilder().node("a", 0).node("b", 0));
        assertThat(plan.actions()).isEmpty();
        assertThat(report(plan, "a").verdict())
                .isEqualTo("surplus since 2026-01-01T12:00:00Z; cordoned when it has lasted 90 s");
    }

    @Test
    void aPlanForKeepingIsEqualAndHasItsReportsWritten() {
        Plan plan = plan(policy(), new PoolBuilder().node("a", 1).node("b", 4));
        assertThat(plan.nodes()).isInstanceOf(Reports.class);
        assertThat(plan.forKeeping()).isEqualTo(plan);
        assertThat(plan.forKeeping().nodes()).isNotInstanceOf(Reports.class);
    }

    @Test
    void givesTheSamePlanWhateverTheOrderOfTheSnapshot() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 0)
                .node("b", 0)
                .node("c", 1, node -> node.cordonedFor(LONG))
                .node("d", 0, node -> node.expiredFor(LONG))
                .node("e", 3)
                .instance("x", State.FAILED, LONG)
                .unplaced(2);
        Plan straight = plan(policy(), pool);
        List<Node> nodes = new ArrayList<>(pool.cluster().nodes());
        Collections.reverse(nodes);
        List<Instance> instances = new ArrayList<>(pool.cloud().instances());
        Collections.reverse(instances);
        PoolDescription cloud = pool.cloud();
        PoolSnapshot reversed = new PoolSnapshot(
                Reading.known(new PoolDescription(
                        cloud.size(), instances, cloud.instanceIdLabel(), cloud.template(), cloud.limit())),
                Reading.known(new ClusterState(
                        nodes, pool.cluster().unplaced(), pool.cluster().servers(), Map.of())));
        assertThat(new Planner().plan(policy(), reversed, PoolHistory.NONE, NOW))
                .isEqualTo(straight);
        assertThat(straight.actions()).isNotEmpty();
    }
}
