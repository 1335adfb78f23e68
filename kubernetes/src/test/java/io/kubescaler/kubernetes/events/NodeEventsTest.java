package io.kubescaler.kubernetes.events;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.kubescaler.control.ClusterException;
import io.kubescaler.control.ClusterException.Kind;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.kubernetes.events.Notice.Subject;
import io.kubescaler.kubernetes.lease.LeaseStatus;
import io.kubescaler.kubernetes.lease.LeaseStatus.Role;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Reason;
import io.kubescaler.testing.Patience;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class NodeEventsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Action CORDON = new Action.Cordon("node-1", true, new Reason.Surplus(9, 4, 4, 0));
    private static final Action GROW = new Action.Grow(2, 4, new Reason.Short(0, 0, 8, 4));

    private final Sink sink = new Sink();
    private long nanos;
    private final NodeEvents events = new NodeEvents(sink, InstantSource.fixed(NOW), () -> nanos);

    /** Keeps what is written. */
    private static final class Sink implements EventSink {
        final List<Notice> created = new ArrayList<>();
        final List<Integer> counts = new ArrayList<>();
        final CountDownLatch open = new CountDownLatch(1);
        boolean blocked;
        boolean refuses;
        boolean expired;
        boolean hasPod = true;

        @Override
        public boolean canWrite(Notice notice) {
            return hasPod || notice.subject() instanceof Subject.OfNode;
        }

        @Override
        public Event create(Notice notice) throws ClusterException {
            await(notice);
            if (refuses) {
                throw new ClusterException(Kind.FORBIDDEN, "writing an event failed: HTTP 403: forbidden");
            }
            created.add(notice);
            return new EventBuilder().build();
        }

        @Override
        public boolean count(Event event, int count, Instant last) {
            counts.add(count);
            return !expired;
        }

        private void await(Notice notice) throws ClusterException {
            try {
                if (blocked && !open.await(Patience.SECONDS, TimeUnit.SECONDS)) {
                    throw new AssertionError("never opened for " + notice);
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new ClusterException(Kind.UNAVAILABLE, "interrupted", interrupted);
            }
        }
    }

    private static PassRecord pass(Condition condition, Outcome... outcomes) {
        List<Action> actions = List.of(outcomes).stream().map(Outcome::action).toList();
        Plan plan = new Plan(
                "games",
                NOW,
                condition,
                "0 slots are free and 8 are required",
                2,
                0,
                4,
                4,
                8,
                4,
                0,
                OptionalLong.of(4),
                Optional.empty(),
                List.of(),
                actions,
                List.of(),
                PoolHistory.NONE);
        return new PassRecord(plan, List.of(outcomes), Duration.ofMillis(3));
    }

    private static Outcome done(Action action) {
        return new Outcome(action, Result.DONE, "");
    }

    private static Outcome failed(Action action) {
        return new Outcome(action, Result.FAILED, "HTTP 500: no");
    }

    /** Writes out all that is queued. */
    private void finish() {
        events.start();
        events.close();
    }

    @Test
    void tellsOfEachActionThatWasDoneOrFailed() {
        events.passed(pass(
                Condition.OK,
                done(CORDON),
                done(GROW),
                failed(new Action.Delete("i-2", Optional.of("node-2"), new Reason.MachineFailed("no capacity"))),
                failed(new Action.Uncordon("node-3", "i-3", new Reason.TakenBack(0, 4, 4, 1))),
                new Outcome(CORDON, Result.NOT_ACTING, "dry run"),
                new Outcome(CORDON, Result.SKIPPED, "it has a server")));
        finish();

        assertThat(sink.created)
                .extracting(Notice::reason)
                .containsExactly("NodeCordoned", "PoolGrown", "DeleteFailed", "UncordonFailed");
        assertThat(sink.created)
                .extracting(Notice::subject)
                .containsExactly(
                        new Subject.OfNode("node-1"),
                        new Subject.OwnPod(),
                        new Subject.OfNode("node-2"),
                        new Subject.OfNode("node-3"));
        assertThat(sink.created).extracting(Notice::warning).containsExactly(false, false, true, true);
        assertThat(sink.created.get(1).note())
                .isEqualTo("pool games grows from 2 to 4 nodes: 0 slots are free, 0 are coming and 8 are required:"
                        + " 8 are missing, at 4 a node");
        assertThat(sink.created.get(2).note())
                .isEqualTo("pool games deletes instance i-2, node node-2: the cloud says that it failed: no capacity;"
                        + " it failed: HTTP 500: no");
    }

    @Test
    void tellsOfAConditionWhenItChangesAndNotWhenItStays() {
        events.passed(pass(Condition.OK));
        events.passed(pass(Condition.AT_MAXIMUM));
        events.passed(pass(Condition.AT_MAXIMUM));
        events.passed(pass(Condition.OK));
        finish();

        assertThat(sink.created).extracting(Notice::reason).containsExactly("AtMaximum", "Ok");
        assertThat(sink.created).extracting(Notice::warning).containsExactly(true, false);
        assertThat(sink.created.get(0).note()).isEqualTo("pool games: 0 slots are free and 8 are required");
    }

    @Test
    void tellsOfTheBeginAndTheEndOfLeading() {
        LeaseStatus unknown = new LeaseStatus(Role.UNKNOWN, Optional.empty(), "has not read the lease yet");
        LeaseStatus standby = new LeaseStatus(Role.STANDBY, Optional.of("other"), "stands by");
        LeaseStatus leader = new LeaseStatus(Role.LEADER, Optional.of("me"), "holds lease a/b");
        events.changed(unknown, standby);
        events.changed(standby, leader);
        events.changed(leader, unknown);
        finish();

        assertThat(sink.created).extracting(Notice::reason).containsExactly("BecameLeader", "StoppedLeading");
    }

    @Test
    void tellsOfNodesOnlyWhenItRunsInNoPod() {
        sink.hasPod = false;
        events.passed(pass(Condition.AT_MAXIMUM, done(GROW), done(CORDON)));
        finish();

        assertThat(sink.created).extracting(Notice::reason).containsExactly("NodeCordoned");
        assertThat(events.failed()).isZero();
    }

    @Test
    void writesLittleWhenAPoolIsStuckForLong() throws ClusterException {
        EventSeriesKeeper keeper = new EventSeriesKeeper(sink, () -> nanos);
        Notices notices = new Notices(InstantSource.fixed(NOW));
        int passes = 30 * 6;
        for (int index = 0; index < passes; index++) {
            Action stuck = new Action.Delete(
                    "i-2",
                    Optional.of("node-2"),
                    new Reason.NeverReady(Duration.ofSeconds(900 + index), Duration.ofMinutes(15)));
            for (Notice notice : notices.of(pass(Condition.OK, failed(stuck)))) {
                keeper.tell(notice);
            }
            nanos += Duration.ofSeconds(10).toNanos();
        }

        assertThat(sink.created).hasSize(1);
        assertThat(sink.counts).containsExactly(61, 121);
    }

    @Test
    void tellsAtOnceWhenTheCauseChanges() throws ClusterException {
        EventSeriesKeeper keeper = new EventSeriesKeeper(sink, () -> nanos);
        Notices notices = new Notices(InstantSource.fixed(NOW));
        for (String cause : List.of("no answer in 5 s", "no answer in 7 s", "HTTP 403: forbidden")) {
            for (Notice notice : notices.of(pass(Condition.OK, new Outcome(CORDON, Result.FAILED, cause)))) {
                keeper.tell(notice);
            }
        }

        assertThat(sink.created).hasSize(2);
        assertThat(sink.created.get(1).note()).endsWith("it failed: HTTP 403: forbidden");
    }

    @Test
    void boundsWhatIsWrittenAboutOneNodeInAnHour() throws ClusterException {
        EventSeriesKeeper keeper = new EventSeriesKeeper(sink, () -> nanos);
        Notices notices = new Notices(InstantSource.fixed(NOW));
        int firstHour = 0;
        for (int second = 0; second < 7200; second++) {
            Outcome flood = new Outcome(CORDON, Result.FAILED, "no such thing as " + "x".repeat(second % 500));
            for (Notice notice : notices.of(pass(Condition.OK, flood))) {
                keeper.tell(notice);
            }
            nanos += Duration.ofSeconds(1).toNanos();
            if (second == 3599) {
                firstHour = sink.created.size() + sink.counts.size();
            }
        }
        Notice other = notices.of(pass(Condition.OK, done(new Action.Cordon("node-2", true, new Reason.BecameEmpty()))))
                .get(0);
        keeper.tell(other);

        assertThat(firstHour).isLessThanOrEqualTo(EventBudget.MOST_AT_ONCE + 12);
        assertThat(sink.created.size() + sink.counts.size() - 1 - firstHour).isLessThanOrEqualTo(12);
        assertThat(keeper.leftOut()).isPositive();
        assertThat(sink.created).last().isEqualTo(other);
    }

    @Test
    void beginsAnewWhenTheEventHasExpired() throws ClusterException {
        EventSeriesKeeper keeper = new EventSeriesKeeper(sink, () -> nanos);
        Notice notice = new Notices(InstantSource.fixed(NOW))
                .of(pass(Condition.OK, done(CORDON)))
                .get(0);
        keeper.tell(notice);
        sink.expired = true;
        nanos += Duration.ofMinutes(2).toNanos();
        keeper.tell(notice);
        assertThat(sink.created).hasSize(2);

        sink.expired = false;
        nanos += Duration.ofHours(1).toNanos();
        keeper.tell(notice);
        assertThat(sink.created).hasSize(3);
        assertThat(sink.counts).hasSize(1);
    }

    @Test
    void neverBlocksAPassAndCountsWhatIsDroppedWhenTheServerHangs() {
        sink.blocked = true;
        events.start();
        for (int index = 0; index < 400; index++) {
            Action cordon = new Action.Cordon("node-" + index, true, new Reason.BecameEmpty());
            events.passed(pass(Condition.OK, done(cordon)));
        }

        assertThat(events.dropped()).isBetween(400L - 257, 400L - 256);
        sink.open.countDown();
        await().untilAsserted(
                        () -> assertThat(sink.created.size() + events.dropped()).isEqualTo(400));
        events.close();
    }

    @Test
    void endsInTimeWhenTheServerHangs() {
        sink.blocked = true;
        events.start();
        events.passed(pass(Condition.OK, done(CORDON)));

        events.close();

        assertThat(sink.created).isEmpty();
    }

    @Test
    void goesOnWhenTheServerRefuses() {
        sink.refuses = true;
        events.passed(pass(Condition.OK, done(CORDON), done(GROW)));
        finish();

        assertThat(events.failed()).isEqualTo(2);
        assertThat(events.dropped()).isZero();
    }

    @Test
    void cutsANoteAtWhatTheServerTakes() {
        String note = "ä".repeat(600);

        String cut = EventWriter.shortened(note);

        assertThat(cut.getBytes(StandardCharsets.UTF_8)).hasSize(EventWriter.NOTE_BYTES);
        assertThat(note).startsWith(cut);
        assertThat(EventWriter.shortened("short")).isEqualTo("short");
    }

    @Test
    void knowsItsPodByTheDownwardApi() {
        assertThat(OwnPod.of(Map.of("POD_NAME", "a", "POD_NAMESPACE", "b", "POD_UID", "c")))
                .contains(new OwnPod("b", "a", Optional.of("c")));
        assertThat(OwnPod.of(Map.of("POD_NAME", "a", "POD_NAMESPACE", ""))).isEmpty();
    }
}
