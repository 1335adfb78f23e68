package io.kubescaler.kubernetes.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.testing.cluster.FakeApiServer;
import io.kubescaler.testing.cluster.FakeApiServer.Fault;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-10-21T07:28:00Z"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0                             | 0
            7                             | 7
            300                           | 300
            301                           | 300
            999999999                     | 300
            Wed, 21 Oct 2026 07:28:07 GMT | 7
            Wed, 21 Oct 2026 07:33:00 GMT | 300
            Wed, 21 Oct 2026 07:33:01 GMT | 300
            Thu, 21 Oct 2027 07:28:00 GMT | 300
            Wed, 21 Oct 2026 07:28:00 GMT | 0
            Wed, 21 Oct 2026 07:27:00 GMT | 0
            """)
    void readsSecondsAndDatesAndBoundsBoth(String value, long seconds) {
        assertThat(RetryAfter.read(List.of(value), CLOCK)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "soon", "-1", "1.5", "1234567890", "Wed, 32 Oct 2026 07:28:07 GMT", "2026-10-21T07:28:07Z"})
    void readsNothingElse(String value) {
        assertThat(RetryAfter.read(List.of(value), CLOCK)).isEmpty();
        assertThat(RetryAfter.read(List.of(value, "3"), CLOCK)).contains(Duration.ofSeconds(3));
        assertThat(RetryAfter.read(List.of(), CLOCK)).isEmpty();
    }

    @Test
    void reachesWhoeverWaitsWithTheRefusal() {
        try (FakeApiServer server = FakeApiServer.start();
                KubernetesClient client = server.client(new HttpThreads())) {
            server.plan(
                    request -> true,
                    new Fault.Refusal(
                            429, "TooManyRequests", Optional.of("Wed, 21 Oct 2026 07:28:07 GMT"), "too many"));
            assertThatThrownBy(() -> {
                        var unused = ApiServer.of(client, CLOCK)
                                .open(
                                        ApiServer.Request.get("/api/v1/nodes", Map.of()),
                                        ApiServer.Limits.of(Duration.ofSeconds(10)));
                    })
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            refused -> assertThat(refused.retryAfter()).contains(Duration.ofSeconds(7)));
        }
    }
}
