package io.kubescaler.digitalocean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubescaler.digitalocean.RequestLimiter.Use;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.provider.ProviderException.RateLimited.Scope;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RequestLimiterTest {
    private static final Duration BRIEF = Duration.ofSeconds(2);

    // near the end of its range, since nanoTime may overflow
    private long now = Long.MAX_VALUE - Duration.ofSeconds(90).toNanos();
    private long slept;

    private void sleep(long nanos) {
        now += nanos;
        slept += nanos;
    }

    private void pass(Duration duration) {
        now += duration.toNanos();
    }

    private void acquire(RequestLimiter limiter) throws Exception {
        limiter.acquire(Use.GROWTH, BRIEF, this::sleep);
    }

    private static ProviderException.RateLimited refusal(RequestLimiter limiter, Pause pause) {
        return catchThrowableOfType(
                ProviderException.RateLimited.class, () -> limiter.acquire(Use.GROWTH, BRIEF, pause));
    }

    @Test
    void lets200LeaveAtOnceAndNotOneMore() throws Exception {
        RequestLimiter limiter = new RequestLimiter(200, 4500, () -> now);
        for (int i = 0; i < 200; i++) {
            acquire(limiter);
        }

        assertThat(slept).isZero();
        ProviderException.RateLimited refusal = refusal(limiter, this::sleep);
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMinutes(1));
        assertThat(refusal).hasMessageContaining("requests-per-minute (200)");
        assertThat(slept).as("a long wait is left to the caller").isZero();
    }

    @Test
    void waitsWhenTheWaitIsBrief() throws Exception {
        RequestLimiter limiter = new RequestLimiter(2, 4500, () -> now);
        acquire(limiter);
        acquire(limiter);
        pass(Duration.ofSeconds(59));
        acquire(limiter);

        assertThat(slept).isEqualTo(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void countsTheHourToo() throws Exception {
        RequestLimiter limiter = new RequestLimiter(200, 3, () -> now);
        for (int i = 0; i < 3; i++) {
            acquire(limiter);
            pass(Duration.ofMinutes(10));
        }
        ProviderException.RateLimited refusal = refusal(limiter, this::sleep);

        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMinutes(30));
        assertThat(refusal).hasMessageContaining("requests-per-hour (3)");
        pass(Duration.ofMinutes(30));
        acquire(limiter);
    }

    @Test
    void holdsEverythingBackDuringAPauseAndNeverShortensIt() throws Exception {
        RequestLimiter limiter = new RequestLimiter(200, 4500, () -> now);
        limiter.pauseFor(Duration.ofSeconds(30));
        limiter.pauseFor(Duration.ofSeconds(10));
        ProviderException.RateLimited refusal = refusal(limiter, this::sleep);

        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofSeconds(30));
        assertThat(refusal).hasMessageContaining("pause");
        pass(Duration.ofSeconds(30));
        acquire(limiter);
        assertThat(slept).isZero();
    }

    @Test
    void keepsATenthOfTheHourForGrowth() throws Exception {
        RequestLimiter limiter = new RequestLimiter(200, 600, () -> now);
        for (int i = 0; i < 480; i++) {
            limiter.acquire(Use.READ, Duration.ofMinutes(1), this::sleep);
        }
        assertThat(slept).isEqualTo(Duration.ofMinutes(59).toNanos());
        for (int i = 0; i < 60; i++) {
            acquire(limiter);
        }
        ProviderException.RateLimited refusal = refused(limiter, Use.READ);

        assertThat(refusal)
                .hasMessageContaining("540 of requests-per-hour (600)")
                .hasMessageContaining("kept for growth");
        assertThat(refusal.scope()).isEqualTo(Scope.READS);
        for (int i = 0; i < 60; i++) {
            acquire(limiter);
        }
        assertThat(refusal(limiter, this::sleep).scope()).as("nothing is left").isEqualTo(Scope.EVERYTHING);
    }

    @Test
    void neverLetsDeletionsHoldUpGrowthOrReading() throws Exception {
        RequestLimiter limiter = new RequestLimiter(200, 4500, () -> now);
        int deleted = 0;
        for (int second = 0; second < 4 * 3600; second++) {
            pass(Duration.ofSeconds(1));
            for (int i = 0; i < 10; i++) {
                if (refused(limiter, Use.DELETION) == null) {
                    deleted++;
                }
            }
            if (second % 2 == 0) {
                assertThat(refused(limiter, Use.READ)).isNull();
            }
            if (second % 30 == 0) {
                assertThat(refused(limiter, Use.GROWTH)).isNull();
            }
        }
        assertThat(deleted).as("450 an hour").isEqualTo(4 * 450);
        assertThat(slept).isZero();
    }

    @Test
    void refusesDeletionsAloneWhenTheirPartIsUsedUp() throws Exception {
        RequestLimiter limiter = new RequestLimiter(200, 4500, () -> now);
        for (int i = 0; i < 20; i++) {
            limiter.acquire(Use.DELETION, BRIEF, this::sleep);
        }
        ProviderException.RateLimited refusal = refused(limiter, Use.DELETION);

        assertThat(refusal)
                .hasMessageContaining("the deletions' part of the rate is 20 requests a minute and 450 an hour");
        assertThat(refusal.scope()).isEqualTo(Scope.DELETIONS);
        assertThat(refusal.retryAfter()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void letsAPauseOfTheCloudsHoldUpEverythingWhateverMetIt() {
        RequestLimiter limiter = new RequestLimiter(200, 4500, () -> now);
        limiter.pauseFor(Duration.ofSeconds(30));

        for (Use use : Use.values()) {
            assertThat(refused(limiter, use).scope()).isEqualTo(Scope.EVERYTHING);
        }
    }

    @Test
    void spreadsReadsSoThatTheyNeverStopForTheRestOfAnHour() throws Exception {
        RequestLimiter limiter = new RequestLimiter(200, 600, () -> now);
        for (int hour = 0; hour < 3; hour++) {
            for (int i = 0; i < 480; i++) {
                limiter.acquire(Use.READ, Duration.ofMinutes(1), this::sleep);
            }
        }

        assertThat(slept)
                .isBetween(
                        Duration.ofMinutes(178).toNanos(),
                        Duration.ofMinutes(180).toNanos());
        acquire(limiter);
    }

    private ProviderException.RateLimited refused(RequestLimiter limiter, Use use) {
        return catchThrowableOfType(
                ProviderException.RateLimited.class, () -> limiter.acquire(use, Duration.ZERO, this::sleep));
    }

    @Test
    void endsAWaitWithTheInterrupt() throws Exception {
        RequestLimiter limiter = new RequestLimiter(1, 10, () -> now);
        acquire(limiter);
        pass(Duration.ofSeconds(59));

        assertThatThrownBy(() -> limiter.acquire(Use.GROWTH, BRIEF, nanos -> {
                    throw new InterruptedException();
                }))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void neverLetsMoreThanTheLimitIntoAnyWindow() {
        long seed = System.nanoTime();
        System.out.println("RequestLimiterTest seed " + seed);
        Random random = new Random(seed);
        RequestLimiter limiter = new RequestLimiter(7, 40, () -> now);
        Deque<Long> lastMinute = new ArrayDeque<>();
        Deque<Long> lastHour = new ArrayDeque<>();
        int granted = 0;
        for (int i = 0; i < 20_000; i++) {
            pass(Duration.ofMillis(random.nextInt(20_000)));
            if (refusal(limiter, this::sleep) != null) {
                continue;
            }
            granted++;
            assertWindow(lastMinute, Duration.ofMinutes(1), 7);
            assertWindow(lastHour, Duration.ofHours(1), 40);
        }
        // 40 an hour for about 55 hours: the limit is used, not only kept
        assertThat(granted).isBetween(2000, 2400);
    }

    private void assertWindow(Deque<Long> sent, Duration window, int limit) {
        sent.addLast(now);
        while (now - sent.peekFirst() >= window.toNanos()) {
            sent.removeFirst();
        }
        assertThat(sent).hasSizeLessThanOrEqualTo(limit);
    }
}
