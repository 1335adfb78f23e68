package io.kubescaler.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.model.Reading.Unreadable;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.provider.ProviderException.RateLimited;
import io.kubescaler.provider.ProviderException.RateLimited.Scope;
import io.kubescaler.provider.ProviderException.Transient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CloudViewTest {
    private final FakeWorld world = new FakeWorld();
    private long nanos;
    private Instant wall = Instant.parse("2026-01-01T00:00:00Z");
    private CloudView view = new CloudView(world, new TwoClocks(() -> nanos, () -> wall), Duration.ofSeconds(10));

    private void pass(Duration time) {
        nanos += time.toNanos();
        wall = wall.plus(time);
    }

    private int asked() {
        return (int) world.calls.stream().filter("describe"::equals).count();
    }

    private static String why(Reading<PoolDescription> reading) {
        return reading instanceof Unreadable<PoolDescription> unreadable ? unreadable.why() : "readable";
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 5_000_000_000L, Long.MIN_VALUE})
    void asksOnceAnInterval(long origin) {
        nanos = origin;
        view.read();
        pass(Duration.ofMillis(9_999));
        view.read();
        assertThat(asked()).isEqualTo(1);
        pass(Duration.ofMillis(1));
        world.size = 7;
        assertThat(view.read())
                .isInstanceOfSatisfying(
                        Known.class,
                        known -> assertThat(known.value())
                                .isEqualTo(new PoolDescription(
                                        7, List.of(), Optional.empty(), Optional.empty(), OptionalInt.empty())));
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void asksAtOnceWhenInvalidatedOrToldTo() {
        view.read();
        view.readNow();
        view.read();
        assertThat(asked()).isEqualTo(2);
        view.invalidate();
        view.read();
        assertThat(asked()).isEqualTo(3);
    }

    @Test
    void keepsAFailureForTheInterval() {
        world.cloudErrors.put("describe", new Transient("timed out"));
        assertThat(why(view.read())).isEqualTo("Transient: timed out");
        assertThat(why(view.read())).isEqualTo("Transient: timed out");
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void sendsNothingWhileTheCloudAsksToWait() {
        view.heed(new RateLimited("too many", Duration.ofSeconds(30)));
        assertThat(view.mustWait()).contains("the cloud's rate limit is used up; it asks to wait 31 s more");
        pass(Duration.ofSeconds(30).minusNanos(1));
        assertThat(why(view.readNow())).contains("rate limit").contains("1 s more");
        assertThat(asked()).isZero();
        pass(Duration.ofNanos(1));
        assertThat(view.mustWait()).isEmpty();
        assertThat(view.readNow()).isInstanceOf(Known.class);
    }

    @Test
    void goesOnByTheLastGoodAnswerFor90SecondsWhileOnlyReadsMustWait() {
        world.size = 7;
        view.read();
        world.cloudErrors.put(
                "describe", new RateLimited("kept for growth", Duration.ofMinutes(30), RateLimited.Scope.READS));
        pass(Duration.ofSeconds(10));
        assertThat(view.read()).as("the refusal itself").isInstanceOf(Known.class);
        pass(Duration.ofSeconds(79));
        assertThat(view.read()).isInstanceOf(Known.class);
        assertThat(view.mustWait()).as("orders need not wait").isEmpty();
        pass(Duration.ofSeconds(10));
        assertThat(why(view.read())).contains("kept for growth").contains("s more");
        assertThat(asked()).as("nothing is asked meanwhile").isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 45, 80})
    void lets90SecondsBeTheEndOfWhatStandsInHoweverLongAnAnswerIsKept(long interval) {
        view = new CloudView(world, new TwoClocks(() -> nanos, () -> wall), Duration.ofSeconds(interval));
        view.read();
        world.cloudErrors.put(
                "describe", new RateLimited("kept for growth", Duration.ofMinutes(30), RateLimited.Scope.READS));
        for (int second = 1; second < 90; second++) {
            pass(Duration.ofSeconds(1));
            assertThat(view.read()).isInstanceOf(Known.class);
        }
        pass(Duration.ofSeconds(1));
        assertThat(view.read()).isInstanceOf(Unreadable.class);
    }

    @Test
    void tellsHowOldTheLastGoodAnswerIs() {
        assertThat(view.age()).as("before the first").isEqualTo(TwoClocks.UNKNOWN);
        world.before.put("describe", () -> pass(Duration.ofSeconds(3)));
        view.read();
        assertThat(view.age()).as("from when it was asked for").isEqualTo(Duration.ofSeconds(3));
        pass(Duration.ofSeconds(20));
        world.cloudErrors.put(
                "describe", new RateLimited("kept for growth", Duration.ofMinutes(30), RateLimited.Scope.READS));
        assertThat(view.read()).isInstanceOf(Known.class);
        assertThat(view.age()).isEqualTo(Duration.ofSeconds(23));
        wall = wall.minusSeconds(30);
        assertThat(view.age()).as("the wall clock was set back").isEqualTo(TwoClocks.UNKNOWN);
    }

    @Test
    void readsForOrdersWhileOnlyReadsMustWait() {
        world.cloudErrors.put(
                "describe", new RateLimited("kept for growth", Duration.ofMinutes(30), RateLimited.Scope.READS));
        assertThat(view.readNow()).isInstanceOf(Unreadable.class);

        assertThat(view.readForOrder()).isInstanceOf(Known.class);
        view.invalidate();
        assertThat(view.read()).as("what became of the order").isInstanceOf(Known.class);
        assertThat(world.calls).filteredOn("describe for an order"::equals).hasSize(2);
    }

    @Test
    void readsToDeleteOnlyWhatTheCloudSaysNow() {
        world.size = 7;
        assertThat(view.readToDelete()).isInstanceOf(Known.class);
        world.cloudErrors.put(
                "describe", new RateLimited("kept for growth", Duration.ofMinutes(30), RateLimited.Scope.READS));

        assertThat(why(view.readToDelete())).contains("kept for growth");
        assertThat(why(view.readToDelete())).contains("kept for growth");
        assertThat(view.read()).as("for everybody else it stands in").isInstanceOf(Known.class);
        view.expire();
        assertThat(view.read()).as("also after a deletion").isInstanceOf(Known.class);
        assertThat(world.calls).doesNotContain("describe for an order");
    }

    @Test
    void holdsUpDeletionsAloneWhenTheyAloneMustWait() {
        view.heed(new RateLimited("too many deletions", Duration.ofSeconds(30), Scope.DELETIONS));
        assertThat(view.mustWaitToDelete())
                .contains("the deletions' part of the cloud's rate limit is used up; they wait 31 s more");
        assertThat(view.mustWait()).isEmpty();
        assertThat(view.readNow()).isInstanceOf(Known.class);
        pass(Duration.ofSeconds(30));
        assertThat(view.mustWaitToDelete()).isEmpty();
    }

    @Test
    void heedsARateLimitThatItMeetsItself() {
        world.cloudErrors.put("describe", new RateLimited("too many", Duration.ofMinutes(1)));
        view.read();
        world.cloudErrors.clear();
        view.readNow();
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void isNotHeldUpByOtherErrors() {
        view.heed(new ProviderException.Unauthorized("no"));
        assertThat(view.mustWait()).isEmpty();
    }

    @Test
    void waitsNoLongerThanAnHourWhateverTheCloudAsks() {
        view.heed(new RateLimited("for ever", Duration.ofSeconds(Long.MAX_VALUE)));
        pass(Duration.ofMinutes(60).minusNanos(1));
        assertThat(view.mustWait()).isPresent();
        pass(Duration.ofNanos(1));
        assertThat(view.mustWait()).isEmpty();
    }

    @Test
    void takesAFaultOfAPlugInForUnreadable() {
        world.before.put("describe", () -> {
            throw new IllegalStateException("bug");
        });
        assertThat(why(view.readNow())).contains("failed unexpectedly").contains("bug");
        world.before.put("describe", () -> {
            throw new NoSuchMethodError("describe");
        });
        assertThat(why(view.readNow())).contains("NoSuchMethodError");
    }

    @Test
    void keepsTheLastGoodAnswerForTenMinutes() {
        world.size = 3;
        view.readNow();
        world.cloudErrors.put("describe", new Transient("timed out"));
        pass(Duration.ofMinutes(10).minusNanos(1));
        assertThat(recent(view.read())).map(PoolDescription::size).contains(3);
        pass(Duration.ofNanos(1));
        assertThat(recent(view.read())).isEmpty();
        assertThat(asked()).as("the failure itself is kept for the interval").isEqualTo(2);
    }

    @Test
    void keepsNoAnswerFromBeforeTheMachineWasSuspended() {
        world.size = 3;
        view.readNow();
        world.cloudErrors.put("describe", new Transient("timed out"));
        wall = wall.plus(Duration.ofMinutes(10));
        assertThat(recent(view.read())).isEmpty();
    }

    @Test
    void keepsNoAnswerFromBeforeItWasForgotten() {
        world.size = 3;
        view.readNow();
        view.forget();
        world.cloudErrors.put("describe", new Transient("timed out"));
        assertThat(recent(view.read())).isEmpty();
    }

    private static Optional<PoolDescription> recent(Reading<PoolDescription> reading) {
        return reading instanceof Unreadable<PoolDescription> unreadable ? unreadable.recent() : Optional.empty();
    }
}
