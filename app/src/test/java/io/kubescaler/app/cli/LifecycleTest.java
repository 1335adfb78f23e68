package io.kubescaler.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubescaler.testing.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LifecycleTest {
    private static final Duration KEPT = Duration.ofSeconds(1);

    private final List<String> seen = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
    private final Lifecycle lifecycle = new Lifecycle(Duration.ofSeconds(10), nanos::get, this::ended);

    @Test
    void startsInOrderAndStopsInReverse() throws Exception {
        add("a");
        add("b").start();
        lifecycle.close();

        assertThat(seen).containsExactly("start a", "start b", "stop b", "stop a");
    }

    @Test
    void stopsOnceAndNothingThatWasNeverStarted() throws Exception {
        add("a");
        lifecycle.close();
        lifecycle.start();
        lifecycle.close();
        lifecycle.close();

        assertThat(seen).containsExactly("start a", "stop a");
    }

    @Test
    void stopsThePartsBeforeTheOneThatFailedToStartAndItToo() {
        add("a").add(
                        "b",
                        () -> {
                            throw new IOException("no room");
                        },
                        () -> seen.add("stop b"),
                        KEPT);
        add("c");

        assertThatThrownBy(lifecycle::start).isInstanceOf(IOException.class).hasMessage("no room");
        lifecycle.close();

        assertThat(seen).containsExactly("start a", "stop b", "stop a");
    }

    @Test
    void goesOnStoppingWhenAPartFailsTo() throws Exception {
        add("a").add(
                        "b",
                        () -> seen.add("start b"),
                        () -> {
                            throw new IllegalStateException("stuck");
                        },
                        KEPT);
        lifecycle.start();
        lifecycle.close();

        assertThat(seen).containsExactly("start a", "start b", "stop a");
    }

    @Test
    void stopsEverythingInItsTimeThoughNothingStops() throws Exception {
        hanging("d", Duration.ofSeconds(1));
        hanging("c", Duration.ofSeconds(2));
        hanging("b", Duration.ZERO);
        hanging("a", Duration.ZERO);
        lifecycle.start();
        lifecycle.close();

        assertThat(seen)
                .containsExactly("a left after 7 s", "b left after 0 s", "c left after 2 s", "d left after 1 s");
        assertThat(nanos).hasValue(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void leavesWhatOnePartDoesNotUseToTheNext() throws Exception {
        hanging("c", Duration.ofSeconds(2));
        hanging("b", Duration.ofSeconds(1));
        lifecycle.add("a", Lifecycle.Step.NONE, () -> pass(Duration.ofSeconds(3)), Duration.ZERO);
        lifecycle.start();
        lifecycle.close();

        assertThat(seen).containsExactly("b left after 5 s", "c left after 2 s");
    }

    @Test
    void leavesBehindAndInterruptsWhatHangs() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        boolean ended = TimeLimit.REAL.ended(
                "a",
                () -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                },
                Duration.ofMillis(50));

        assertThat(ended).isFalse();
        assertThat(interrupted.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void throwsWhatAPartThrowsThatStopsInTime() throws Exception {
        assertThat(TimeLimit.REAL.ended("a", () -> seen.add("stop a"), Duration.ofSeconds(20)))
                .isTrue();
        assertThat(seen).containsExactly("stop a");
        assertThatThrownBy(() -> TimeLimit.REAL.ended(
                        "b",
                        () -> {
                            throw new IOException("no room");
                        },
                        Duration.ofSeconds(20)))
                .isInstanceOf(IOException.class)
                .hasMessage("no room");
    }

    @Test
    void isOverBeforeTheProcessIsEndedAsItIs() {
        assertThat(Scaler.STOP_TIME).isLessThan(ProcessStopSignal.LIMIT);
    }

    private Lifecycle add(String name) {
        return lifecycle.add(name, () -> seen.add("start " + name), () -> seen.add("stop " + name), KEPT);
    }

    private void hanging(String name, Duration kept) {
        lifecycle.add(name, Lifecycle.Step.NONE, () -> pass(Duration.ofMinutes(1)), kept);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    /** Takes a step, and ends its time where its limit does. */
    private boolean ended(String name, Lifecycle.Step step, Duration limit) throws Exception {
        long end = nanos.get() + limit.toNanos();
        step.take();
        if (nanos.get() <= end) {
            return true;
        }
        nanos.set(end);
        seen.add("%s left after %d s".formatted(name, limit.toSeconds()));
        return false;
    }
}
