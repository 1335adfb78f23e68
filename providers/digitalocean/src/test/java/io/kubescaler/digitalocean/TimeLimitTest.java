package io.kubescaler.digitalocean;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.testing.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TimeLimitTest {
    private final CloudStub cloud = new CloudStub(Duration.ofSeconds(3));

    @AfterEach
    void close() {
        cloud.close();
    }

    @Test
    void givesUpOnASlowAnswer() {
        cloud.answerEverything(aResponse().withFixedDelay(20_000).withBody("{}"));
        NodePoolProvider provider = cloud.provider(cloud.context(Map.of("request-timeout", "200ms")));

        assertThatThrownBy(provider::describe)
                .isInstanceOf(ProviderException.Transient.class)
                .hasMessageContaining("within 200 ms");
    }

    @Test
    void givesUpOnAnAnswerThatTricklesIn() {
        cloud.answerEverything(aResponse().withBody("{}".repeat(500)).withChunkedDribbleDelay(50, 20_000));
        NodePoolProvider provider = cloud.provider(cloud.context(Map.of("request-timeout", "200ms")));

        assertThatThrownBy(provider::describe).isInstanceOf(ProviderException.Transient.class);
    }

    @Test
    void endsTheWholeCallInTimeHoweverManyNodesAreNamed() {
        cloud.answerEverything(aResponse().withFixedDelay(20_000));
        NodePoolProvider provider = cloud.provider(cloud.context(Map.of("request-timeout", "1s")));
        List<String> ids =
                Stream.generate(() -> UUID.randomUUID().toString()).limit(50).toList();
        List<Deletion> deletions = provider.delete(ids);

        // in 3 s there is time for 3 requests of 1 s each, and for one that is cut short; 50 nodes would need 50
        assertThat(cloud.requests()).hasSizeLessThanOrEqualTo(4);
        assertThat(deletions).extracting(Deletion::instanceId).containsExactlyElementsOf(ids);
        assertThat(deletions)
                .allSatisfy(
                        deletion -> assertThat(deletion.error()).containsInstanceOf(ProviderException.Transient.class));
    }

    @Test
    void endsAtOnceWhenItsThreadIsInterrupted() throws Exception {
        cloud.answerEverything(aResponse().withFixedDelay(20_000));
        NodePoolProvider provider = cloud.provider(cloud.context(Map.of("request-timeout", "20s")));
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        AtomicBoolean flagged = new AtomicBoolean();
        Thread caller = new Thread(() -> {
            Throwable thrown = catchThrowable(provider::describe);
            flagged.set(Thread.currentThread().isInterrupted());
            failure.complete(thrown);
        });
        caller.start();
        await().until(() -> !cloud.server().getAllServeEvents().isEmpty() || isWaiting(caller));
        caller.interrupt();

        assertThat(failure.get(Patience.SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ProviderException.Transient.class)
                .hasMessageContaining("interrupted");
        assertThat(flagged).as("the flag stays set for the caller").isTrue();
    }

    @Test
    void sendsNothingWhenItsThreadIsInterruptedAlready() {
        NodePoolProvider provider = cloud.provider();
        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(() -> provider.grow(5));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(ProviderException.Transient.class);
        assertThat(cloud.requests()).isEmpty();
    }

    @Test
    void endsACallUnderWayWhenItIsClosed() throws Exception {
        cloud.answerEverything(aResponse().withFixedDelay(20_000));
        NodePoolProvider provider = cloud.provider(cloud.context(Map.of("request-timeout", "20s")));
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        Thread caller = new Thread(() -> failure.complete(catchThrowable(provider::describe)));
        caller.start();
        await().until(() -> isWaiting(caller));
        provider.close();

        assertThat(failure.get(Patience.SECONDS, TimeUnit.SECONDS))
                .isInstanceOf(ProviderException.Transient.class)
                .hasMessageContaining("closed");
    }

    @Test
    void failsAfterItWasClosedAndLeavesNoThread() {
        NodePoolProvider provider = cloud.provider();
        assertThat(catchThrowable(provider::describe)).isNull();
        provider.close();
        provider.close();

        assertThatThrownBy(provider::describe)
                .isInstanceOf(ProviderException.Transient.class)
                .hasMessageContaining("closed");
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("digitalocean-servers")));
    }

    @Test
    void changesNothingOnceTheScalerMayNot() throws ProviderException {
        AtomicBoolean mayWrite = new AtomicBoolean(true);
        NodePoolProvider provider = cloud.provider(cloud.context(Map.of()).withMayWrite(mayWrite::get));
        provider.describe();
        mayWrite.set(false);

        assertThatThrownBy(() -> provider.grow(5))
                .isInstanceOf(ProviderException.Transient.class)
                .hasMessageContaining("may not change anything");
        assertThat(provider.delete(List.of(CloudStub.NODE)).get(0).error())
                .containsInstanceOf(ProviderException.Transient.class);
        assertThat(provider.describe().size()).as("reading goes on").isEqualTo(3);
        assertThat(cloud.requests()).allMatch(request -> request.startsWith("GET"));
    }

    @Test
    void doesNotRepeatAnOrderOnceTheScalerMayNot() throws ProviderException {
        AtomicBoolean mayWrite = new AtomicBoolean(true);
        NodePoolProvider provider =
                cloud.provider(cloud.context(Map.of()).withMayWrite(() -> mayWrite.getAndSet(false)));
        cloud.answer("PUT", CloudStub.POOL_PATH, cloud.json(500, "error-server"));

        assertThatThrownBy(() -> provider.grow(5)).isInstanceOf(ProviderException.Transient.class);
        assertThat(cloud.requests("PUT", CloudStub.POOL_PATH)).hasSize(1);
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING;
    }
}
