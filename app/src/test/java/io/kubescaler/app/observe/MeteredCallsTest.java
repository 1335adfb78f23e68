package io.kubescaler.app.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubescaler.model.PoolDescription;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MeteredCallsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final AtomicLong nanoTime = new AtomicLong();
    private final FakeProvider fake = new FakeProvider();
    private final NodePoolProvider provider = new MeteredProvider(
            fake,
            "games",
            registry,
            () -> nanoTime.getAndAdd(Duration.ofMillis(250).toNanos()));

    @Test
    void timesEachCallByOperation() throws ProviderException {
        provider.describe();
        provider.describe();
        provider.grow(3);
        provider.delete(List.of("a"));

        assertThat(timer("describe", "done").count()).isEqualTo(2);
        assertThat(timer("describe", "done").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(500);
        assertThat(timer("grow", "done").count()).isEqualTo(1);
        assertThat(timer("delete", "done").count()).isEqualTo(1);
        assertThat(fake.grownTo).isEqualTo(3);
    }

    @Test
    void tellsHowACallFailedAndPassesTheErrorOn() {
        fake.failure = Optional.of(new ProviderException.RateLimited("slower", Duration.ofSeconds(3)));

        assertThatThrownBy(provider::describe).isSameAs(fake.failure.get());
        assertThatThrownBy(() -> provider.grow(3)).isSameAs(fake.failure.get());
        assertThat(provider.delete(List.of("a", "b")).get(0).error()).isEqualTo(fake.failure);
        assertThat(timer("describe", "rate-limited").count()).isEqualTo(1);
        assertThat(timer("grow", "rate-limited").count()).isEqualTo(1);
        assertThat(timer("delete", "rate-limited").count()).isEqualTo(1);
    }

    @Test
    void countsACallThatBrokeItsContract() {
        fake.broken = true;

        assertThatThrownBy(provider::describe).isInstanceOf(IllegalStateException.class);
        assertThat(timer("describe", "broken").count()).isEqualTo(1);
    }

    @Test
    void closesWhatItWraps() {
        provider.close();

        assertThat(fake.closed).isTrue();
    }

    private Timer timer(String operation, String result) {
        return registry.get(MetricNames.CLOUD_CALL_DURATION)
                .tags("pool", "games", "operation", operation, "result", result)
                .timer();
    }

    private static final class FakeProvider implements NodePoolProvider {
        private Optional<ProviderException> failure = Optional.empty();
        private boolean broken;
        private boolean closed;
        private int grownTo;

        @Override
        public PoolDescription describe() throws ProviderException {
            if (broken) {
                throw new IllegalStateException("broken");
            }
            fail();
            return new PoolDescription(0, List.of(), Optional.empty(), Optional.empty(), OptionalInt.empty());
        }

        @Override
        public void grow(int size) throws ProviderException {
            fail();
            grownTo = size;
        }

        @Override
        public List<Deletion> delete(List<String> instanceIds) {
            return instanceIds.stream().map(id -> new Deletion(id, failure)).toList();
        }

        @Override
        public List<Finding> preflight(int maximum) {
            return List.of();
        }

        @Override
        public void close() {
            closed = true;
        }

        private void fail() throws ProviderException {
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
    }
}
