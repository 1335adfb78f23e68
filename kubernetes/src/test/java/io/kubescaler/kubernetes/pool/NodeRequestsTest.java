package io.kubescaler.kubernetes.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubescaler.control.ClusterException;
import io.kubescaler.control.ClusterException.Kind;
import io.kubescaler.kubernetes.client.ApiServer;
import io.kubescaler.kubernetes.client.Deadline;
import io.kubescaler.kubernetes.client.HttpThreads;
import io.kubescaler.kubernetes.objects.JsonText;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.testing.cluster.FakeApiServer;
import io.kubescaler.testing.cluster.FakeApiServer.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeRequestsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    // one each 100 ms: a slow answer that is given up long before it is whole
    private static final int DRIPS = 6000;

    private final FakeApiServer server = FakeApiServer.start();
    private final KubernetesClient client = server.client(new HttpThreads());
    private final AtomicLong skipped = new AtomicLong();
    private final NodeRequests requests = new NodeRequests(
            ApiServer.of(client, InstantSource.system()),
            PodSelectors.ofServers(LabelSelector.parse("app=server")),
            () -> System.nanoTime() + skipped.get());

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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'metadata':{'uid':'u'},'spec':{'nodeName':'n-1'}} | a Pod without metadata.name",
                "{'metadata':{'name':'p'},'spec':{'nodeName':7.0}} | ",
                "{'metadata':{'name':'p'},'spec':{'nodeName':[]}} | the node of the Pod p cannot be read",
                "5 | expected a Pod"
            })
    void readsNoLoadWhileAPodOfTheNodeCannotBeTold(String pod, String why) throws ClusterException {
        String list = "{'kind':'PodList','items':[%s]}".formatted(pod).replace('\'', '"');
        server.plan(request -> true, new Fault.Body(list));
        if (why == null) {
            assertThat(requests.load("n-1", requests.deadline())).isEqualTo(NodeLoad.EMPTY);
        } else {
            assertThatThrownBy(() -> requests.load("n-1", requests.deadline()))
                    .isInstanceOf(ClusterException.class)
                    .hasMessageContaining("the pods of node n-1 cannot be listed")
                    .hasMessageContaining(why);
        }
    }

    @Test
    void countsAPodThatCannotBeReadInPartAsAServer() throws ClusterException {
        server.plan(
                request -> true,
                new Fault.Body("{'kind':'PodList','items':[{'metadata':{'name':'p'},'spec':{'nodeName':'n-1'},'status':"
                        .concat("{'containerStatuses':[{'resources':{'requests':{'cpu':'-1'}}}]}}]}")
                        .replace('\'', '"')));
        NodeLoad load = requests.load("n-1", requests.deadline());
        assertThat(load.servers()).isEqualTo(1);
        assertThat(load.unreadable().orElseThrow()).startsWith("/p (status.containerStatuses[0]");
    }

    // a byte now and then is no silence, and must not keep a pool waiting for ever
    @Test
    void givesUpOnAnAnswerThatComesByteByByte() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answering = new Thread(() -> drip(slow, over));
            answering.setDaemon(true);
            answering.start();
            try (KubernetesClient dripping = new KubernetesClientBuilder()
                    .withConfig(new ConfigBuilder(Config.empty())
                            .withMasterUrl("http://127.0.0.1:" + slow.getLocalPort())
                            .build())
                    .withHttpClientFactory(new HttpThreads())
                    .build()) {
                ApiServer api = ApiServer.of(dripping, InstantSource.system());
                assertThatThrownBy(() -> {
                            try (InputStream answer = api.open(
                                    ApiServer.Request.get("/api/v1/nodes/n-1", Map.of()),
                                    ApiServer.Limits.of(Duration.ofSeconds(1)))) {
                                answer.readAllBytes();
                            }
                        })
                        .as("an answer that would have been whole in 10 minutes")
                        .isInstanceOf(IOException.class);
            } finally {
                over.set(true);
            }
        }
    }

    private static void drip(ServerSocket server, AtomicBoolean over) {
        try (Socket socket = server.accept()) {
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
                    .formatted(DRIPS)
                    .getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < DRIPS && !over.get(); i++) {
                out.write(' ');
                out.flush();
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        } catch (IOException cut) {
            over.set(true);
        }
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
                            + "{'kubescaler.io/cordoned-at':'2026-01-01T00:00:00Z','kubescaler.io/deleting-at':null,"
                            + "'kubescaler.io/empty-since':null}},"
                            + "'spec':{'unschedulable':true}}"));
        });
    }

    @Test
    void doesNotTakeAnErrorForAnAnswer() {
        server.plan(request -> true, new Fault.Refusal(500, "InternalError", Optional.empty(), "etcd is away"));
        assertThatThrownBy(() -> requests.load("n-1", requests.deadline()))
                .hasMessage("the pods of node n-1 cannot be listed: 500: etcd is away");
        server.plan(request -> true, new Fault.Body("{\"kind\":\"Status\",\"status\":\"Success\"}"));
        assertThatThrownBy(() -> requests.load("n-1", requests.deadline()))
                .hasMessageContaining("the answer is not a list");
        server.plan(request -> true, new Fault.Cut("{\"kind\":\"PodList\",\"items\":["));
        assertThatThrownBy(() -> requests.load("n-1", requests.deadline())).isInstanceOf(ClusterException.class);
        assertThatThrownBy(() -> requests.patch("n-1", "7", NodePatch.uncordon()))
                .isInstanceOf(ClusterException.class);
    }

    @Test
    void boundsAllPagesOfAListTogether() {
        // each page is answered in time, and comes 12 s after the one before
        answerPagesAfter(request -> request.path().equals("/api/v1/pods"), Duration.ofSeconds(12), 10);

        assertThatThrownBy(() -> requests.load("n-1", requests.deadline()))
                .isInstanceOfSatisfying(
                        ClusterException.class,
                        error -> assertThat(error.kind()).isEqualTo(Kind.UNAVAILABLE))
                .hasMessage("the pods of node n-1 cannot be listed: it took longer than 30 s as a whole");
        assertThat(server.received()).hasSize(3);
    }

    @Test
    void boundsAllReadsOfACallTogether() {
        Deadline deadline = requests.deadline();
        skipped.addAndGet(Duration.ofSeconds(31).toNanos());

        assertThatThrownBy(() -> requests.node("n-1", deadline))
                .hasMessage("node n-1 cannot be read: it took longer than 30 s as a whole");
        assertThatThrownBy(() -> requests.nodes(Optional.empty(), node -> true, deadline))
                .hasMessage("the nodes cannot be listed: it took longer than 30 s as a whole");
        assertThat(server.received()).isEmpty();
    }

    private void answerPagesAfter(Predicate<FakeApiServer.Received> when, Duration pause, int pages) {
        for (int page = 1; page <= pages; page++) {
            server.plan(
                    request -> {
                        if (!when.test(request)) {
                            return false;
                        }
                        skipped.addAndGet(pause.toNanos());
                        return true;
                    },
                    new Fault.Body(
                            "{\"kind\":\"PodList\",\"metadata\":{\"continue\":\"%d\"},\"items\":[]}".formatted(page)));
        }
    }

    @Test
    void givesARequestNoMoreThanIsLeft() throws IOException {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
        Deadline deadline = Deadline.in(Duration.ofSeconds(30), now::get);
        Duration page = Duration.ofSeconds(15);

        assertThat(deadline.atMost(page)).isEqualTo(page);
        now.addAndGet(Duration.ofSeconds(20).toNanos());
        assertThat(deadline.atMost(page)).isEqualTo(Duration.ofSeconds(10));
        now.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThatThrownBy(() -> deadline.atMost(page)).hasMessage("it took longer than 30 s as a whole");
    }

    @Test
    void endsEarlyWhenInterrupted() {
        server.plan(request -> true, new Fault.NoAnswer());
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> requests.node("n-1", requests.deadline())).hasMessageContaining("interrupted");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            // the flag must not reach the next test
            boolean unused = Thread.interrupted();
        }
    }
}
