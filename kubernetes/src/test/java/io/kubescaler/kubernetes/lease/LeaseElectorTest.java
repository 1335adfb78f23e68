package io.kubescaler.kubernetes.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.kubescaler.control.ClusterException;
import io.kubescaler.kubernetes.lease.FakeLeaseStore.Fault;
import io.kubescaler.kubernetes.lease.LeaseStatus.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LeaseElectorTest {
    private static final LeaseTiming TIMING =
            new LeaseTiming(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(5));

    private final FakeLeaseStore server = new FakeLeaseStore();
    private final Replica first = new Replica("first");
    private final Replica second = new Replica("second");

    /** An elector with clocks of its own. */
    private final class Replica {
        final FakeLeaseStore.View requests = server.view();
        long nanos;
        Instant wall = Instant.parse("2026-01-01T00:00:00Z");
        final LeaseElector elector;

        Replica(String identity) {
            elector = new LeaseElector(
                    requests, TIMING, identity, () -> nanos, () -> wall, LeaseJournal.first(List.of("games")));
        }

        void passes(Duration time) {
            nanos += time.toNanos();
            wall = wall.plus(time);
        }
    }

    private void pass(double seconds) {
        Duration time = Duration.ofMillis(Math.round(seconds * 1000));
        first.passes(time);
        second.passes(time);
    }

    private LeaseSpec spec() {
        return server.current().map(Lease::getSpec).orElseThrow();
    }

    @Test
    void createsTheLeaseAndActsWhenThereIsNone() throws ClusterException {
        assertThat(first.elector.mayAct()).isFalse();

        first.elector.attempt();

        assertThat(first.elector.mayAct()).isTrue();
        assertThat(spec().getHolderIdentity()).isEqualTo("first");
        assertThat(spec().getLeaseDurationSeconds()).isEqualTo(15);
        assertThat(spec().getLeaseTransitions()).isZero();
        assertThat(first.elector.status().role()).isEqualTo(Role.LEADER);
    }

    @Test
    void renewsTheLeaseOfAServerThatWasSetBackToABackup() throws ClusterException {
        first.elector.attempt();
        Lease backup = server.current().orElseThrow();
        for (int i = 0; i < 3; i++) {
            pass(5);
            first.elector.attempt();
        }
        server.restore(backup);
        pass(5);
        first.elector.attempt();
        assertThat(spec().getRenewTime().toInstant()).isEqualTo("2026-01-01T00:00:20Z");
        pass(2);
        assertThat(first.elector.mayAct()).isTrue();
    }

    @Test
    void doesNotBelieveABackupThatItHoldsTheLease() throws ClusterException {
        second.elector.attempt();
        Lease backup = server.current().orElseThrow();
        String term = second.elector.term();
        second.elector.release();
        pass(1);
        first.elector.attempt();
        second.elector.attempt();
        server.restore(backup);
        pass(1);
        second.elector.attempt();
        assertThat(second.elector.status().message())
                .isEqualTo("stands by: lease kubescaler/kubescaler was restored from a backup or created anew;"
                        + " its former holder may act for 16 s more");

        assertThatTheSecondTakesOverOnlyWhenTheFirstHasEnded();
        assertThat(second.elector.term()).as("another one has acted in between").isNotEqualTo(term);
    }

    @Test
    void doesNotBelieveALeaseThatWasMadeAnewThatNobodyHoldsIt() throws ClusterException {
        first.elector.attempt();
        second.elector.attempt();
        server.set(new LeaseBuilder()
                .withNewMetadata()
                .withUid("another")
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build());

        assertThatTheSecondTakesOverOnlyWhenTheFirstHasEnded();
    }

    @Test
    void neverRepeatsATermWhateverABackupSays() throws ClusterException {
        Lease backup = null;
        Set<String> terms = new HashSet<>();
        for (int i = 0; i < 6; i++) {
            LeaseElector next = i % 2 == 0 ? first.elector : second.elector;
            next.attempt();
            assertThat(next.mayAct()).isTrue();
            assertThat(terms.add(next.term())).as(next.term()).isTrue();
            if (i == 2) {
                backup = server.current().orElseThrow();
            }
            next.release();
            pass(1);
        }
        first.elector.attempt();
        second.elector.attempt();
        first.elector.release();
        server.restore(Objects.requireNonNull(backup));
        for (int i = 0; i < 6; i++) {
            LeaseElector next = i % 2 == 0 ? second.elector : first.elector;
            next.attempt();
            pass(16);
            next.attempt();
            assertThat(next.mayAct()).isTrue();
            assertThat(terms.add(next.term())).as(next.term()).isTrue();
            next.release();
            pass(1);
        }
    }

    @Test
    void doesNotBelieveABackupThatNobodyHoldsTheLease() throws ClusterException {
        second.elector.attempt();
        second.elector.release();
        Lease backup = server.current().orElseThrow();
        first.elector.attempt();
        second.elector.attempt();
        server.restore(backup);

        assertThatTheSecondTakesOverOnlyWhenTheFirstHasEnded();
    }

    @Test
    void goesOnWhenABackupSaysThatNobodyHoldsTheLease() throws ClusterException {
        second.elector.attempt();
        second.elector.release();
        Lease backup = server.current().orElseThrow();
        first.elector.attempt();
        pass(5);
        server.restore(backup);

        first.elector.attempt();

        assertThat(spec().getHolderIdentity()).isEqualTo("first");
        pass(7);
        assertThat(first.elector.mayAct()).isTrue();
    }

    private void assertThatTheSecondTakesOverOnlyWhenTheFirstHasEnded() throws ClusterException {
        for (int i = 0; i < 15; i++) {
            second.elector.attempt();
            assertThat(second.elector.mayAct()).as("after %d s", i).isFalse();
            pass(1);
        }
        assertThat(first.elector.mayAct()).isFalse();
        second.elector.attempt();
        assertThat(second.elector.mayAct()).isTrue();
    }

    @Test
    void renewsWithASingleRequestWhenItHoldsTheLease() throws ClusterException {
        first.elector.attempt();
        first.requests.requests.clear();
        pass(5);

        first.elector.attempt();

        assertThat(first.requests.requests).containsExactly("update");
        assertThat(spec().getRenewTime().toInstant()).isEqualTo("2026-01-01T00:00:05Z");
        assertThat(spec().getAcquireTime().toInstant()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void standsByWithASingleRequestWhenAnotherHoldsTheLease() throws ClusterException {
        first.elector.attempt();

        second.elector.attempt();

        assertThat(second.elector.mayAct()).isFalse();
        assertThat(second.requests.requests).containsExactly("get");
        assertThat(second.elector.status().role()).isEqualTo(Role.STANDBY);
        assertThat(second.elector.status().holder()).contains("first");
    }

    @Test
    void countsTheHoldFromBeforeTheRenewalWasSentWhenTheAnswerIsSlow() throws ClusterException {
        first.elector.attempt();
        pass(5);
        first.requests.onTheWay = () -> first.passes(Duration.ofSeconds(1));
        first.requests.onTheWayBack = () -> first.passes(Duration.ofMillis(6999));

        first.elector.attempt();

        assertThat(first.elector.mayAct()).isTrue();
        pass(0.001);
        assertThat(first.elector.mayAct()).isFalse();
    }

    @Test
    void stopsActingByItselfAfterFourFifthsOfTheRenewDeadline() throws ClusterException {
        first.elector.attempt();

        pass(7.999);
        assertThat(first.elector.mayAct()).isTrue();
        pass(0.001);
        assertThat(first.elector.mayAct()).isFalse();
    }

    @Test
    void doesNotActWhenOnlyTheWallClockShowsThatTheMachineWasSuspended() throws ClusterException {
        first.elector.attempt();

        first.wall = first.wall.plusSeconds(60);

        assertThat(first.elector.mayAct()).isFalse();
    }

    @Test
    void goesByTheMonotonicClockWhenTheWallClockIsSlowedDown() throws ClusterException {
        first.elector.attempt();

        first.wall = first.wall.minusSeconds(1);
        assertThat(first.elector.mayAct()).isTrue();
        first.passes(Duration.ofSeconds(8));
        assertThat(first.elector.mayAct()).isFalse();
    }

    @Test
    void doesNotActUntilItHasRenewedWhenTheWallClockIsSetBackWhileTheMachineIsSuspended() throws ClusterException {
        first.elector.attempt();

        // suspended for 437 s, and its clock was 461 s fast until then
        first.wall = first.wall.plusSeconds(437).minusSeconds(461);
        assertThat(first.elector.mayAct()).isFalse();
        first.elector.attempt();
        assertThat(first.elector.mayAct()).isTrue();
    }

    @Test
    void takesOverOnlyAfterTheLeaseDurationSinceItSawTheLastRenewal() throws ClusterException {
        first.elector.attempt();
        pass(4);
        second.elector.attempt();

        pass(14.999);
        second.elector.attempt();
        assertThat(second.elector.mayAct()).isFalse();
        assertThat(second.elector.pause(false, 0)).isEqualTo(Duration.ofMillis(1));

        pass(0.001);
        second.elector.attempt();
        assertThat(second.elector.mayAct()).isTrue();
        assertThat(spec().getLeaseTransitions()).isOne();
    }

    @Test
    void waitsAnewWhenItSeesARenewal() throws ClusterException {
        first.elector.attempt();
        second.elector.attempt();
        pass(5);
        first.elector.attempt();
        pass(9);
        second.elector.attempt();
        pass(14);
        second.elector.attempt();

        assertThat(second.elector.mayAct()).isFalse();
    }

    @Test
    void goesByTheDurationThatTheHolderStatesWhenItDiffers() throws ClusterException {
        server.set(new LeaseBuilder()
                .withNewSpec()
                .withHolderIdentity("other")
                .withLeaseDurationSeconds(60)
                .endSpec()
                .build());
        second.elector.attempt();
        pass(59.9);
        second.elector.attempt();
        assertThat(second.elector.mayAct()).isFalse();

        pass(0.1);
        second.elector.attempt();
        assertThat(second.elector.mayAct()).isTrue();
    }

    @Test
    void takesALeaseWithoutASpec() throws ClusterException {
        server.set(new LeaseBuilder().withNewMetadata().endMetadata().build());

        first.elector.attempt();

        assertThat(first.elector.mayAct()).isTrue();
        assertThat(spec().getLeaseTransitions()).isOne();
    }

    @Test
    void findsThatItStillHoldsTheLeaseWhenTheAnswerToARenewalWasLost() throws ClusterException {
        first.elector.attempt();
        pass(5);
        first.requests.failNext(Fault.ANSWER_LOST);
        assertThatThrownBy(first.elector::attempt).isInstanceOf(ClusterException.class);
        assertThat(first.elector.mayAct()).isTrue();
        pass(1);

        first.elector.attempt();

        pass(7.9);
        assertThat(first.elector.mayAct()).isTrue();
        assertThat(spec().getLeaseTransitions()).isZero();
    }

    @Test
    void doesNotProlongItsHoldWhenARenewalIsLost() throws ClusterException {
        first.elector.attempt();
        pass(5);
        first.requests.failNext(Fault.REQUEST_LOST);

        assertThatThrownBy(first.elector::attempt).isInstanceOf(ClusterException.class);

        assertThat(first.elector.mayAct()).isTrue();
        pass(3);
        assertThat(first.elector.mayAct()).isFalse();
    }

    @Test
    void retriesSoonWhenARenewalFailed() throws ClusterException {
        first.elector.attempt();

        assertThat(first.elector.pause(false, 0.5)).isEqualTo(Duration.ofSeconds(5));
        assertThat(first.elector.pause(true, 0.5)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void isNoLongerLeaderWhenTheDeadlinePassesWithoutARenewal() throws ClusterException {
        first.elector.attempt();
        pass(10);
        first.requests.failNext(Fault.REQUEST_LOST);

        assertThatThrownBy(first.elector::attempt).isInstanceOf(ClusterException.class);

        assertThat(first.elector.status().role()).isEqualTo(Role.STANDBY);
    }

    @Test
    void leadsAgainWhenTheServerAnswersAgainAndNobodyTookOver() throws ClusterException {
        first.elector.attempt();
        pass(30);

        first.elector.attempt();

        assertThat(first.elector.mayAct()).isTrue();
        assertThat(spec().getLeaseTransitions()).isZero();
    }

    @Test
    void losesTheLeaseWhenItWakesUpAndAnotherHasTakenIt() throws ClusterException {
        first.elector.attempt();
        second.elector.attempt();
        pass(15);
        second.elector.attempt();
        assertThat(second.elector.mayAct()).isTrue();
        assertThat(first.elector.mayAct()).isFalse();

        first.elector.attempt();

        assertThat(first.elector.mayAct()).isFalse();
        assertThat(first.elector.status().holder()).contains("second");
        assertThat(spec().getHolderIdentity()).isEqualTo("second");
    }

    @Test
    void doesNotActWhenAnotherTookTheLeaseBetweenItsLookAndItsWrite() throws ClusterException {
        first.elector.attempt();
        second.elector.attempt();
        pass(15);
        second.requests.onTheWayBack = () -> {
            second.requests.onTheWayBack = () -> {};
            try {
                first.elector.attempt();
            } catch (ClusterException failure) {
                throw new AssertionError(failure);
            }
        };

        second.elector.attempt();

        assertThat(second.elector.mayAct()).isFalse();
        assertThat(first.elector.mayAct()).isTrue();
    }

    @Test
    void isTakenOverAtTheNextLookWhenItGaveTheLeaseBack() throws ClusterException {
        first.elector.attempt();
        second.elector.attempt();

        first.elector.release();

        assertThat(first.elector.mayAct()).isFalse();
        assertThat(spec().getHolderIdentity()).isEmpty();
        assertThat(spec().getLeaseDurationSeconds()).isOne();
        second.elector.attempt();
        assertThat(second.elector.mayAct()).isTrue();
    }

    @Test
    void leavesTheLeaseOfAnotherAloneWhenItGivesBackNothing() throws ClusterException {
        first.elector.attempt();
        second.elector.attempt();

        second.elector.release();

        assertThat(spec().getHolderIdentity()).isEqualTo("first");
        assertThat(second.requests.requests).containsExactly("get");
    }

    @Test
    void waitsForTheLastKnownHolderWhenSomebodyDeletesTheLease() throws ClusterException {
        first.elector.attempt();
        second.elector.attempt();
        server.delete();
        pass(1);

        second.elector.attempt();
        assertThat(second.elector.mayAct()).isFalse();
        first.elector.attempt();
        assertThat(first.elector.mayAct()).isTrue();

        server.delete();
        pass(15);
        second.elector.attempt();
        assertThat(second.elector.mayAct()).isTrue();
    }

    @Test
    void keepsWhatOthersWroteIntoTheLease() throws ClusterException {
        first.elector.attempt();
        server.set(new LeaseBuilder(server.current().orElseThrow())
                .editMetadata()
                .addToLabels("team", "platform")
                .endMetadata()
                .build());
        pass(5);

        first.elector.attempt();

        assertThat(first.elector.mayAct()).isTrue();
        assertThat(server.current().orElseThrow().getMetadata().getLabels()).containsEntry("team", "platform");
    }

    @Test
    void isNoRenewalWhenTheWriteChangedNothing() throws ClusterException {
        first.elector.attempt();
        first.nanos += Duration.ofSeconds(5).toNanos();

        first.elector.attempt();

        first.nanos += Duration.ofSeconds(3).toNanos();
        assertThat(first.elector.mayAct()).isFalse();
    }

    @Test
    void looksWithinTheRetryPeriodWhenItStandsBy() throws ClusterException {
        first.elector.attempt();
        second.elector.attempt();

        assertThat(second.elector.pause(false, 0)).isEqualTo(Duration.ofMillis(4750));
        assertThat(second.elector.pause(false, 1)).isEqualTo(Duration.ofMillis(4500));
    }
}
