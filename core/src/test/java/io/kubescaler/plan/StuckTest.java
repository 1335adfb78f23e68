package io.kubescaler.plan;

import static io.kubescaler.plan.Plans.actions;
import static io.kubescaler.plan.Plans.report;
import static io.kubescaler.testing.PoolBuilder.NOW;
import static io.kubescaler.testing.PoolBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Instance.State;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolHistory.GrowthBackoff;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.Reading;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Machines that never came: which they are, which only look so, and what stands in the way of removing them. */
final class StuckTest {
    private static final Duration LONG = Duration.ofHours(36);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofMinutes(15);

    private static Plan plan(PoolBuilder pool) {
        return plan(pool, PoolHistory.NONE, NOW);
    }

    private static Plan plan(PoolBuilder pool, PoolHistory history, Instant now) {
        return new Planner().plan(policy(), pool.build(), history, now);
    }

    // a pass that came before, so that what is stuck afterwards has become so since
    private static PoolHistory earlier() {
        return plan(new PoolBuilder().node("a", 4).node("b", 0)).history();
    }

    /** The Node object of a machine was deleted, and its kubelet made a new one. */
    @Nested
    final class RegistersAnew {
        @Test
        void waitsForANodeThatIsYoungThoughItsMachineIsOld() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node(
                            "anew",
                            0,
                            node -> node.age(Duration.ofSeconds(20))
                                    .neverReady()
                                    .machineAge(LONG));
            Plan plan = plan(pool);
            assertThat(plan.actions()).isEmpty();
            assertThat(report(plan, "anew").state()).isEqualTo(NodeState.BOOTING);
            assertThat(report(plan, "anew").verdict()).isEqualTo("booting for 20 s of at most 900 s");
            assertThat(plan.history().growth()).isEqualTo(GrowthBackoff.NONE);
        }

        @Test
        void countsTheAgeFromTheNodeWhenThatCameLater() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("anew", 0, node -> node.age(TIMEOUT).neverReady().machineAge(LONG));
            Plan plan = plan(pool);
            assertThat(actions(plan)).containsExactly("delete anew");
            assertThat(plan.actions().get(0).reason()).isEqualTo(new Reason.NeverReady(TIMEOUT, TIMEOUT));
        }

        @Test
        void countsTheAgeFromTheMachineWhenThatCameLater() {
            // a machine that took over the Node object of the one before it
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("taken-over", 0, node -> node.age(LONG).neverReady().machineAge(MINUTE));
            assertThat(plan(pool).actions()).isEmpty();
        }

        @Test
        void deletesAFailedMachineWhoseRemovalWasBegunEarlyAndGivenUp() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node(
                            "failed",
                            0,
                            node -> node.age(LONG)
                                    .neverReady()
                                    .instance(State.FAILED)
                                    .cordonedFor(LONG.minusMinutes(1)));
            assertThat(actions(plan(pool, earlier(), NOW))).contains("delete failed");
        }

        @Test
        void waitsForItThoughTheCloudSaysThatItsMachineFailed() {
            PoolBuilder young = new PoolBuilder()
                    .node("a", 0)
                    .node(
                            "anew",
                            0,
                            node -> node.age(MINUTE)
                                    .neverReady()
                                    .machineAge(LONG)
                                    .instance(State.FAILED));
            Plan plan = plan(young);
            assertThat(plan.actions()).isEmpty();
            assertThat(report(plan, "anew").verdict()).contains("registered anew");
            PoolBuilder old = new PoolBuilder()
                    .node("a", 0)
                    .node(
                            "anew",
                            0,
                            node -> node.age(TIMEOUT)
                                    .neverReady()
                                    .machineAge(LONG)
                                    .instance(State.FAILED));
            assertThat(actions(plan(old))).containsExactly("delete anew");
        }

        @Test
        void isNoFailureOfGrowth() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 4)
                    .node("anew", 0, node -> node.age(TIMEOUT).neverReady().machineAge(LONG));
            Plan plan = plan(pool, earlier(), NOW);
            assertThat(actions(plan)).contains("delete anew");
            assertThat(plan.history().growth().failures()).isZero();
        }
    }

    /** What is overdue when a term begins was so under the leader before, and may have been for weeks. */
    @Nested
    final class FirstPass {
        private final PoolBuilder pool = new PoolBuilder()
                .node("a", 4)
                .node("mute", 0, node -> node.age(LONG).neverReady().keep());

        @Test
        void doesNotPauseGrowthForWhatIsOverdueAlready() {
            Plan first = plan(pool);
            assertThat(actions(first)).containsExactly("grow 2 to 3");
            assertThat(first.condition()).isEqualTo(Condition.OK);

            Plan second = plan(pool, first.history(), NOW.plusSeconds(10));
            assertThat(actions(second)).containsExactly("grow 2 to 3");
            assertThat(second.history().growth().failures()).isZero();
        }

        @Test
        void doesNotCountAsOneWhileNothingCouldBeRead() {
            Plan unread = new Planner()
                    .plan(
                            policy(),
                            new PoolSnapshot(pool.build().cloud(), Reading.unreadable("not synced yet")),
                            PoolHistory.NONE,
                            NOW);
            assertThat(actions(plan(pool, unread.history(), NOW.plusSeconds(10))))
                    .containsExactly("grow 2 to 3");
        }

        @Test
        void pausesGrowthForAMachineThatBecomesOverdueLater() {
            PoolHistory first = plan(pool).history();
            PoolBuilder more = new PoolBuilder()
                    .node("a", 4)
                    .node("mute", 0, node -> node.age(LONG).neverReady().keep())
                    .instance("never", State.BOOTING, TIMEOUT);
            Plan plan = plan(more, first, NOW.plusSeconds(10));
            assertThat(plan.condition()).isEqualTo(Condition.GROWTH_PAUSED);
            assertThat(plan.history().growth().why()).startsWith("1 machine never became Ready");
        }
    }

    /** Many nodes unready at once: nothing is done but removing machines that never came. */
    @Nested
    final class Unhealthy {
        @Test
        void keepsServersOffANodeThatTheCloudIsDeleting() {
            PoolBuilder pool = new PoolBuilder().unplaced(2).node("doomed", 0, node -> node.instance(State.DELETING));
            for (int i = 0; i < 4; i++) {
                pool.node("down-" + i, 1, node -> node.unreadyFor(MINUTE));
            }
            Plan plan = plan(pool);
            assertThat(plan.condition()).isEqualTo(Condition.UNHEALTHY);
            assertThat(actions(plan)).containsExactly("cordon doomed");
        }

        @Test
        void countsNeitherHeldNodesNorMachinesThatNeverCame() {
            PoolBuilder held = new PoolBuilder().unplaced(9);
            PoolBuilder never = new PoolBuilder().unplaced(9);
            for (int i = 0; i < 4; i++) {
                held.node("up-" + i, 4)
                        .node("held-" + i, 0, node -> node.unreadyFor(MINUTE).cordonedByPerson());
                never.node("up-" + i, 4)
                        .node("mute-" + i, 0, node -> node.age(LONG).neverReady());
            }
            Plan besideHeld = plan(held);
            assertThat(besideHeld.condition()).isNotEqualTo(Condition.UNHEALTHY);
            assertThat(actions(besideHeld)).containsExactly("grow 8 to 10");
            Plan besideNever = plan(never);
            assertThat(besideNever.condition()).isNotEqualTo(Condition.UNHEALTHY);
            assertThat(actions(besideNever))
                    .containsExactly(
                            "grow 8 to 10", "delete mute-0", "delete mute-1", "delete mute-2", "delete mute-3");
        }

        @Test
        void takesNodesThatCannotBeReadForUnready() {
            PoolBuilder pool = new PoolBuilder();
            for (int i = 0; i < 4; i++) {
                pool.node("up-" + i, 4)
                        .node("strange-" + i, 0, node -> node.neverReady().unreadable("status"));
            }
            assertThat(plan(pool).condition()).isEqualTo(Condition.UNHEALTHY);
        }

        @Test
        void isJudgedByTheNodesThatCount() {
            // 4 of 8 that count, though 13 are there
            PoolBuilder pool = new PoolBuilder();
            for (int i = 0; i < 4; i++) {
                pool.node("up-" + i, 4).node("down-" + i, 0, node -> node.unreadyFor(MINUTE));
            }
            for (int i = 0; i < 5; i++) {
                pool.node("held-" + i, 0, node -> node.cordonedByPerson());
            }
            Plan plan = plan(pool);
            assertThat(plan.condition()).isEqualTo(Condition.UNHEALTHY);
            assertThat(plan.message()).contains("4 of 8 nodes");
        }

        @Test
        void removesMachinesThatNeverCameAndNothingElse() {
            PoolBuilder pool = mostlyDown()
                    .unplaced(9)
                    .node("mute", 0, node -> node.age(LONG).neverReady())
                    .node("expired", 0, node -> node.expiredFor(LONG))
                    .node("taken-back", 0, node -> node.expiredFor(MINUTE))
                    .node(
                            "unconfirmed",
                            0,
                            node -> node.age(LONG)
                                    .neverReady()
                                    .cordonedFor(MINUTE)
                                    .deletingFor(MINUTE))
                    .node("half-deleted", 0, node -> node.expiredFor(LONG).deletingFor(MINUTE))
                    .instance("never", State.BOOTING, LONG);
            Plan plan = plan(pool);
            assertThat(plan.condition()).isEqualTo(Condition.UNHEALTHY);
            assertThat(actions(plan)).containsExactly("delete unconfirmed", "delete mute", "delete never");
            assertThat(plan.marks()).isEmpty();
            assertThat(report(plan, "expired").verdict()).isEqualTo("nothing is done: Unhealthy");
            assertThat(plan.message()).contains("5 of");
        }

        @Test
        void takesMachinesThatRegisteredAnewForUnreadyAndRemovesNone() {
            // a cluster that was restored: every kubelet made its node anew, and none becomes Ready
            PoolBuilder pool = new PoolBuilder().node("a", 0);
            for (int i = 0; i < 5; i++) {
                pool.node("anew-" + i, 0, node -> node.age(TIMEOUT).neverReady().machineAge(LONG));
            }
            Plan plan = plan(pool);
            assertThat(plan.condition()).isEqualTo(Condition.UNHEALTHY);
            assertThat(plan.actions()).isEmpty();
        }

        @Test
        void remembersTheFailuresOfGrowthThatItSees() {
            Plan plan = plan(mostlyDown().instance("never", State.BOOTING, TIMEOUT), earlier(), NOW);
            assertThat(plan.condition()).isEqualTo(Condition.UNHEALTHY);
            assertThat(plan.history().growth().failures()).isEqualTo(1);
        }

        private PoolBuilder mostlyDown() {
            PoolBuilder pool = new PoolBuilder();
            for (int i = 0; i < 5; i++) {
                pool.node("down-" + i, 0, node -> node.unreadyFor(MINUTE));
            }
            return pool;
        }
    }

    /** A removal that was given up leaves a cordoned node that never was Ready: no other step would ever remove it. */
    @Nested
    final class GivenUp {
        @Test
        void removesAMachineThatWasSetAsideBecauseItNeverCame() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("mute", 0, node -> node.age(LONG).neverReady().cordonedFor(MINUTE));
            assertThat(actions(plan(pool))).containsExactly("delete mute");
        }

        @Test
        void leavesOneThatWasSetAsideWhileItMayHaveBeenReady() {
            // it had servers for a moment, which may live on there
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("flapped", 0, node -> node.age(LONG).neverReady().cordonedFor(LONG.minus(MINUTE)));
            assertThat(plan(pool).actions()).isEmpty();
        }
    }
}
