package io.kubescaler.app;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.app.cli.Program;
import io.kubescaler.app.cli.Surroundings;
import io.kubescaler.testing.cluster.CloudPool;
import io.kubescaler.testing.cluster.ControlPlane;
import io.kubescaler.testing.cluster.DigitalOceanStandIn;
import io.kubescaler.testing.cluster.Fault;
import io.kubescaler.testing.cluster.KubeletStandIn;
import io.kubescaler.testing.cluster.PoolSpec;
import io.kubescaler.testing.cluster.Servers;
import io.kubescaler.testing.cluster.WithControlPlane;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The cloud's token and the cluster's show up nowhere, whatever fails and however the cloud answers with them. */
@WithControlPlane
class SecretsIT {
    private static final String TOKEN = DigitalOceanStandIn.TOKEN;
    private static final Map<String, String> SERVER = Map.of("app", "server");
    private static final Map<String, String> SCALABLE = Map.of("role", "scalable");
    private static final Map<String, String> JSON = Map.of("content-type", "application/json");

    // all kinds of failure, each with the token in whatever the cloud can put it into
    private static final Fault UNAUTHORIZED = Fault.status(401, "Unauthorized", "cannot authenticate Bearer " + TOKEN);
    private static final Fault UNAVAILABLE = Fault.status(503, "unavailable", TOKEN + " " + base64(TOKEN));
    private static final Fault PROXY =
            Fault.html(502, "<html><body>Authorization: Bearer %s</body></html>".formatted(TOKEN));
    private static final Fault RATE_LIMITED = new Fault.Answer(
            429,
            Map.of("content-type", "application/json", "retry-after", "1", "x-request-id", TOKEN),
            "{\"id\":\"too_many_requests\",\"message\":\"%s\"}".formatted(TOKEN));
    private static final Fault DROPLET_LIMIT = Fault.status(422, "unprocessable_entity", "droplet limit of " + TOKEN);
    private static final List<Fault> FAULTS = List.of(
            UNAUTHORIZED,
            UNAVAILABLE,
            PROXY,
            DROPLET_LIMIT,
            Fault.status(403, "forbidden", TOKEN),
            Fault.status(404, "not_found", TOKEN),
            new Fault.Answer(200, JSON, "no JSON, but " + TOKEN),
            new Fault.Answer(200, JSON, "{\"node_pool\":{\"id\":\"%s\",\"count\":\"x\"}}".formatted(TOKEN)),
            new Fault.Answer(302, Map.of("location", "/?token=" + TOKEN), ""),
            RATE_LIMITED,
            new Fault.Cut(),
            new Fault.Late(Duration.ofMillis(1500)));

    private final ControlPlane controlPlane;
    private KubeletStandIn kubelets;
    private DigitalOceanStandIn cloud;
    private CloudPool pool;
    private Servers servers;
    private Map<String, String> environment;
    private String clusterToken;

    SecretsIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    @BeforeEach
    void start() throws Exception {
        kubelets = KubeletStandIn.of(controlPlane);
        servers = new Servers(controlPlane, SERVER, SCALABLE, "1");
        cloud = DigitalOceanStandIn.inFrontOf(controlPlane, SERVER, PoolSpec.of("servers", 4, SCALABLE));
        pool = cloud.pool("servers");
        environment = new HashMap<>(ScalerProcess.environment(controlPlane, cloud, pool, "role=scalable"));
        environment.put("CLUSTER_KUBE_CONFIG_PATH", kubeconfigWithToken().toString());
        environment.put("LOG_LEVEL", "trace");
    }

    private Path kubeconfigWithToken() throws IOException {
        controlPlane.kubectl().run("create", "serviceaccount", "scaler", "--namespace", servers.namespace());
        controlPlane
                .kubectl()
                .run(
                        "create",
                        "clusterrolebinding",
                        "scaler",
                        "--clusterrole=cluster-admin",
                        "--serviceaccount=%s:scaler".formatted(servers.namespace()));
        Path kubeconfig = controlPlane.kubeconfigOfServiceAccount(servers.namespace(), "scaler");
        clusterToken = Files.readString(kubeconfig).replaceAll("(?s).*token: '([^']+)'.*", "$1");
        return kubeconfig;
    }

    @AfterEach
    void stop() {
        cloud.close();
        kubelets.close();
    }

    @Test
    void showsNoTokenWhateverFails() throws Exception {
        try (ScalerProcess scaler = ScalerProcess.start("secrets", environment)) {
            // 4 nodes without servers are 2 too many; each is tried once, and again only half a minute later
            cloud.spoil("DELETE", "/nodes/", 1, UNAUTHORIZED);
            cloud.spoil("DELETE", "/nodes/", 1, PROXY);
            awaitSpoiled(scaler);
            // the last one, since growth pauses after it
            List.of(UNAVAILABLE, RATE_LIMITED, DROPLET_LIMIT).forEach(fault -> cloud.spoil("PUT", pool.id(), 1, fault));
            servers.create(9);
            awaitSpoiled(scaler);

            assertThat(ofHttpServer(scaler)).contains("kubescaler_").satisfies(this::holdsNoSecret);
            OptionalInt status = scaler.stop();
            assertThat(status).as(scaler.output()).hasValue(0);
            assertThat(scaler.output())
                    .contains("401", "502", "503", "429", "422")
                    .satisfies(this::holdsNoSecret);
        }
        assertThat(ofCluster()).contains("Cordon").satisfies(this::holdsNoSecret);
    }

    private void awaitSpoiled(ScalerProcess scaler) {
        await().failFast("the scaler has ended", () -> !scaler.process().alive())
                .until(() -> cloud.spoilsLeft() == 0);
    }

    @Test
    void showsNoTokenWhateverTheCloudAnswersToACheck() {
        // so that an answer can be too late for it
        Map<String, String> impatient = new HashMap<>(environment);
        impatient.put("PROVIDERS_DIGITALOCEAN_REQUEST_TIMEOUT", "1s");
        for (Fault fault : FAULTS) {
            cloud.spoil("GET", "/v2/", 1, fault);
            cloud.spoil("GET", pool.id(), 1, fault);
            String said = ofCommand(impatient, List.of(0, 1), "check", "--connect");
            assertThat(said).as("after %s", fault).isNotBlank().satisfies(this::holdsNoSecret);
            said = ofCommand(impatient, List.of(0, 1), "plan", "--output", "json");
            assertThat(said).as("after %s", fault).isNotBlank().satisfies(this::holdsNoSecret);
        }
        cloud.tokenIsNow("another");
        assertThat(ofCommand(environment, List.of(1), "check", "--connect"))
                .contains("401")
                .satisfies(this::holdsNoSecret);
    }

    @Test
    void showsNoTokenOfTheConfiguration() {
        assertThat(ofCommand(environment, List.of(0), "check")).contains("***").satisfies(this::holdsNoSecret);

        Map<String, String> broken = new HashMap<>(environment);
        broken.put("CLOUD_PROVIDER_TOKEN", TOKEN + "\nand another line");
        broken.put("MINIMUM_NODE_POOL_SIZE", "13");
        assertThat(ofCommand(broken, List.of(2), "run"))
                .contains("MINIMUM_NODE_POOL_SIZE")
                .satisfies(this::holdsNoSecret);
        assertThat(ofCommand(environment, List.of(2), "run", "--set", "cloud-provider-tokn=" + TOKEN))
                .contains("cloud-provider-token")
                .satisfies(this::holdsNoSecret);
    }

    private static String ofCommand(Map<String, String> environment, List<Integer> expected, String... arguments) {
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int status = Program.run(new Surroundings(environment, writer, writer, Clock.systemUTC()), arguments);
        assertThat(status).as(said.toString()).isIn(expected);
        return said.toString();
    }

    private static String ofHttpServer(ScalerProcess scaler) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String path : List.of(
                "/livez",
                "/readyz",
                "/metrics",
                "/api/v1/pools",
                "/api/v1/pools/servers",
                "/api/v1/pools/servers/passes")) {
            all.append(scaler.get(path).body()).append('\n');
        }
        return all.toString();
    }

    private String ofCluster() {
        return controlPlane.kubectl().run("get", "events,nodes,leases,pods", "-A", "-o", "json");
    }

    /** Not as it is, not encoded, and no large part of it either. */
    private void holdsNoSecret(String text) {
        for (String secret : List.of(TOKEN, clusterToken)) {
            assertThat(text).doesNotContain(base64(secret), secret.substring(12, 40));
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
