package io.kubescaler.app.deploy;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.kubescaler.app.ScalerProcess;
import io.kubescaler.testing.cluster.CloudPool;
import io.kubescaler.testing.cluster.ControlPlane;
import io.kubescaler.testing.cluster.DigitalOceanStandIn;
import io.kubescaler.testing.cluster.KubeletStandIn;
import io.kubescaler.testing.cluster.PoolSpec;
import io.kubescaler.testing.cluster.Servers;
import io.kubescaler.testing.cluster.WithControlPlane;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The whole program with the service account of {@code deploy/kubernetes} and with leader election, as it runs in a
 * cluster: it grows, sets aside, deletes, tells of it and gives its lease back, and nothing that it asks is forbidden.
 */
@WithControlPlane
class ScalerUnderRbacIT {
    private static final String NAMESPACE = "kubescaler";
    private static final Map<String, String> SERVER = Map.of("app", "server");
    private static final Map<String, String> SCALABLE = Map.of("role", "scalable");

    private final ControlPlane controlPlane;
    private KubeletStandIn kubelets;
    private DigitalOceanStandIn cloud;
    private CloudPool pool;
    private Servers servers;

    ScalerUnderRbacIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    @BeforeEach
    void start() {
        Manifests.applyPermissions(controlPlane.admin());
        kubelets = KubeletStandIn.of(controlPlane);
        servers = new Servers(controlPlane, SERVER, SCALABLE, "1");
        cloud = DigitalOceanStandIn.inFrontOf(controlPlane, SERVER, PoolSpec.of("servers", 2, SCALABLE));
        pool = cloud.pool("servers");
        // the API server learns of new roles a little later, and nothing may be forbidden meanwhile
        awaitAllowed("watch", "pods", "--all-namespaces");
        awaitAllowed("create", "events.events.k8s.io", "--namespace=default");
        awaitAllowed("update", "leases.coordination.k8s.io/kubescaler", "--namespace=" + NAMESPACE);
    }

    @AfterEach
    void stop() {
        cloud.close();
        kubelets.close();
        Manifests.removePermissions(controlPlane.admin());
    }

    @Test
    void scalesWithoutAForbiddenRequest() {
        double forbidden = countOfForbiddenAfterOne();
        try (ScalerProcess scaler = ScalerProcess.start("scalesWithoutAForbiddenRequest", environment())) {
            await().untilAsserted(() -> assertThat(holder()).as(scaler.output()).startsWith("kubescaler-0_"));
            servers.create(12);
            await().untilAsserted(() ->
                    assertThat(servers.running()).as(scaler.output()).isEqualTo(12));
            servers.end(12);
            await().untilAsserted(
                            () -> assertThat(pool.count()).as(scaler.output()).isEqualTo(2));

            assertThat(scaler.stop()).as(scaler.output()).hasValue(0);
            assertThat(scaler.output()).doesNotContainIgnoringCase("forbidden");
        }
        assertThat(forbiddenRequests()).isEqualTo(forbidden);
        assertThat(holder()).as("the holder of the lease after the end").isEmpty();
        assertThat(reasons("default")).contains("NodeCordoned", "NodeDeleted").doesNotContain("DeleteFailed");
        assertThat(reasons(NAMESPACE)).contains("PoolGrown", "BecameLeader");
    }

    private Map<String, String> environment() {
        Map<String, String> environment =
                new HashMap<>(ScalerProcess.environment(controlPlane, cloud, pool, "role=scalable"));
        environment.put(
                "CLUSTER_KUBE_CONFIG_PATH",
                controlPlane.kubeconfigOfServiceAccount(NAMESPACE, "kubescaler").toString());
        environment.put("LEADER_ELECTION_ENABLED", "true");
        environment.put("LEADER_ELECTION_NAMESPACE", NAMESPACE);
        environment.put("POD_NAME", "kubescaler-0");
        environment.put("POD_NAMESPACE", NAMESPACE);
        return environment;
    }

    private String holder() {
        return controlPlane
                .kubectl()
                .run(
                        "get",
                        "lease",
                        "kubescaler",
                        "--namespace=" + NAMESPACE,
                        "--ignore-not-found",
                        "--output=jsonpath={.spec.holderIdentity}");
    }

    private List<String> reasons(String namespace) {
        return controlPlane.admin().events().v1().events().inNamespace(namespace).list().getItems().stream()
                .map(Event::getReason)
                .toList();
    }

    private void awaitAllowed(String verb, String resource, String where) {
        await().until(() -> controlPlane
                        .kubectl()
                        .tryToRun(
                                "auth",
                                "can-i",
                                verb,
                                resource,
                                where,
                                "--as=system:serviceaccount:%s:kubescaler".formatted(NAMESPACE))
                        .status()
                == 0);
    }

    /** Has one request refused, to see that it is counted, and returns the count. */
    private double countOfForbiddenAfterOne() {
        double before = forbiddenRequests();
        assertThat(controlPlane
                        .kubectl()
                        .tryToRun("get", "--raw=/api/v1/secrets", "--as=system:serviceaccount:kubescaler:kubescaler")
                        .errors())
                .contains("forbidden");
        double after = forbiddenRequests();
        assertThat(after).isGreaterThan(before);
        return after;
    }

    /** Returns how many requests the API server has refused to anybody for want of a permission. */
    private double forbiddenRequests() {
        return controlPlane
                .kubectl()
                .run("get", "--raw=/metrics")
                .lines()
                .filter(line -> line.startsWith("authorization_attempts_total{"))
                .filter(line -> !line.contains("result=\"allowed\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
