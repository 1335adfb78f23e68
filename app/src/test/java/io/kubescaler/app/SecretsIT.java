package io.kubescaler.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubescaler.app.cli.Program;
import io.kubescaler.app.cli.Surroundings;
import io.kubescaler.app.testing.CloudPool;
import io.kubescaler.app.testing.ControlPlane;
import io.kubescaler.app.testing.DigitalOceanStandIn;
import io.kubescaler.app.testing.Fault;
import io.kubescaler.app.testing.KubeletStandIn;
import io.kubescaler.app.testing.PoolSpec;
import io.kubescaler.app.testing.ScalerProcess;
import io.kubescaler.app.testing.Servers;
import io.kubescaler.app.testing.WithControlPlane;
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
        environment.put("PROVIDERS_DIGITALOCEAN_REQUEST_TIMEOUT", "1s");
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
            spoilEveryWay("GET", pool.id());
            awaitSpoiled(scaler);
            // 4 nodes without servers are 2 too many
            spoilEveryWay("DELETE", "/nodes/");
            awaitSpoiled(scaler);
            await().atMost(Duration.ofSeconds(60)).until(() -> pool.removals().size() == 2);
            spoilEveryWay("PUT", pool.id());
            servers.create(9);
            awaitSpoiled(scaler);

            assertThat(ofHttpServer(scaler)).contains("kubescaler_").satisfies(this::holdsNoSecret);
            OptionalInt status = scaler.stop(Duration.ofSeconds(15));
            assertThat(status).as(scaler.output()).hasValue(0);
            assertThat(scaler.output()).contains("401", "429", "503", "422").satisfies(this::holdsNoSecret);
        }
        assertThat(ofCluster()).contains("Cordon").satisfies(this::holdsNoSecret);
    }

    /** All kinds of failure, each with the token in whatever the cloud can put it into. */
    private void spoilEveryWay(String method, String path) {
        List.of(
                        Fault.status(401, "Unauthorized", "cannot authenticate Bearer " + TOKEN),
                        Fault.status(503, "unavailable", TOKEN + " " + base64(TOKEN)),
                        Fault.html(502, "<html><body>Authorization: Bearer %s</body></html>".formatted(TOKEN)),
                        new Fault.Answer(200, JSON, "no JSON, but " + TOKEN),
                        new Fault.Answer(200, JSON, "{\"node_pool\":{\"id\":\"%s\",\"count\":\"x\"}}".formatted(TOKEN)),
                        new Fault.Answer(302, Map.of("location", cloud.url() + "/?token=" + TOKEN), ""),
                        new Fault.Answer(
                                429,
                                Map.of("content-type", "application/json", "retry-after", "1", "x-request-id", TOKEN),
                                "{\"id\":\"too_many_requests\",\"message\":\"%s\"}".formatted(TOKEN)),
                        new Fault.Cut(),
                        new Fault.Late(Duration.ofMillis(1500)),
                        // the last one, since growth pauses after it
                        Fault.status(422, "unprocessable_entity", "droplet limit of " + TOKEN))
                .forEach(fault -> cloud.spoil(method, path, 1, fault));
    }

    private void awaitSpoiled(ScalerProcess scaler) {
        await().atMost(Duration.ofSeconds(60))
                .failFast("the scaler has ended", () -> !scaler.process().alive())
                .until(() -> cloud.spoilsLeft() == 0);
    }

    @Test
    void showsNoTokenWhenTheCloudRefusesIt() {
        cloud.spoil("GET", "/v2/", 100, Fault.status(401, "Unauthorized", "cannot authenticate Bearer " + TOKEN));
        assertThat(ofCommand(environment, 1, "check", "--connect"))
                .contains("401")
                .satisfies(this::holdsNoSecret);
    }

    @Test
    void showsNoTokenOfTheConfiguration() {
        assertThat(ofCommand(environment, 0, "check")).contains("***").satisfies(this::holdsNoSecret);

        Map<String, String> broken = new HashMap<>(environment);
        broken.put("CLOUD_PROVIDER_TOKEN", TOKEN + "\nand another line");
        broken.put("MINIMUM_NODE_POOL_SIZE", "13");
        assertThat(ofCommand(broken, 2, "run"))
                .contains("MINIMUM_NODE_POOL_SIZE")
                .satisfies(this::holdsNoSecret);
        assertThat(ofCommand(environment, 2, "run", "--set", "cloud-provider-tokn=" + TOKEN))
                .contains("cloud-provider-token")
                .satisfies(this::holdsNoSecret);
    }

    private static String ofCommand(Map<String, String> environment, int expected, String... arguments) {
        StringWriter said = new StringWriter();
        PrintWriter writer = new PrintWriter(said);
        int status = Program.run(new Surroundings(environment, writer, writer, Clock.systemUTC()), arguments);
        assertThat(status).as(said.toString()).isEqualTo(expected);
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
