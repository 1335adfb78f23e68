package io.kubescaler.app.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.app.testing.FakeApiServer;
import io.kubescaler.app.testing.FakeApiServer.Fault;
import io.kubescaler.control.ClusterException;
import io.kubescaler.control.ClusterException.Kind;
import io.kubescaler.model.ServerLabel;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeRequestsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private final FakeApiServer server = FakeApiServer.start();
    private final KubernetesClient client = server.client();
    private final NodeRequests requests =
            new NodeRequests(ApiServer.of(client), Set.of(new ServerLabel("app", "server")));

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "409, CONFLICT",
        "404, GONE",
        "401, FORBIDDEN",
        "403, FORBIDDEN",
        "422, UNAVAILABLE",
        "429, UNAVAILABLE",
        "500, UNAVAILABLE",
        "503, UNAVAILABLE"
    })
    void saysWhatStoodInTheWayOfAWriteAndSendsItOnce(int code, Kind kind) {
        server.plan(request -> true, new Fault.Refusal(code, "Reason", Optional.empty(), "the server's words"));
        assertThatThrownBy(() -> requests.patch("n-1", "7", NodePatch.uncordon()))
                .isInstanceOfSatisfying(
                        ClusterException.class,
                        error -> assertThat(error.kind()).isEqualTo(kind))
                .hasMessage("node n-1 was not changed: %d: the server's words", code);
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void sendsAWriteOnceWhenTheConnectionBreaks() {
        server.plan(request -> true, new Fault.Cut("{"));
        assertThatThrownBy(() -> requests.patch("n-1", "7", NodePatch.uncordon()))
                .isInstanceOfSatisfying(
                        ClusterException.class,
                        error -> assertThat(error.kind()).isEqualTo(Kind.UNAVAILABLE));
        assertThat(server.received()).hasSize(1);
    }

    @Test
    void writesEverythingAtOnceAndOnTheVersionThatWasRead() {
        server.plan(request -> true, new Fault.Refusal(409, "Conflict", Optional.empty(), "changed"));
        assertThatThrownBy(() -> requests.patch("n 1/x", "7", NodePatch.cordon(NOW, Optional.empty())))
                .isInstanceOf(ClusterException.class);
        assertThat(server.received()).singleElement().satisfies(request -> {
            assertThat(request.method()).isEqualTo("PATCH");
            assertThat(request.path()).isEqualTo("/api/v1/nodes/n 1/x");
            assertThat(request.query()).containsEntry("fieldManager", "kubescaler");
            assertThat(request.body())
                    .isEqualTo(JsonText.json("{'metadata':{'resourceVersion':'7','annotations':"
                            + "{'kubescaler.io/cordoned-at':'2026-01-01T00:00:00Z','kubescaler.io/empty-since':null}},"
                            + "'spec':{'unschedulable':true}}"));
        });
    }

    @Test
    void doesNotTakeAnErrorForAnAnswer() {
        server.plan(request -> true, new Fault.Refusal(500, "InternalError", Optional.empty(), "etcd is away"));
        assertThatThrownBy(() -> requests.load("n-1"))
                .hasMessage("the pods of node n-1 cannot be listed: 500: etcd is away");
        server.plan(request -> true, new Fault.Body("{\"kind\":\"Status\",\"status\":\"Success\"}"));
        assertThatThrownBy(() -> requests.load("n-1")).hasMessageContaining("the answer is not a list");
        server.plan(request -> true, new Fault.Cut("{\"kind\":\"PodList\",\"items\":["));
        assertThatThrownBy(() -> requests.load("n-1")).isInstanceOf(ClusterException.class);
        assertThatThrownBy(() -> requests.patch("n-1", "7", NodePatch.uncordon()))
                .isInstanceOf(ClusterException.class);
    }

    @Test
    void endsEarlyWhenInterrupted() {
        server.plan(request -> true, new Fault.NoAnswer());
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> requests.node("n-1")).hasMessageContaining("interrupted");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            // the flag must not reach the next test
            boolean unused = Thread.interrupted();
        }
    }
}
