package io.kubescaler.kubernetes.lease;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.kubernetes.lease.FakeLeaseStore.Fault;
import io.kubescaler.kubernetes.lease.LeaseStatus.Role;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LeaseLeadershipTest {
    private static final LeaseTiming TIMING =
            new LeaseTiming(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMillis(50));

    private final FakeLeaseStore server = new FakeLeaseStore();
    private final FakeLeaseStore.View requests = server.view();
    private final List<Role> roles = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final LeaseLeadership leadership = leadership((before, after) -> roles.add(after.role()));

    private LeaseLeadership leadership(LeaseListener... listeners) {
        return new LeaseLeadership(
                requests,
                () -> closed.set(true),
                "first",
                TIMING,
                List.of("games"),
                List.of(listeners),
                System::nanoTime,
                InstantSource.system(),
                new Random(1));
    }

    @AfterEach
    void end() {
        leadership.abandon();
    }

    @Test
    void mayNotActBeforeItStarts() {
        assertThat(leadership.mayAct()).isFalse();
        assertThat(leadership.status().role()).isEqualTo(Role.UNKNOWN);
    }

    @Test
    void actsAndTellsItsListenersWhenItHoldsTheLease() {
        leadership.start();

        await().until(leadership::mayAct);
        assertThat(roles).containsExactly(Role.LEADER);
        assertThat(leadership.sinceLastAttempt()).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void givesTheLeaseBackWhenItCloses() {
        leadership.start();
        await().until(leadership::mayAct);

        leadership.close();

        assertThat(leadership.mayAct()).isFalse();
        assertThat(server.current().orElseThrow().getSpec().getHolderIdentity()).isEmpty();
        assertThat(roles).containsExactly(Role.LEADER, Role.STANDBY);
        assertThat(closed).isTrue();
    }

    @Test
    void keepsTheLeaseWhenItIsAbandoned() {
        leadership.start();
        await().until(leadership::mayAct);

        leadership.abandon();
        leadership.close();

        assertThat(leadership.mayAct()).isFalse();
        assertThat(server.current().orElseThrow().getSpec().getHolderIdentity()).isEqualTo("first");
        assertThat(closed).isTrue();
    }

    @Test
    void endsWhenItWasNeverStarted() {
        leadership.close();

        assertThat(requests.requests).isEmpty();
        assertThat(closed).isTrue();
    }

    @Test
    void saysWhatIsWrongAndGoesOnWhenAPermissionIsMissing() {
        requests.failNext(Fault.FORBIDDEN);
        leadership.start();

        await().until(leadership::mayAct);
        assertThat(roles).containsExactly(Role.LEADER);
    }

    @Test
    void goesOnWhenAListenerFails() {
        LeaseLeadership other = leadership(
                (before, after) -> {
                    throw new IllegalStateException("a listener's defect");
                },
                (before, after) -> roles.add(after.role()));
        try (other) {
            other.start();
            await().until(other::mayAct);
            assertThat(roles).containsExactly(Role.LEADER);
        }
    }

    @Test
    void goesOnWhenTheElectionMeetsADefect() {
        requests.onTheWay = () -> {
            requests.onTheWay = () -> {};
            throw new IllegalStateException("a defect");
        };
        leadership.start();

        await().until(leadership::mayAct);
    }

    @Test
    void mayNotActWhileTheServerHangs() {
        leadership.start();
        await().until(leadership::mayAct);
        AtomicBoolean hanging = new AtomicBoolean(true);
        requests.onTheWay = () -> await().forever().until(() -> !hanging.get());

        await().until(() -> !leadership.mayAct());
        assertThat(leadership.status().role()).isEqualTo(Role.LEADER);

        hanging.set(false);
        await().until(leadership::mayAct);
    }
}
