package io.kubescaler.plan;

import static io.kubescaler.plan.Plans.actions;
import static io.kubescaler.plan.Plans.verdict;
import static io.kubescaler.testing.PoolBuilder.NOW;
import static io.kubescaler.testing.PoolBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import io.kubescaler.testing.PolicyBuilder;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Which nodes are set aside, taken back and deleted where several could be, and which a person or the scaler needs. */
final class SurplusTest {
    private static final Duration LONG = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static Plan plan(PoolPolicy policy, PoolBuilder pool) {
        return plan(policy, pool, PoolHistory.NONE, NOW);
    }

    private static Plan plan(PoolPolicy policy, PoolBuilder pool, PoolHistory history, Instant now) {
        return new Planner().plan(policy, pool.build(), history, now);
    }

    /** Setting aside and taking back in one pass. */
    @Nested
    final class Swaps {
        // with empty taken back there is more than is required, and busy could go
        private final PoolBuilder pool =
                new PoolBuilder().node("busy", 1).node("empty", 0, node -> node.expiredFor(MINUTE));

        @Test
        void cordonsNoneThatHoldsMoreServersThanTheOneTakenBack() {
            Plan plan = plan(policy(4, 1, 10), pool);
            assertThat(actions(plan)).containsExactly("uncordon empty");
            assertThat(verdict(plan, "busy")).startsWith("surplus since 2026-01-01T12:00:00Z");
        }

        @Test
        void cordonsOneThatHoldsNoMore() {
            PoolBuilder other = new PoolBuilder()
                    .node("idle", 0, node -> node.other(Resources.cpu(2000)))
                    .node("one", 1, node -> node.cordonedFor(MINUTE))
                    .node("full", 4);
            // idle has 2 slots, one has 3
            assertThat(actions(plan(policy(3, 2, 10), other))).containsExactly("uncordon one", "cordon idle");
        }

        @Test
        void beginsTheDelayAnewWhenSlotsWereMissing() {
            PoolPolicy delayed = new PolicyBuilder()
                    .numbers(4, 1, 10)
                    .cordonDelay(Duration.ofSeconds(60))
                    .build();
            PoolHistory lasting = new PoolHistory(
                    Optional.of(new PoolHistory.LastingSurplus(NOW.minusSeconds(300), 4)),
                    Optional.empty(),
                    PoolHistory.GrowthBackoff.NONE);
            PoolBuilder other = new PoolBuilder()
                    .node("idle", 0, node -> node.other(Resources.cpu(2000)))
                    .node("one", 0, node -> node.expiredFor(MINUTE))
                    .node("full", 4);
            Plan plan = plan(delayed, other, lasting, NOW);
            assertThat(actions(plan)).containsExactly("uncordon one");
            assertThat(plan.history().surplus()).contains(new PoolHistory.LastingSurplus(NOW, 2));
        }
    }

    /** How much of a surplus has lasted. */
    @Nested
    final class Delay {
        private final PoolPolicy delayed = new PolicyBuilder()
                .numbers(4, 1, 10)
                .cordonDelay(Duration.ofSeconds(60))
                .build();
        private final PoolBuilder one =
                new PoolBuilder().node("a", 0).node("b", 0).node("c", 4).node("d", 4);
        private final PoolBuilder three =
                new PoolBuilder().node("a", 0).node("b", 0).node("c", 0).node("d", 0);

        @Test
        void cordonsNoMoreThanHasLasted() {
            Plan first = plan(delayed, one);
            Plan more = plan(delayed, three, first.history(), NOW.plusSeconds(50));
            assertThat(more.actions()).isEmpty();
            Plan lasted = plan(delayed, three, more.history(), NOW.plusSeconds(60));
            assertThat(actions(lasted)).containsExactly("cordon a");
            // of what is left, all has been there since
            PoolBuilder rest = new PoolBuilder()
                    .node("a", 1, node -> node.cordonedFor(MINUTE))
                    .node("b", 0)
                    .node("c", 0)
                    .node("d", 0);
            Plan soon = plan(delayed, rest, lasted.history(), NOW.plusSeconds(119));
            assertThat(soon.actions()).isEmpty();
            assertThat(actions(plan(delayed, rest, soon.history(), NOW.plusSeconds(120))))
                    .containsExactly("cordon b", "cordon c");
        }

        @Test
        void cordonsAllAtOnceThatHasLasted() {
            Plan first = plan(delayed, three);
            assertThat(actions(plan(delayed, three, first.history(), NOW.plusSeconds(60))))
                    .containsExactly("cordon a", "cordon b", "cordon c");
        }
    }

    /** {@code kubescaler.io/keep} on a node that is set aside: a person holds it as it is. */
    @Nested
    final class Kept {
        private final PoolBuilder pool = new PoolBuilder()
                .node("a", 4)
                .node("kept", 0, node -> node.expiredFor(LONG).keep());

        @Test
        void isNotTakenBack() {
            Plan plan = plan(policy(4, 1, 10), pool);
            assertThat(actions(plan)).containsExactly("grow 2 to 3");
            assertThat(verdict(plan, "kept"))
                    .isEqualTo("cordoned: neither taken back nor deleted: kubescaler.io/keep is \"true\"");
        }

        @Test
        void isNotTakenBackForTheMinimumEither() {
            assertThat(plan(policy(0, 2, 10), pool).actions()).isEmpty();
        }

        @Test
        void isNotDeleted() {
            assertThat(plan(policy(0, 0, 10), pool).actions()).isEmpty();
        }

        @Test
        void isToldOfOneWithServersToo() {
            PoolBuilder busy = new PoolBuilder()
                    .node("a", 0)
                    .node("kept", 2, node -> node.cordonedFor(LONG).keep());
            assertThat(verdict(plan(policy(4, 1, 10), busy), "kept"))
                    .isEqualTo("cordoned: neither taken back nor deleted: kubescaler.io/keep is \"true\"");
        }

        @Test
        void keepsItsClockAsAnyOtherDoes() {
            PoolBuilder emptied = new PoolBuilder()
                    .node("a", 0)
                    .node("kept", 0, node -> node.cordonedFor(LONG).keep());
            assertThat(plan(policy(4, 1, 10), emptied).marks()).hasSize(1);
        }

        @Test
        void leavesOneWhoseMachineIsInDoubtSetAsideToo() {
            // servers placed on it could die with a machine that is being deleted under another name
            PoolBuilder doubtful = new PoolBuilder()
                    .node("a", 4)
                    .node("b", 0, node -> node.expiredFor(LONG))
                    .node(
                            "b-renamed",
                            4,
                            node -> node.providerId(Optional.of("test://b")).withoutInstance());
            Plan plan = plan(policy(4, 1, 10), doubtful);
            assertThat(actions(plan)).containsExactly("grow 2 to 3");
            assertThat(verdict(plan, "b")).startsWith("cordoned: neither taken back nor deleted: nodes b, b-renamed");
        }
    }

    /** The node that the scaler itself runs on. */
    @Nested
    final class OwnNode {
        @Test
        void isNotCordonedWhileTheMarksOfAnotherAreStillToGo() {
            PoolBuilder pool = new PoolBuilder()
                    .node("own", 1)
                    .node("back", 1, node -> node.cordonedFor(MINUTE).schedulable())
                    .node("full", 4)
                    .ownNode("own");
            Plan first = plan(policy(2, 1, 10), pool);
            assertThat(first.marks()).hasSize(1);
            assertThat(first.actions()).isEmpty();
        }

        @Test
        void isCordonedLast() {
            PoolBuilder pool = new PoolBuilder().node("own", 0).node("other", 1).ownNode("own");
            assertThat(actions(plan(policy(3, 1, 10), pool))).containsExactly("cordon other");
            assertThat(actions(plan(policy(0, 0, 10), pool))).containsExactly("cordon other", "cordon own");
        }

        @Test
        void isCordonedWhenNoOtherMayGo() {
            PoolBuilder pool = new PoolBuilder()
                    .node("own", 0)
                    .node("kept", 0, node -> node.keep())
                    .node("full", 4)
                    .ownNode("own");
            assertThat(actions(plan(policy(4, 1, 10), pool))).containsExactly("cordon own");
        }

        @Test
        void isNotCordonedInPlaceOfOneThatIsOnlySparedForItsServers() {
            PoolBuilder pool = new PoolBuilder()
                    .node("own", 0)
                    .node("busy", 1)
                    .node("back", 0, node -> node.expiredFor(MINUTE))
                    .ownNode("own");
            assertThat(actions(plan(policy(8, 1, 10), pool))).containsExactly("uncordon back");
        }

        @Test
        void isDeletedWhenNoOtherEmptyNodeMayGo() {
            PoolBuilder both = new PoolBuilder()
                    .node("a", 0)
                    .node("own", 0, node -> node.expiredFor(LONG))
                    .node("other", 0, node -> node.cordonedFor(LONG).emptyFor(MINUTE))
                    .ownNode("own");
            Plan waits = plan(policy(), both);
            assertThat(waits.actions()).isEmpty();
            assertThat(verdict(waits, "own")).isEqualTo("cordoned: the scaler runs on it, and other nodes go first");
            PoolBuilder expired = new PoolBuilder()
                    .node("a", 0)
                    .node("own", 0, node -> node.expiredFor(LONG))
                    .node("other", 0, node -> node.cordonedFor(LONG).emptyFor(Duration.ofMinutes(2)))
                    .ownNode("own");
            assertThat(actions(plan(policy(), expired))).containsExactly("delete other");
            PoolBuilder alone = new PoolBuilder()
                    .node("a", 0)
                    .node("own", 0, node -> node.expiredFor(LONG))
                    .node("kept", 0, node -> node.expiredFor(LONG).keep())
                    .node("busy", 1, node -> node.cordonedFor(LONG))
                    .ownNode("own");
            assertThat(actions(plan(policy(), alone))).containsExactly("delete own");
        }

        @Test
        void isNotDeletedWhenAnotherHasJustBecomeEmpty() {
            PoolBuilder pool = new PoolBuilder()
                    .node("a", 0)
                    .node("own", 0, node -> node.expiredFor(LONG))
                    .node("other", 0, node -> node.cordonedFor(LONG))
                    .ownNode("own");
            Plan plan = plan(policy(), pool);
            assertThat(plan.marks()).extracting(Mark::node).containsExactly("other");
            assertThat(plan.actions()).isEmpty();
            assertThat(verdict(plan, "own")).isEqualTo("cordoned: the scaler runs on it, and other nodes go first");
        }
    }
}
