package io.kubescaler.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.kubescaler.simulated.SimulationClock.Event;
import io.kubescaler.simulated.SimulationClock.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SimulationClockTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final SimulationClock clock = SimulationClock.virtual(START);
    private final List<String> history = new ArrayList<>();

    @Test
    void runsEventsInTheOrderOfTheirTimesAndThenOfTheirScheduling() {
        clock.after(Duration.ofSeconds(2), () -> note("third"));
        clock.after(Duration.ofSeconds(1), () -> note("first"));
        clock.after(Duration.ofSeconds(1), () -> note("second"));
        clock.advance(Duration.ofSeconds(2));

        assertThat(history).containsExactly("first at 1", "second at 1", "third at 2");
    }

    @Test
    void runsWhatAnEventSchedulesWhenItIsDueInTheSameMove() {
        clock.after(Duration.ofSeconds(1), () -> clock.after(Duration.ofSeconds(1), () -> note("child")));
        clock.advance(Duration.ofSeconds(5));

        assertThat(history).containsExactly("child at 2");
        assertThat(clock.now()).isEqualTo(START.plusSeconds(5));
    }

    @Test
    void leavesLaterEventsForLater() {
        clock.after(Duration.ofSeconds(3), () -> note("late"));
        clock.advance(Duration.ofSeconds(2));

        assertThat(history).isEmpty();
        assertThat(clock.next()).contains(START.plusSeconds(3));
    }

    @Test
    void doesNotRunACancelledEvent() {
        Event event = clock.after(Duration.ofSeconds(1), () -> note("never"));
        event.cancel();

        assertThat(clock.next()).isEmpty();
        clock.advance(Duration.ofSeconds(2));
        assertThat(history).isEmpty();
    }

    @Test
    void neverGoesBackAndIsNotMovedByAnEvent() {
        clock.advance(Duration.ofSeconds(2));

        assertThatIllegalArgumentException().isThrownBy(() -> clock.advanceTo(START));
        clock.after(Duration.ZERO, () -> clock.advance(Duration.ofSeconds(1)));
        assertThatIllegalStateException().isThrownBy(() -> clock.advance(Duration.ofSeconds(1)));
    }

    @Test
    void followsTheWallClockAtItsPace() {
        AtomicLong wall = new AtomicLong(77);
        SimulationClock following = SimulationClock.following(START, Pace.startingNow(60, wall::get));
        List<Instant> seen = new ArrayList<>();
        following.after(Duration.ofSeconds(30), () -> seen.add(following.now()));
        wall.addAndGet(Duration.ofSeconds(1).toNanos());

        assertThat(following.now()).isEqualTo(START.plusSeconds(60));
        assertThat(seen).as("the event ran at its own time").containsExactly(START.plusSeconds(30));
        assertThat(following.asClock().instant()).isEqualTo(START.plusSeconds(60));
    }

    @Test
    void runsAtItsPaceThroughEveryEvent() throws InterruptedException {
        clock.after(Duration.ofMinutes(1), () -> note("a"));
        clock.after(Duration.ofMinutes(2), () -> note("b"));
        long before = System.nanoTime();
        boolean reached = clock.run(
                START.plus(Duration.ofMinutes(5)), Pace.startingNow(3000, System::nanoTime), new CountDownLatch(1));

        assertThat(reached).isTrue();
        assertThat(history).containsExactly("a at 60", "b at 120");
        assertThat(clock.now()).isEqualTo(START.plusSeconds(300));
        assertThat(System.nanoTime() - before)
                .as("5 minutes at 3000 times the speed take 100 ms")
                .isGreaterThanOrEqualTo(Duration.ofMillis(99).toNanos());
    }

    @Test
    void stopsARunWhenTold() throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        clock.after(Duration.ofSeconds(1), stop::countDown);
        boolean reached = clock.run(START.plus(Duration.ofDays(9999)), Pace.startingNow(1e6, System::nanoTime), stop);

        assertThat(reached).isFalse();
        assertThat(clock.now()).isEqualTo(START.plusSeconds(1));
    }

    private void note(String what) {
        history.add(what + " at " + Duration.between(START, clock.now()).toSeconds());
    }
}
