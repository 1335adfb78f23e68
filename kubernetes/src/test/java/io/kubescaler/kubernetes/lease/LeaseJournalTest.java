package io.kubescaler.kubernetes.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.kubescaler.control.ClusterException;
import io.kubescaler.model.PoolNotes;
import io.kubescaler.model.PoolNotes.GrowthOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeaseJournalTest {
    private static final LeaseTiming TIMING =
            new LeaseTiming(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(5));
    private static final PoolNotes NOTES =
            PoolNotes.NONE.withOrder(new GrowthOrder(9, Instant.parse("2026-01-01T00:00:00Z")));

    private final FakeLeaseStore server = new FakeLeaseStore();
    private final FakeLeaseStore.View firstRequests = server.view();
    private final LeaseElector first = elector(firstRequests, "first");
    private final LeaseElector second = elector(server.view(), "second");
    private final LeaseJournal journal = new LeaseJournal(first, "games");
    private long nanos;

    private LeaseElector elector(LeaseStore store, String identity) {
        return new LeaseElector(
                store,
                TIMING,
                identity,
                () -> nanos,
                () -> Instant.EPOCH.plusNanos(nanos),
                LeaseJournal.first(List.of("games", "desktops")));
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    @Test
    void aLeaseThatThereNeverWasTellsThatNothingWasOrdered() throws ClusterException {
        first.attempt();
        assertThat(journal.read()).isEqualTo(PoolNotes.NONE);
        assertThat(new LeaseJournal(first, "new").read()).isEqualTo(PoolNotes.UNKNOWN);
    }

    @Test
    void tellsWhatWasWrittenSinceItWasReadLast() throws ClusterException {
        first.attempt();
        assertThat(journal.read()).isEqualTo(PoolNotes.NONE);
        journal.write(before -> NOTES);
        assertThat(journal.read()).isEqualTo(NOTES);
        new LeaseJournal(first, "games").write(before -> PoolNotes.NONE);
        assertThat(journal.read()).isEqualTo(PoolNotes.NONE);
    }

    @Test
    void aLeaseOfAnEarlierVersionTellsNothing() throws ClusterException {
        server.set(new LeaseBuilder()
                .withNewSpec()
                .withHolderIdentity("")
                .endSpec()
                .build());
        first.attempt();
        assertThat(first.mayAct()).isTrue();
        assertThat(journal.read()).isEqualTo(PoolNotes.UNKNOWN);
    }

    @Test
    void whoTakesTheLeaseOverReadsTheNotesOfWhoHadIt() throws ClusterException {
        first.attempt();
        second.attempt();
        journal.write(before -> NOTES);
        new LeaseJournal(first, "desktops").write(notes -> notes.withServersSeen("app=desktop"));
        pass(Duration.ofSeconds(5));
        second.attempt();
        pass(Duration.ofSeconds(15));
        second.attempt();
        assertThat(second.mayAct()).isTrue();
        assertThat(new LeaseJournal(second, "games").read()).isEqualTo(NOTES);
        assertThat(new LeaseJournal(second, "desktops").read())
                .isEqualTo(PoolNotes.NONE.withServersSeen("app=desktop"));
    }

    @Test
    void aBackupOfTheLeaseTellsNothing() throws ClusterException {
        first.attempt();
        second.attempt();
        Lease backup = server.current().orElseThrow();
        journal.write(before -> NOTES);
        second.attempt();
        server.restore(backup);

        second.attempt();
        assertThat(new LeaseJournal(second, "games").read()).isEqualTo(PoolNotes.UNKNOWN);
        pass(Duration.ofSeconds(15));
        second.attempt();
        assertThat(second.mayAct()).isTrue();
        assertThat(new LeaseJournal(second, "games").read()).isEqualTo(PoolNotes.UNKNOWN);
    }

    @Test
    void aHolderBelievesNoBackupOfItsNotes() throws ClusterException {
        first.attempt();
        Lease backup = server.current().orElseThrow();
        journal.write(before -> NOTES);
        server.restore(backup);
        String term = first.term();

        first.attempt();

        assertThat(first.mayAct()).isTrue();
        assertThat(journal.read()).isEqualTo(PoolNotes.UNKNOWN);
        assertThat(first.term()).isNotEqualTo(term);
    }

    @Test
    void renewalsAndTheGivingBackOfTheLeaseKeepTheNotes() throws ClusterException {
        first.attempt();
        journal.write(before -> NOTES);
        pass(Duration.ofSeconds(5));
        first.attempt();
        first.release();
        second.attempt();
        assertThat(new LeaseJournal(second, "games").read()).isEqualTo(NOTES);
    }

    @Test
    void aNoteIsARenewal() throws ClusterException {
        first.attempt();
        pass(Duration.ofSeconds(7));
        journal.write(before -> NOTES);
        pass(Duration.ofSeconds(7));
        assertThat(first.mayAct()).isTrue();
    }

    @Test
    void whoLostTheLeaseCannotNote() throws ClusterException {
        first.attempt();
        second.attempt();
        pass(Duration.ofSeconds(15));
        second.attempt();
        assertThatThrownBy(() -> journal.write(before -> NOTES)).hasMessage("this replica no longer holds the lease");
        assertThat(new LeaseJournal(second, "games").read()).isEqualTo(PoolNotes.NONE);
    }

    @Test
    void whoBelievesToHoldTheLeaseThatAnotherOneTookCannotNote() throws ClusterException {
        first.attempt();
        Lease stolen = new LeaseBuilder(server.current().orElseThrow())
                .editSpec()
                .withHolderIdentity("somebody")
                .endSpec()
                .build();
        server.set(stolen);
        assertThatThrownBy(() -> journal.write(before -> NOTES)).hasMessage("this replica no longer holds the lease");
    }

    @Test
    void notesAllTheSameWhenSomebodyChangedTheLeaseMeanwhile() throws ClusterException {
        first.attempt();
        server.set(new LeaseBuilder(server.current().orElseThrow())
                .editMetadata()
                .addToLabels("team", "games")
                .endMetadata()
                .build());
        journal.write(before -> NOTES);
        assertThat(journal.read()).isEqualTo(NOTES);
        assertThat(server.current().orElseThrow().getMetadata().getLabels()).containsEntry("team", "games");
    }

    @Test
    void failsWhenTheAnswerIsLostAndLearnsWhatWasWrittenAtTheNextRenewal() throws ClusterException {
        first.attempt();
        firstRequests.failNext(FakeLeaseStore.Fault.ANSWER_LOST);
        assertThatThrownBy(() -> journal.write(before -> NOTES)).hasMessage("no answer in time");
        pass(Duration.ofSeconds(5));
        first.attempt();
        assertThat(journal.read()).isEqualTo(NOTES);
    }

    @Test
    void whatNobodyUnderstandsTellsNothing() throws ClusterException {
        first.attempt();
        for (String nonsense : List.of("", "x", "[]", "{\"games\":{\"order\":{\"size\":\"many\"}}}")) {
            server.set(new LeaseBuilder(server.current().orElseThrow())
                    .editMetadata()
                    .addToAnnotations(LeaseJournal.ANNOTATION, nonsense)
                    .endMetadata()
                    .build());
            pass(Duration.ofSeconds(1));
            first.attempt();
            assertThat(journal.read()).as(nonsense).isEqualTo(PoolNotes.UNKNOWN);
        }
    }

    @Test
    void renewalsThatNotesOvertakeDoNotGiveTheLeaseUp() throws ClusterException {
        first.attempt();
        pass(Duration.ofSeconds(5));
        int[] notes = {0};
        // a pool notes right before each write of the renewal: both of its tries meet a conflict
        firstRequests.onTheWay = () -> {
            Runnable again = firstRequests.onTheWay;
            firstRequests.onTheWay = () -> {};
            notes[0]++;
            try {
                new LeaseJournal(first, "desktops").write(before -> before.withServersSeen("note " + notes[0]));
            } catch (ClusterException unexpected) {
                throw new AssertionError(unexpected);
            }
            firstRequests.onTheWay = again;
        };
        first.attempt();
        firstRequests.onTheWay = () -> {};
        assertThat(notes[0]).isEqualTo(3);
        assertThat(first.mayAct()).isTrue();
        assertThat(new LeaseJournal(first, "desktops").read().serversSeen()).contains("note 3");
    }

    @Test
    void aReadThatAnOrderOvertakesForgetsNothingOfIt() throws ClusterException {
        first.attempt();
        pass(Duration.ofSeconds(2));
        LeaseJournal desktops = new LeaseJournal(first, "desktops");
        // the renewal meets a conflict, and while the lease is on its way back the other pool notes an order
        onceOnTheWay(() -> {
            desktops.write(notes -> notes.withServersSeen("app=desktop"));
            onceOnTheWayBack(() -> journal.write(notes -> NOTES));
        });
        first.attempt();
        assertThat(firstRequests.requests).contains("get");
        assertThat(journal.read()).isEqualTo(NOTES);
        assertThat(desktops.read().serversSeen()).contains("app=desktop");
        assertThat(first.mayAct()).isTrue();
        int requests = firstRequests.requests.size();
        journal.write(notes -> notes.withServersSeen("app=game"));
        assertThat(firstRequests.requests).as("nothing stands in its way").hasSize(requests + 1);
        assertThat(journal.read()).isEqualTo(NOTES.withServersSeen("app=game"));
    }

    @Test
    void aNoteIsMadeOfWhatIsOnTheLeaseWhenItIsWritten() throws ClusterException {
        first.attempt();
        onceOnTheWay(() -> journal.write(notes -> NOTES));
        journal.write(notes -> notes.withServersSeen("app=game"));
        assertThat(journal.read()).isEqualTo(NOTES.withServersSeen("app=game"));
    }

    private void onceOnTheWay(Step step) {
        firstRequests.onTheWay = () -> {
            firstRequests.onTheWay = () -> {};
            step.run();
        };
    }

    private void onceOnTheWayBack(Step step) {
        firstRequests.onTheWayBack = () -> {
            firstRequests.onTheWayBack = () -> {};
            step.run();
        };
    }

    private interface Step {
        void take() throws ClusterException;

        default void run() {
            try {
                take();
            } catch (ClusterException unexpected) {
                throw new AssertionError(unexpected);
            }
        }
    }

    @Test
    void aTermIsAnotherOnceSomebodyElseHasHeldTheLease() throws ClusterException {
        first.attempt();
        String term = first.term();
        pass(Duration.ofSeconds(12));
        assertThat(first.mayAct()).isFalse();
        first.attempt();
        assertThat(first.mayAct()).isTrue();
        assertThat(first.term()).as("nobody has held it in between").isEqualTo(term);
        second.attempt();
        pass(Duration.ofSeconds(15));
        second.attempt();
        second.release();
        first.attempt();
        assertThat(first.mayAct()).isTrue();
        assertThat(first.term()).isNotEqualTo(term);
    }
}
