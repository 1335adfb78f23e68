package io.kubescaler.app.deploy;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.app.ScalerProcess;
import io.kubescaler.app.cli.Program;
import io.kubescaler.app.cli.Surroundings;
import io.kubescaler.testing.cluster.ControlPlane;
import io.kubescaler.testing.cluster.DigitalOceanStandIn;
import io.kubescaler.testing.cluster.KubeletStandIn;
import io.kubescaler.testing.cluster.PoolSpec;
import io.kubescaler.testing.cluster.Servers;
import io.kubescaler.testing.cluster.WithControlPlane;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code check --connect} as the service account of {@code deploy/kubernetes}, as in the pod of the Deployment: it finds
 * everything in order with all permissions, and names each one that is taken away.
 */
@WithControlPlane
class CheckUnderRbacIT {
    private static final String NAMESPACE = "kubescaler";
    private static final Map<String, String> SCALABLE = Map.of("role", "scalable");

    private final ControlPlane controlPlane;
    private final KubernetesClient admin;
    private KubeletStandIn kubelets;
    private DigitalOceanStandIn cloud;
    private Path kubeconfig;

    CheckUnderRbacIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.admin = controlPlane.admin();
    }

    private record Result(int status, JsonNode document, String err) {
        List<String> found(String... severities) {
            return StreamSupport.stream(document.get("findings").spliterator(), false)
                    .filter(finding ->
                            List.of(severities).contains(finding.get("severity").asText()))
                    .map(finding -> finding.get("what").asText() + ": "
                            + finding.get("message").asText())
                    .toList();
        }
    }

    @BeforeEach
    void start() {
        Manifests.applyPermissions(admin);
        kubelets = KubeletStandIn.of(controlPlane);
        cloud = DigitalOceanStandIn.inFrontOf(
                controlPlane, Map.of("app", "server"), PoolSpec.of("servers", 2, SCALABLE));
        // by a selector that no pod matches nothing would be set aside, and the check would warn of it
        new Servers(controlPlane, Map.of("app", "server"), SCALABLE, "1").create(1);
        kubeconfig = controlPlane.kubeconfigOfServiceAccount(NAMESPACE, "kubescaler");
    }

    @AfterEach
    void stop() {
        cloud.close();
        kubelets.close();
        Manifests.removePermissions(admin);
    }

    @Test
    void findsEverythingInOrder() {
        awaiting().untilAsserted(() -> {
            Result result = check();
            assertThat(result.found("error", "warning")).as(result.err()).isEmpty();
            assertThat(result.status()).isZero();
            assertThat(result.found("ok"))
                    .contains(
                            "lease: kubescaler/kubescaler is not there yet and can be created at " + controlPlane.url())
                    .anyMatch(text -> text.startsWith("pool servers: a pass on paper: Ok: ")
                            && text.endsWith("slots on a new node: 4"));
        });
    }

    static List<String> permissions() {
        return RbacIT.permissions();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("permissions")
    void namesAPermissionThatIsTakenAway(String permission) {
        HasMetadata role = Manifests.read(admin, "rbac.yaml").stream()
                .filter(object -> Manifests.permissions(object).contains(permission))
                .findFirst()
                .orElseThrow();
        Manifests.remove(role, permission);
        admin.resource(role).update();
        // such as "update leases"
        String missing = permission.substring(permission.indexOf(": ") + 2);
        boolean onlyOfEvents = missing.endsWith(" events");

        awaiting().untilAsserted(() -> {
            Result result = check();
            assertThat(result.found("error", "warning"))
                    .filteredOn(text -> text.startsWith("permission to "))
                    .singleElement()
                    .satisfies(text -> assertThat(text)
                            .startsWith("permission to " + missing)
                            .contains("missing"));
            assertThat(result.status()).isEqualTo(onlyOfEvents ? 0 : 1);
        });
    }

    /** The API server learns of changed roles a little later; the cloud takes no more than 250 requests a minute. */
    private static ConditionFactory awaiting() {
        return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofSeconds(2));
    }

    private Result check() {
        Map<String, String> environment =
                new HashMap<>(ScalerProcess.environment(controlPlane, cloud, cloud.pool("servers"), "role=scalable"));
        environment.put("CLUSTER_KUBE_CONFIG_PATH", kubeconfig.toString());
        // as in the pod of the Deployment
        environment.put("KUBERNETES_SERVICE_HOST", "10.0.0.1");
        environment.put("POD_NAME", "kubescaler-0");
        environment.put("POD_NAMESPACE", NAMESPACE);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Program.run(
                new Surroundings(environment, new PrintWriter(out), new PrintWriter(err), Clock.systemUTC()),
                "check",
                "--connect",
                "--output=json");
        try {
            return new Result(status, new ObjectMapper().readTree(out.toString()), err.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
