package io.kubescaler.kubernetes.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.TwoClocks;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FreshnessTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1);
    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
    private final TwoClocks clocks = new TwoClocks(now::get, () -> wall);
    private final Freshness freshness = new Freshness("pods", clocks, Duration.ofSeconds(90));

    @Test
    void isNotThereBeforeTheFirstListAndNamesWhatStandsInTheWay() {
        assertThat(freshness.whyNot()).contains("the pods of the cluster have not been read yet");
        freshness.failed("403: no rule");
        assertThat(freshness.whyNot()).contains("the pods of the cluster have not been read yet: 403: no rule");
    }

    @Test
    void lastsForTheBoundAfterTheLastNews() {
        freshness.synced();
        pass(Duration.ofSeconds(60));
        freshness.heard(clocks.now());
        pass(Duration.ofSeconds(90));
        assertThat(freshness.whyNot()).isEmpty();
        pass(Duration.ofNanos(1));
        freshness.failed("connection refused");
        assertThat(freshness.whyNot())
                .contains("nothing has been heard of the pods of the cluster for 90 s, and 90 s are the most to act on:"
                        + " connection refused");
        freshness.heard(clocks.now());
        assertThat(freshness.whyNot()).isEmpty();
    }

    @Test
    void isGoneWhileAllIsListedAnew() {
        freshness.listing();
        freshness.synced();
        freshness.listing();
        pass(Duration.ofSeconds(7));
        assertThat(freshness.whyNot())
                .contains("the pods of the cluster are being listed anew, and nothing has been heard of them for 7 s");
        freshness.synced();
        assertThat(freshness.whyNot()).isEmpty();
    }

    @Test
    void isAsOldAsTheBeginningOfItsList() {
        assertThat(freshness.age()).isEmpty();
        freshness.listing();
        pass(Duration.ofSeconds(50));
        freshness.synced();
        assertThat(freshness.age()).contains(Duration.ofSeconds(50));
        assertThat(freshness.outlasts(Duration.ofSeconds(40))).isTrue();
        assertThat(freshness.outlasts(Duration.ofSeconds(41))).isFalse();
    }

    @Test
    void growsOldWhileTheMachineIsSuspended() {
        freshness.synced();
        wall = wall.plusSeconds(91);
        assertThat(freshness.whyNot()).isPresent();
    }

    @Test
    void isOfNoKnownAgeWhenTheWallClockIsSetBack() {
        freshness.synced();
        wall = wall.minusSeconds(2);
        assertThat(freshness.whyNot())
                .contains(
                        "nothing has been heard of the pods of the cluster for an unknown time (the wall clock was set"
                                + " back), and 90 s are the most to act on");
        assertThat(freshness.outlasts(Duration.ofSeconds(1))).isFalse();
        freshness.heard(clocks.now());
        assertThat(freshness.whyNot()).isEmpty();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
        wall = wall.plus(time);
    }
}
