package io.kubescaler.testing.cluster;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Node;
import io.kubescaler.testing.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithControlPlane
class DigitalOceanStandInIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, String> SERVER = Map.of("app", "server");

    private final HttpClient http = HttpClient.newHttpClient();
    private final ControlPlane controlPlane;
    private KubeletStandIn kubelets;
    private DigitalOceanStandIn cloud;
    private CloudPool pool;
    private String poolPath;

    DigitalOceanStandInIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    @BeforeEach
    void start() throws Exception {
        kubelets = KubeletStandIn.of(controlPlane);
        cloud = DigitalOceanStandIn.inFrontOf(
                controlPlane,
                SERVER,
                PoolSpec.of("system", 1, Map.of()),
                PoolSpec.of("servers", 2, Map.of("role", "scalable")));
        pool = cloud.pool("servers");
        poolPath = clusterPath() + "/node_pools/" + pool.id();
    }

    @AfterEach
    void stop() {
        cloud.close();
        kubelets.close();
    }

    private String clusterPath() throws Exception {
        for (JsonNode cluster : get("/v2/kubernetes/clusters?per_page=200").path("kubernetes_clusters")) {
            if (cluster.path("name").asText().equals(DigitalOceanStandIn.CLUSTER)) {
                return "/v2/kubernetes/clusters/" + cluster.path("id").asText();
            }
        }
        throw new AssertionError("no cluster");
    }

    @Test
    void servesClustersAndPoolsInPages() throws Exception {
        cloud.pageSize(1);
        List<String> names = new ArrayList<>();
        String next = "/v2/kubernetes/clusters?per_page=100";
        while (!next.isEmpty()) {
            JsonNode page = get(next);
            assertThat(page.path("kubernetes_clusters")).hasSize(1);
            names.add(page.at("/kubernetes_clusters/0/name").asText());
            next = page.at("/links/pages/next").asText().replace(cloud.url(), "");
        }
        assertThat(names).hasSize(4).contains(DigitalOceanStandIn.CLUSTER);
        assertThat(get(clusterPathOfPool() + "/node_pools").path("node_pools")).hasSize(1);
    }

    private String clusterPathOfPool() {
        return poolPath.substring(0, poolPath.indexOf("/node_pools"));
    }

    @Test
    void startsWithReadyNodesThatItsAnswersName() throws Exception {
        JsonNode described = get(poolPath).path("node_pool");
        assertThat(described.path("count").asInt()).isEqualTo(2);
        JsonNode machine = described.at("/nodes/0");
        assertThat(machine.at("/status/state").asText()).isEqualTo("running");
        awaitReady(2);
        Node node = controlPlane
                .admin()
                .nodes()
                .withName(machine.path("name").asText())
                .get();
        assertThat(node.getMetadata().getLabels())
                .containsEntry(
                        "doks.digitalocean.com/node-id", machine.path("id").asText())
                .containsEntry("role", "scalable");
        assertThat(node.getSpec().getProviderID())
                .isEqualTo("digitalocean://" + machine.path("droplet_id").asText());
    }

    @Test
    void bootsTheNodesOfAGrowthOverTime() throws Exception {
        awaitReady(2);
        pool.bootTime(Duration.ofSeconds(2));

        HttpResponse<String> answer = put(4);

        assertThat(answer.statusCode()).isEqualTo(202);
        JsonNode described = JSON.readTree(answer.body()).path("node_pool");
        assertThat(described.path("count").asInt()).isEqualTo(4);
        assertThat(described.at("/nodes/3/status/state").asText()).isEqualTo("provisioning");
        assertThat(described.at("/nodes/3/droplet_id").asText()).isEmpty();
        awaitReady(4);
        assertThat(pool.bought()).isEqualTo(2);
        assertThat(pool.resizes())
                .singleElement()
                .satisfies(resize -> assertThat(resize.to()).isEqualTo(4));
    }

    @Test
    void neverBringsAStuckMachine() throws Exception {
        pool.bootTime(Duration.ofMillis(100));
        pool.nextMachinesNeverCome(1);
        put(4);
        awaitReady(3);
        assertThat(get(poolPath).at("/node_pool/nodes").findValuesAsText("state"))
                .containsExactly("running", "running", "provisioning", "running");
    }

    @Test
    void deletesAMachineOnceAndItsNodeWithIt() throws Exception {
        awaitReady(2);
        JsonNode machine = get(poolPath).at("/node_pool/nodes/0");
        String path = poolPath + "/nodes/" + machine.path("id").asText();

        assertThat(send("DELETE", path + "?skip_drain=1", "").statusCode()).isEqualTo(202);
        assertThat(send("DELETE", path, "").statusCode()).isEqualTo(404);

        assertThat(get(poolPath).at("/node_pool/count").asInt()).isEqualTo(1);
        await().untilAsserted(() ->
                assertThat(nodeNames()).doesNotContain(machine.path("name").asText()));
        assertThat(pool.removals())
                .singleElement()
                .satisfies(removal -> assertThat(removal.countAfter()).isOne());
        assertThat(cloud.killedServers()).isEmpty();
    }

    @Test
    void recordsTheServersThatADeletionKills() throws Exception {
        awaitReady(2);
        Servers servers = new Servers(controlPlane, SERVER, Map.of("role", "scalable"), "4");
        servers.create(2);
        await().until(() -> servers.running() == 2);
        List<String> machines = get(poolPath).at("/node_pool/nodes").findValuesAsText("id");

        send("DELETE", poolPath + "/nodes/" + machines.get(0), "");
        await().until(() -> servers.pods().size() == 1);
        assertThat(cloud.killedServers()).hasSize(1).allMatch(key -> key.startsWith(servers.namespace() + "/"));

        put(0);
        await().until(() -> servers.pods().isEmpty());
        assertThat(cloud.killedServers()).hasSize(2);
    }

    @Test
    void refusesWhatTheCloudRefuses() throws Exception {
        cloud.dropletLimit(4);
        assertThat(put(4).statusCode()).isEqualTo(422);
        assertThat(put(4).body()).contains("droplet limit");
        assertThat(pool.count()).isEqualTo(2);
        assertThat(send("PUT", poolPath, "{\"count\":3}").statusCode()).isEqualTo(422);
        assertThat(send("PUT", poolPath, "{").statusCode()).isEqualTo(400);
        assertThat(send("GET", poolPath.replace(pool.id(), "none"), "").statusCode())
                .isEqualTo(404);
        cloud.tokenIsNow("another");
        assertThat(send("GET", poolPath, "").statusCode()).isEqualTo(401);
    }

    @Test
    void answersTheTemplateUnlessItIsSwitchedOff() throws Exception {
        String path = clusterPathOfPool() + "/node_pools_template/servers";
        JsonNode allocatable = get(path).at("/template/allocatable");
        assertThat(allocatable.path("cpu").isInt()).isTrue();
        assertThat(allocatable.path("pods").asInt()).isEqualTo(110);
        cloud.template(false);
        assertThat(send("GET", path, "").statusCode()).isEqualTo(404);
    }

    @Test
    void keepsBothRateLimits() throws Exception {
        // one was made at the start
        cloud.burstLimit(2, Duration.ofMinutes(1));
        get(poolPath);
        HttpResponse<String> burst = send("GET", poolPath, "");
        assertThat(burst.statusCode()).isEqualTo(429);
        assertThat(burst.headers().firstValueAsLong("retry-after").orElseThrow())
                .isBetween(50L, 60L);

        cloud.hourlyLimit(1, Duration.ofHours(1));
        HttpResponse<String> hourly = send("GET", poolPath, "");
        assertThat(hourly.statusCode()).isEqualTo(429);
        assertThat(hourly.headers().firstValue("retry-after")).isEmpty();
        assertThat(hourly.headers().firstValue("ratelimit-remaining")).hasValue("0");
        long reset = hourly.headers().firstValueAsLong("ratelimit-reset").orElseThrow();
        assertThat(Instant.ofEpochSecond(reset))
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(59)),
                        Instant.now().plus(Duration.ofMinutes(61)));
    }

    @Test
    void spoilsAnswersOnDemand() throws Exception {
        cloud.spoil("GET", pool.id(), 1, Fault.status(503, "unavailable", "not now"));
        cloud.spoil("GET", pool.id(), 1, Fault.html(502, "<html>"));
        // orders are cut, not reads: Java's client repeats a read whose connection breaks, at times
        cloud.spoil("PUT", pool.id(), 1, new Fault.Cut());
        cloud.spoil("PUT", pool.id(), 1, new Fault.LostAnswer());
        cloud.spoil("GET", pool.id(), 1, new Fault.Late(Duration.ofMillis(300)));

        assertThat(send("GET", poolPath, "").body()).contains("not now");
        assertThat(send("GET", poolPath, "").body()).isEqualTo("<html>");
        assertThatThrownBy(() -> put(3)).isInstanceOf(IOException.class);
        assertThat(pool.count()).isEqualTo(2);
        assertThatThrownBy(() -> put(3)).isInstanceOf(IOException.class);
        assertThat(pool.count()).isEqualTo(3);
        Instant before = Instant.now();
        assertThat(get(poolPath).at("/node_pool/count").asInt()).isEqualTo(3);
        assertThat(Duration.between(before, Instant.now())).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(cloud.exchanges()).extracting(Exchange::status).contains(503, 502, 0, 200);
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> answer = send("GET", path, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> put(int count) throws Exception {
        return send("PUT", poolPath, "{\"name\":\"servers\",\"count\":%d}".formatted(count));
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(cloud.url() + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + DigitalOceanStandIn.TOKEN)
                .timeout(Patience.LIMIT)
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private List<String> nodeNames() {
        return controlPlane.admin().nodes().withLabel("role", "scalable").list().getItems().stream()
                .map(node -> node.getMetadata().getName())
                .toList();
    }

    private long ready() {
        return controlPlane.admin().nodes().withLabel("role", "scalable").list().getItems().stream()
                .filter(node -> node.getSpec().getTaints().isEmpty())
                .count();
    }

    private void awaitReady(int count) {
        await().until(() -> ready() == count);
    }
}
