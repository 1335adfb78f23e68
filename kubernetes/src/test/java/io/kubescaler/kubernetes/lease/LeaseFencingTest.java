package io.kubescaler.kubernetes.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.ClusterException;
import io.kubescaler.kubernetes.lease.FakeLeaseStore.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three replicas with clocks of their own that run unevenly and are set to anything, whose requests are slow, lost or
 * answered too late, and which freeze anywhere, also in the middle of a request: the last write of one has always ended
 * before another may begin one.
 */
final class LeaseFencingTest {
    private static final LeaseTiming TIMING =
            new LeaseTiming(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(5));
    private static final double CLOCK_DRIFT = 0.01;
    private static final long HORIZON = Duration.ofHours(2).toNanos();

    private final FakeLeaseStore server = new FakeLeaseStore();
    private final List<Replica> replicas = new ArrayList<>();
    private long now;
    private int takeovers;
    private int frozen;

    private final class Replica {
        final Random random;
        final FakeLeaseStore.View requests = server.view();
        final double rate;
        final LeaseElector elector;
        Duration wallOffset = Duration.ZERO;
        long nextAttempt;
        boolean busy;
        long lastActed = Long.MIN_VALUE / 2;

        Replica(int index, Random random) {
            this.random = random;
            this.rate = 1 + CLOCK_DRIFT * (2 * random.nextDouble() - 1);
            long zero = random.nextLong() / 4;
            this.elector = new LeaseElector(
                    requests,
                    TIMING,
                    "replica-" + index,
                    () -> zero + Math.round(now * rate),
                    () -> Instant.EPOCH.plusNanos(now).plus(wallOffset),
                    Map.of());
            requests.onTheWay = () -> delay(this);
            requests.onTheWayBack = () -> delay(this);
        }

        void attempt() {
            busy = true;
            boolean failed = false;
            try {
                disturb();
                if (random.nextInt(200) == 0) {
                    // by contract nothing of this replica's is under way when it gives the lease back
                    lastActed = Long.MIN_VALUE / 2;
                    elector.release();
                } else {
                    elector.attempt();
                }
            } catch (ClusterException failure) {
                failed = true;
            }
            busy = false;
            nextAttempt = now + elector.pause(failed, random.nextDouble()).toNanos();
            if (random.nextInt(40) == 0) {
                frozen++;
                nextAttempt += Duration.ofSeconds(random.nextInt(60)).toNanos();
            }
        }

        private void disturb() {
            if (random.nextInt(10) == 0) {
                requests.failNext(random.nextBoolean() ? Fault.REQUEST_LOST : Fault.ANSWER_LOST);
            }
            if (random.nextInt(20) == 0) {
                wallOffset = Duration.ofSeconds(random.nextInt(7200) - 3600);
            }
        }
    }

    /** Time goes by for one replica inside a request, and the others go on meanwhile. */
    private void delay(Replica waiting) {
        int millis = waiting.random.nextInt(100) == 0
                ? waiting.random.nextInt(40_000)
                : waiting.random.nextInt((int) TIMING.requestTimeout().toMillis());
        runUntil(now + Duration.ofMillis(millis).toNanos());
    }

    private void runUntil(long end) {
        while (now < end) {
            long next = Math.min(end, now + Duration.ofMillis(100).toNanos());
            for (Replica replica : replicas) {
                if (!replica.busy) {
                    next = Math.min(next, Math.max(now, replica.nextAttempt));
                }
            }
            now = next;
            check();
            for (Replica replica : replicas) {
                if (!replica.busy && replica.nextAttempt <= now) {
                    replica.attempt();
                    check();
                }
            }
        }
    }

    private void check() {
        long lastWrite = TIMING.longestWrite().toNanos();
        for (Replica acting : replicas) {
            if (!acting.elector.mayAct()) {
                continue;
            }
            for (Replica other : replicas) {
                if (other != acting) {
                    assertThat(now - other.lastActed).isGreaterThanOrEqualTo(lastWrite);
                }
            }
            if (now - acting.lastActed > TIMING.leaseDuration().toNanos()) {
                takeovers++;
            }
            acting.lastActed = now;
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void neverLetsOneActBeforeTheLastWriteOfAnotherHasEnded(long seed) {
        Random seeds = new Random(seed);
        for (int index = 0; index < 3; index++) {
            replicas.add(new Replica(index, new Random(seeds.nextLong())));
        }

        runUntil(HORIZON);

        assertThat(takeovers).as("takeovers").isGreaterThan(20);
        assertThat(frozen).as("freezes").isGreaterThan(20);
    }
}
