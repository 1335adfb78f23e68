package io.kubescaler.control;

import static io.kubescaler.testing.PoolBuilder.NOW;
import static io.kubescaler.testing.PoolBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.control.PoolController.Ports;
import io.kubescaler.control.PoolController.Timing;
import io.kubescaler.control.PoolRunner.Ending;
import io.kubescaler.plan.Condition;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.testing.MovingClock;
import io.kubescaler.testing.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The world is touched by the pool's thread alone once it has started; tests wait on latches and queues. */
final class PoolRunnerTest {
    private static final Duration RARELY = Duration.ofHours(1);
    private static final Duration OFTEN = Duration.ofMillis(1);
    private static final Duration SOON = Duration.ofMillis(10);
    private static final Ending PATIENT = new Ending(Patience.LIMIT, SOON);

    private final FakeWorld world = new FakeWorld();
    private final BlockingQueue<PassRecord> passes = new LinkedBlockingQueue<>();
    private final AtomicReference<Thread> poolThread = new AtomicReference<>();
    private Leadership leadership = Leadership.ALWAYS;
    private PoolRunner runner;

    private void start(Duration tick, LongSupplier nanoTime, Ending ending, PassListener... first) {
        Timing timing = new Timing(new MovingClock(NOW, nanoTime), nanoTime, Duration.ofSeconds(10));
        PoolController controller = new PoolController(
                policy(), new Ports(world, world, leadership, PoolJournal.inMemory()), timing, false);
        List<PassListener> listeners = new ArrayList<>(List.of(first));
        listeners.add(pass -> {
            poolThread.set(Thread.currentThread());
            passes.add(pass);
        });
        runner = new PoolRunner(controller, listeners, tick, nanoTime, ending);
        runner.start();
    }

    private PassRecord nextPass() throws InterruptedException {
        PassRecord pass = passes.poll(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(pass).as("a pass within 30 s").isNotNull();
        return pass;
    }

    @AfterEach
    void close() {
        if (runner != null) {
            runner.close();
        }
    }

    @Test
    void passesAtOnceAndOnEveryTickOnAThreadOfItsOwn() throws InterruptedException {
        world.node("a", 0);
        start(OFTEN, System::nanoTime, PATIENT);
        for (int i = 0; i < 5; i++) {
            nextPass();
        }
        assertThat(poolThread.get().getName()).isEqualTo("pool-games");
        assertThat(poolThread.get().isDaemon()).isTrue();
        assertThat(runner.pool()).isEqualTo("games");
    }

    @Test
    void passesOnAnEventWithoutWaitingForTheTick() throws InterruptedException {
        world.node("a", 0);
        start(RARELY, System::nanoTime, PATIENT);
        nextPass();
        runner.wake();
        nextPass();
        assertThat(passes).isEmpty();
    }

    @Test
    void passesAgainSoonWhenAnActionWasHeldUp() throws InterruptedException {
        world.node("a", 4).node("b", 0, node -> node.expiredFor(RARELY));
        world.before.put("uncordon b", () -> world.change("b", node -> node));
        start(RARELY, System::nanoTime, PATIENT);
        assertThat(nextPass().outcomes()).extracting(Outcome::result).containsExactly(Result.SKIPPED);
        assertThat(nextPass().outcomes()).extracting(Outcome::result).containsExactly(Result.DONE);
    }

    @Test
    void passesAgainSoonWhenAnActionFailed() throws InterruptedException {
        world.node("a", 4);
        world.cloudErrors.put("grow 2", new ProviderException.Transient("503"));
        start(RARELY, System::nanoTime, PATIENT);
        assertThat(nextPass().outcomes()).extracting(Outcome::result).containsExactly(Result.FAILED);
        assertThat(nextPass().outcomes()).extracting(Outcome::result).containsExactly(Result.FAILED);
    }

    @Test
    void goesOnAfterAnErrorOfWhateverKind() throws InterruptedException {
        world.node("a", 0);
        AtomicInteger thrown = new AtomicInteger();
        start(OFTEN, System::nanoTime, PATIENT, pass -> {
            switch (thrown.incrementAndGet()) {
                case 1 -> throw new StackOverflowError("a listener's");
                case 2 -> throw new AssertionError("a listener's");
                case 3 -> throw new OutOfMemoryError("a listener's");
                default -> assertThat(pass.outcomes()).isEmpty();
            }
        });
        nextPass();
        assertThat(thrown).hasValueGreaterThanOrEqualTo(1);
        while (thrown.get() < 4) {
            nextPass();
        }
        assertThat(runner.mayStillAct()).isTrue();
    }

    @Test
    void tellsOfAPassThatCameToNothing() throws InterruptedException {
        IllegalStateException defect = new IllegalStateException("our own");
        world.defect = Optional.of(defect);
        BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
        start(OFTEN, System::nanoTime, PATIENT, new PassListener() {
            @Override
            public void passed(PassRecord pass) {
                throw new AssertionError("there was none");
            }

            @Override
            public void failed(String pool, Throwable why) {
                assertThat(pool).isEqualTo(policy().pool());
                failures.add(why);
                throw new IllegalStateException("the listener's own");
            }
        });

        assertThat(failures.poll(Patience.SECONDS, TimeUnit.SECONDS)).isSameAs(defect);
        assertThat(failures.poll(Patience.SECONDS, TimeUnit.SECONDS))
                .as("of the next pass")
                .isSameAs(defect);
        assertThat(passes).isEmpty();
    }

    @Test
    void makesNoPassUntilItLeads() throws InterruptedException {
        world.node("a", 4);
        CountDownLatch turns = new CountDownLatch(5);
        leadership = () -> {
            turns.countDown();
            return false;
        };
        start(OFTEN, System::nanoTime, PATIENT);
        assertThat(turns.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        runner.close();
        assertThat(passes).isEmpty();
        assertThat(world.calls).isEmpty();
    }

    @Test
    void forgetsWhatItKnewWhenAnotherOneHasLed() throws InterruptedException {
        world.node("a", 4);
        world.cloudErrors.put("grow 2", new ProviderException.QuotaExceeded("droplet limit"));
        AtomicInteger terms = new AtomicInteger();
        leadership = new Leadership() {
            @Override
            public boolean mayAct() {
                return true;
            }

            @Override
            public String term() {
                return String.valueOf(terms);
            }
        };
        AtomicInteger count = new AtomicInteger();
        // after the second pass another replica has led
        start(OFTEN, System::nanoTime, PATIENT, pass -> {
            if (count.incrementAndGet() == 2) {
                terms.incrementAndGet();
            }
        });
        assertThat(nextPass().outcomes()).extracting(Outcome::result).containsExactly(Result.FAILED);
        assertThat(nextPass().plan().condition()).isEqualTo(Condition.GROWTH_PAUSED);
        assertThat(nextPass().outcomes()).extracting(Outcome::result).containsExactly(Result.FAILED);
        assertThat(nextPass().plan().condition()).isEqualTo(Condition.GROWTH_PAUSED);
    }

    @Test
    void goesOnWhenAListenerFails() throws InterruptedException {
        start(OFTEN, System::nanoTime, PATIENT, pass -> {
            throw new IllegalStateException("a listener's fault");
        });
        nextPass();
        nextPass();
    }

    @Test
    void goesOnWhenATurnFails() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        leadership = () -> {
            if (calls.getAndIncrement() == 0) {
                throw new IllegalStateException("a fault of the lease");
            }
            return true;
        };
        start(OFTEN, System::nanoTime, PATIENT);
        nextPass();
    }

    @Test
    void tellsHowLongItHasBeenStuck() throws InterruptedException {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE);
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        world.before.put("describe", () -> {
            entered.countDown();
            awaitQuietly(release);
        });
        start(RARELY, nanos::get, PATIENT);
        assertThat(entered.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(runner.sinceLastTurn()).isZero();
        nanos.addAndGet(Duration.ofSeconds(60).toNanos());
        assertThat(runner.sinceLastTurn()).isEqualTo(Duration.ofSeconds(60));
        release.countDown();
        nextPass();
        nanos.addAndGet(Duration.ofHours(2).toNanos());
        runner.wake();
        nextPass();
        assertThat(runner.sinceLastTurn()).isLessThanOrEqualTo(Duration.ofHours(2));
    }

    @Test
    void endsItsThreadWhenClosed() throws InterruptedException {
        start(RARELY, System::nanoTime, PATIENT);
        nextPass();
        runner.close();
        assertThat(poolThread.get().isAlive()).isFalse();
        runner.close();
    }

    @Test
    void closesWithoutEverStarting() {
        Timing timing = new Timing(new MovingClock(NOW, System::nanoTime), System::nanoTime, RARELY);
        runner = new PoolRunner(
                new PoolController(
                        policy(), new Ports(world, world, leadership, PoolJournal.inMemory()), timing, false),
                List.of(),
                RARELY,
                System::nanoTime);
        runner.close();
        assertThat(world.calls).isEmpty();
    }

    @Test
    void letsTheActionUnderWayFinishAndStartsNoOther() throws InterruptedException {
        world.node("a", 4).node("b", 0, node -> node.expiredFor(RARELY)).node("c", 0, node -> node.expiredFor(RARELY));
        world.unplaced = 4;
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        world.before.put("uncordon b", () -> {
            entered.countDown();
            awaitQuietly(release);
        });
        start(RARELY, System::nanoTime, PATIENT);
        assertThat(entered.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        Thread closer = new Thread(runner::close, "closer");
        closer.start();
        // the closer has told the controller to stop once it waits for the pool's thread
        while (closer.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        release.countDown();
        closer.join(Patience.MILLIS);
        assertThat(nextPass().outcomes()).extracting(Outcome::result).containsExactly(Result.DONE, Result.NOT_ACTING);
        assertThat(world.nodes.get("b").unschedulable()).isFalse();
        assertThat(world.nodes.get("c").unschedulable()).isTrue();
        assertThat(runner.mayStillAct()).isFalse();
    }

    @Test
    void interruptsAnActionThatDoesNotFinish() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        world.before.put("describe", () -> {
            entered.countDown();
            if (!awaitQuietly(new CountDownLatch(1))) {
                interrupted.countDown();
            }
        });
        start(RARELY, System::nanoTime, new Ending(SOON, Patience.LIMIT));
        assertThat(entered.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        runner.close();
        assertThat(interrupted.getCount()).isZero();
        nextPass();
        assertThat(poolThread.get().isAlive()).isFalse();
        assertThat(runner.mayStillAct())
                .as("what was sent may be carried out: the lease must not be given back for it")
                .isTrue();
    }

    @Test
    void mayStillActWhenItsLastOrderHadNoAnswer() throws InterruptedException {
        world.node("a", 4);
        world.cloudErrors.put("grow 2", new ProviderException.Transient("no answer in 5 s"));
        start(RARELY, System::nanoTime, PATIENT);
        assertThat(nextPass().outcomes()).extracting(Outcome::result).containsExactly(Result.FAILED);
        runner.close();
        poolThread.get().join(Patience.MILLIS);
        assertThat(runner.mayStillAct())
                .as("the order may be carried out late: the lease must not be given back for it")
                .isTrue();
    }

    @Test
    void closesInBoundedTimeWhenEvenAnInterruptDoesNotHelp() throws InterruptedException {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        world.before.put("describe", () -> {
            entered.countDown();
            while (!awaitQuietly(release)) {
                assertThat(Thread.interrupted()).isTrue();
            }
        });
        start(RARELY, System::nanoTime, new Ending(SOON, SOON));
        assertThat(entered.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        runner.close();
        assertThat(passes).isEmpty();
        release.countDown();
        nextPass();
        poolThread.get().join(Patience.MILLIS);
        assertThat(poolThread.get().isAlive()).isFalse();
    }

    @Test
    void endsAtOnceWhenTheCallerOfCloseIsInterrupted() throws InterruptedException {
        start(RARELY, System::nanoTime, PATIENT);
        nextPass();
        Thread.currentThread().interrupt();
        runner.close();
        assertThat(Thread.interrupted())
                .as("the interrupt is left to the caller")
                .isTrue();
        poolThread.get().join(Patience.MILLIS);
        assertThat(poolThread.get().isAlive()).isFalse();
    }

    @Test
    void endsWhenItsThreadIsInterrupted() throws InterruptedException {
        start(RARELY, System::nanoTime, PATIENT);
        nextPass();
        poolThread.get().interrupt();
        poolThread.get().join(Patience.MILLIS);
        assertThat(poolThread.get().isAlive()).isFalse();
    }

    // false when interrupted, with the interrupt still set
    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            return latch.await(Patience.SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
