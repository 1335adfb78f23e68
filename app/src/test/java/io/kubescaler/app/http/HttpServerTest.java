package io.kubescaler.app.http;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubescaler.app.config.Settings.HttpSettings;
import io.kubescaler.app.observe.Metrics;
import io.kubescaler.app.observe.PassHistory;
import io.kubescaler.app.observe.PlanJson;
import io.kubescaler.app.observe.TestPasses;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.kubernetes.lease.LeaseStatus;
import io.kubescaler.kubernetes.lease.LeaseStatus.Role;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.ServersFound;
import io.kubescaler.model.TimeBudget;
import io.kubescaler.plan.Condition;
import io.kubescaler.testing.Patience;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpServerTest {
    private static final HttpSettings ANY_PORT = new HttpSettings(true, "127.0.0.1", 0);
    private static final Reading<ClusterState> SYNCED =
            Reading.known(new ClusterState(List.of(), List.of(), ServersFound.of(0), Map.of()));

    private final HttpClient client = HttpClient.newHttpClient();
    private final PassHistory history = new PassHistory();
    private final Metrics metrics = new Metrics();

    private volatile Duration sinceLastTurn = Duration.ofSeconds(3);
    private volatile Reading<ClusterState> cluster = SYNCED;
    private volatile LeaseStatus lease =
            new LeaseStatus(Role.LEADER, Optional.of("me"), "this replica holds the lease");
    private HttpServer server;
    private OpenApi description;

    @BeforeEach
    void start() throws Exception {
        description = new OpenApi();
        Health health = new Health(
                List.of(Heartbeat.ofPool("games", Duration.ofSeconds(10), TimeBudget.DEFAULT, () -> sinceLastTurn)),
                List.of(
                        ReadinessCheck.cluster("games", () -> cluster),
                        ReadinessCheck.cloud("games", () -> history.last("games"), () -> lease.role() == Role.LEADER),
                        ReadinessCheck.passes(
                                "games", () -> history.failure("games"), () -> lease.role() == Role.LEADER),
                        ReadinessCheck.lease(() -> lease)));
        server = new HttpServer(ANY_PORT, List.of("games", "desktops"), health, history, metrics);
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
        metrics.close();
    }

    @Test
    void isAliveWhileEveryLoopComesRound() throws Exception {
        HttpResponse<String> answer = get("/livez");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertDescribed("/livez", answer);
        assertThat(json(answer).get("status").asText()).isEqualTo("alive");
        assertThat(json(answer).at("/loops/0/secondsSinceLastTurn").asDouble()).isEqualTo(3);
    }

    @Test
    void isNotAliveAndNamesThePoolWhenItsLoopIsStuck() throws Exception {
        sinceLastTurn = Duration.ofSeconds(245);
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        sinceLastTurn = Duration.ofSeconds(246);
        HttpResponse<String> answer = get("/livez");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertDescribed("/livez", answer);
        assertThat(json(answer).at("/loops/0/message").asText())
                .isEqualTo("pool games is stuck: its last turn ended 246 s ago, and at most 245 s is right");
    }

    @Test
    void staysAliveForTheKubeletWhileReadersTakeTheirTime() throws Exception {
        for (int i = 0; i < 20; i++) {
            history.passed(new PassRecord(
                    TestPasses.plan("games", Condition.OK, TestPasses.reports(1000), List.of(TestPasses.GROW)),
                    List.of(new PassRecord.Outcome(TestPasses.GROW, Result.DONE, "")),
                    Duration.ofMillis(i)));
        }
        List<Socket> readers = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Socket reader = new Socket();
                readers.add(reader);
                reader.setReceiveBufferSize(1024);
                reader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
                reader.getOutputStream()
                        .write("GET /api/v1/pools/games/passes HTTP/1.1\r\nHost: x\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
            }
            // whoever is not refused is being answered, and does not read on
            assertThat(get("/livez").statusCode()).isEqualTo(200);
            assertThat(get("/readyz").statusCode()).isIn(200, 503);
            Set<Socket> answered = new HashSet<>();
            Set<Socket> refused = new HashSet<>();
            await().until(() -> {
                for (Socket reader : readers) {
                    if (reader.getInputStream().available() > 0 && answered.add(reader) && isRefused(reader)) {
                        refused.add(reader);
                    }
                }
                return refused.size() > 10;
            });
        } finally {
            for (Socket reader : readers) {
                reader.close();
            }
        }
        await().until(() -> get("/metrics").statusCode() == 200);
    }

    private static boolean isRefused(Socket reader) throws IOException {
        reader.setSoTimeout(Patience.MILLIS);
        BufferedReader answer =
                new BufferedReader(new InputStreamReader(reader.getInputStream(), StandardCharsets.US_ASCII));
        if (!String.valueOf(answer.readLine()).startsWith("HTTP/1.1 503")) {
            return false;
        }
        assertThat(answer.lines().anyMatch("{\"error\":\"too many requests are under way\"}"::equals))
                .as("an error as all others are")
                .isTrue();
        return true;
    }

    @Test
    void givesALoopThreeTicksWhenTheyAreLong() {
        Heartbeat heartbeat = Heartbeat.ofPool("games", Duration.ofMinutes(5), TimeBudget.DEFAULT, () -> Duration.ZERO);

        assertThat(heartbeat.limit()).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void isReadyWhenSyncedAndTheCloudWasReadAndItLeads() throws Exception {
        history.passed(TestPasses.idle());
        HttpResponse<String> answer = get("/readyz");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertDescribed("/readyz", answer);
        assertThat(failing(answer)).isEmpty();
        assertThat(json(answer).get("checks")).hasSize(4);
    }

    @Test
    void isNotReadyBeforeTheFirstPass() throws Exception {
        assertThat(failing(get("/readyz"))).containsExactly("cloud games: no pass has ended yet");
    }

    @Test
    void isReadyAsAStandbyThatNeverMadeAPass() throws Exception {
        lease = new LeaseStatus(Role.STANDBY, Optional.of("other"), "other holds the lease");

        HttpResponse<String> answer = get("/readyz");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("other holds the lease");
    }

    @Test
    void isNotReadyAndSaysWhyForEachThingThatIsWrong() throws Exception {
        history.passed(TestPasses.pass("games", Condition.CLOUD_UNREADABLE, Result.DONE));
        cluster = Reading.unreadable("the watch of pods has been silent for 90 s");
        HttpResponse<String> answer = get("/readyz");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertDescribed("/readyz", answer);
        assertThat(failing(answer))
                .containsExactly(
                        "cluster games: the watch of pods has been silent for 90 s",
                        "cloud games: words about the condition");

        history.passed(TestPasses.pass("games", Condition.CLUSTER_UNREADABLE, Result.DONE));
        assertThat(failing(get("/readyz"))).contains("cloud games: not known, since the cluster cannot be read");

        lease = new LeaseStatus(Role.UNKNOWN, Optional.empty(), "the lease cannot be read: 403");
        assertThat(failing(get("/readyz"))).contains("lease: the lease cannot be read: 403");
    }

    @Test
    void isNotReadyWhileTheLastPassFailedByADefect() throws Exception {
        history.passed(TestPasses.idle());
        history.failed("games", new IllegalStateException("something secret"));

        assertThat(failing(get("/readyz")))
                .containsExactly(
                        "passes games: the last one failed by a defect (IllegalStateException); the log says more");

        history.passed(TestPasses.idle());
        assertThat(get("/readyz").statusCode()).isEqualTo(200);

        history.failed("games", new IllegalStateException());
        lease = new LeaseStatus(Role.STANDBY, Optional.of("other"), "other holds the lease");
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void servesTheMetrics() throws Exception {
        metrics.registry().counter("kubescaler.test").increment();
        HttpResponse<String> answer = get("/metrics");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(contentType(answer)).startsWith("text/plain; version=0.0.4");
        assertThat(answer.body()).contains("kubescaler_test_total 1.0");
        assertThat(description.contentTypes("/metrics", 200)).contains("text/plain");
    }

    @Test
    void showsEveryPoolWithItsLastPass() throws Exception {
        PassRecord pass = TestPasses.pass("games", Condition.OK, Result.DONE, TestPasses.GROW, TestPasses.DELETE);
        history.passed(pass);
        HttpResponse<String> answer = get("/api/v1/pools");

        assertDescribed("/api/v1/pools", answer);
        JsonNode pools = json(answer).get("pools");
        assertThat(pools).hasSize(2);
        assertThat(pools.at("/0/lastPass").toString())
                .isEqualTo(PlanJson.document(pass).toString());
        assertThat(pools.at("/1/pool").asText()).isEqualTo("desktops");
        assertThat(pools.at("/1/lastPass").isNull()).isTrue();
    }

    @Test
    void showsTheLastPassOfOnePool() throws Exception {
        history.passed(TestPasses.pass("games", Condition.OK, Result.FAILED, TestPasses.CORDON));
        HttpResponse<String> answer = get("/api/v1/pools/games");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertDescribed("/api/v1/pools/{pool}", answer);
        assertThat(json(answer).at("/actions/0/outcome").asText()).isEqualTo("failed");
    }

    @Test
    void showsThePassesThatActedNewestFirst() throws Exception {
        history.passed(TestPasses.pass("games", Condition.OK, Result.DONE, TestPasses.GROW));
        history.passed(TestPasses.pass("games", Condition.OK, Result.DONE, TestPasses.UNCORDON));
        history.passed(TestPasses.idle());
        HttpResponse<String> answer = get("/api/v1/pools/games/passes");

        assertDescribed("/api/v1/pools/{pool}/passes", answer);
        assertThat(json(answer).get("passes")).hasSize(2);
        assertThat(json(answer).at("/passes/0/actions/0/type").asText()).isEqualTo("uncordon");
    }

    @Test
    void saysWhichPoolsThereAreWhenAskedForAnother() throws Exception {
        HttpResponse<String> answer = get("/api/v1/pools/nonsense");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertDescribed("/api/v1/pools/{pool}", answer);
        assertThat(json(answer).get("error").asText()).contains("games, desktops");
        assertThat(get("/api/v1/pools/nonsense/passes").statusCode()).isEqualTo(404);
    }

    @Test
    void saysThatAPoolHasHadNoPassYet() throws Exception {
        HttpResponse<String> answer = get("/api/v1/pools/desktops");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(json(answer).get("error").asText()).contains("'desktops'").contains("standby");
    }

    @Test
    void servesAnIndexOfTheApi() throws Exception {
        HttpResponse<String> answer = get("/api/v1");
        JsonNode index = json(answer);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(description.complaints("/api/v1", 200, index)).isEmpty();
        assertThat(index.get("paths"))
                .extracting(JsonNode::asText)
                .containsExactlyElementsOf(description.paths().stream()
                        .filter(path -> path.startsWith("/api/v1/"))
                        .toList());
        assertThat(get(index.get("description").asText()).statusCode()).isEqualTo(200);
    }

    @Test
    void servesItsOwnDescriptionWhichNamesEveryPath() throws Exception {
        HttpResponse<String> answer = get("/openapi.yaml");

        assertThat(contentType(answer)).startsWith("application/yaml");
        assertThat(answer.body()).startsWith("openapi: 3.1.0");
        assertThat(description.paths()).isEqualTo(server.paths());
    }

    @Test
    void refusesWhatItDoesNotServeInPlainWords() throws Exception {
        HttpResponse<String> nothing = get("/nothing");
        HttpRequest post = HttpRequest.newBuilder(uri("/api/v1/pools"))
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        HttpResponse<String> write = client.send(post, BodyHandlers.ofString());

        assertThat(nothing.statusCode()).isEqualTo(404);
        assertThat(json(nothing).get("error").asText()).contains("/openapi.yaml");
        assertThat(write.statusCode()).isEqualTo(405);
        assertThat(json(write).get("error").asText()).contains("only read");
    }

    @Test
    void tellsNobodyWhatItRunsOnNorWhatWentWrongInside() throws Exception {
        HttpResponse<String> answer = get("/readyz");
        Health broken = new Health(
                List.of(new Heartbeat("loop", Duration.ofSeconds(1), () -> {
                    throw new IllegalStateException("internal words");
                })),
                List.of());
        try (HttpServer other = new HttpServer(ANY_PORT, List.of(), broken, history, metrics)) {
            other.start();
            HttpResponse<String> failed = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/livez".formatted(other.port())))
                            .build(),
                    BodyHandlers.ofString());

            assertThat(failed.statusCode()).isEqualTo(500);
            assertThat(failed.body()).doesNotContain("internal words").contains("the logs say why");
        }
        assertThat(answer.headers().firstValue("Server")).isEmpty();
    }

    @Test
    void saysWhatToDoWhenThePortIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            HttpSettings settings = new HttpSettings(true, "127.0.0.1", taken.getLocalPort());
            try (HttpServer second =
                    new HttpServer(settings, List.of(), new Health(List.of(), List.of()), history, metrics)) {
                assertThatThrownBy(second::start)
                        .isInstanceOf(HttpServerException.class)
                        .hasMessageContaining("port " + taken.getLocalPort())
                        .hasMessageContaining("http.port");
            }
        }
    }

    @Test
    void servesOnNamedDaemonsAndEndsThem() throws Exception {
        get("/livez");
        Set<Thread> threads = httpThreads();

        assertThat(threads).isNotEmpty().allMatch(Thread::isDaemon);
        server.close();
        server.close();
        for (Thread thread : threads) {
            thread.join(Patience.MILLIS);
        }
        assertThat(threads).noneMatch(Thread::isAlive);
    }

    private static Set<Thread> httpThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("kubescaler-http"))
                .collect(Collectors.toSet());
    }

    private void assertDescribed(String path, HttpResponse<String> answer) throws IOException {
        assertThat(description.complaints(path, answer.statusCode(), json(answer)))
                .isEmpty();
        assertThat(contentType(answer)).startsWith("application/json");
    }

    private List<String> failing(HttpResponse<String> answer) throws IOException {
        JsonNode checks = json(answer).get("checks");
        return StreamSupport.stream(checks.spliterator(), false)
                .filter(check -> !check.get("ok").asBoolean())
                .map(check ->
                        check.get("name").asText() + ": " + check.get("message").asText())
                .toList();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(uri(path)).timeout(Patience.LIMIT).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path));
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }

    private static String contentType(HttpResponse<String> answer) {
        return answer.headers().firstValue("Content-Type").orElse("");
    }
}
