package io.kubescaler.kubernetes.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.TwoClocks;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchPositionTest {
    private final AtomicLong now = new AtomicLong();
    private final TwoClocks clocks = new TwoClocks(now::get, () -> Instant.EPOCH.plusNanos(now.get()));
    private final Freshness freshness = new Freshness("pods", clocks, Duration.ofSeconds(90));
    private final WatchPosition<Integer> position = new WatchPosition<>(freshness, clocks, Duration.ofSeconds(75));

    @BeforeEach
    void list() {
        assertThat(position.next()).isEmpty();
        freshness.listing();
        freshness.synced();
        position.listed(7);
    }

    @Test
    void isGivenUpWhenTwoWatchesInARowHaveToldOfNothing() {
        position.ended();
        assertThat(position.next()).contains(7);
        position.ended();
        assertThat(position.isGood()).isFalse();
        assertThat(position.next()).isEmpty();
    }

    @Test
    void isKeptWhenAWatchBetweenHasToldOfSomething() {
        position.ended();
        assertThat(position.next()).contains(7);
        position.heard();
        position.reached(8);
        position.ended();
        assertThat(position.next()).contains(8);
        position.ended();
        assertThat(position.next()).contains(8);
    }

    @Test
    void isGivenUpWhenASilentWatchFromItWouldLetWhatIsKnownGrowTooOld() {
        now.addAndGet(Duration.ofSeconds(15).toNanos());
        assertThat(position.next()).contains(7);
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(position.next()).isEmpty();
    }

    @Test
    void isNoYoungerForAWatchThatOpens() {
        now.addAndGet(Duration.ofSeconds(91).toNanos());
        position.opened();
        assertThat(freshness.whyNot()).isPresent();
        assertThat(position.isQuietForTooLong()).isFalse();
        now.addAndGet(Duration.ofSeconds(76).toNanos());
        assertThat(position.isQuietForTooLong()).isTrue();
        position.heard();
        assertThat(freshness.whyNot()).isEmpty();
        assertThat(position.isQuietForTooLong()).isFalse();
    }

    @Test
    void tellsOfProgressSinceTheLastWatchBegan() {
        position.reached(8);
        assertThat(position.progressed()).isTrue();
        assertThat(position.next()).contains(8);
        assertThat(position.progressed()).isFalse();
    }

    @Test
    void isGoneWhenTheServerNoLongerHasIt() {
        position.lost();
        assertThat(position.next()).isEmpty();
    }
}
