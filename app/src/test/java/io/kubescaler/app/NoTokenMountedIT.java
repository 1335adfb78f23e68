package io.kubescaler.app;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.testing.cluster.CloudPool;
import io.kubescaler.testing.cluster.ControlPlane;
import io.kubescaler.testing.cluster.DigitalOceanStandIn;
import io.kubescaler.testing.cluster.Exchange;
import io.kubescaler.testing.cluster.KubeletStandIn;
import io.kubescaler.testing.cluster.PoolSpec;
import io.kubescaler.testing.cluster.WithControlPlane;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Two replicas of a Deployment that reach the cluster by a kubeconfig and have no token mounted. Where they know their
 * namespace one leads and the other stands by; one that does not know it refuses to start, and so never acts beside the
 * other.
 */
@WithControlPlane
class NoTokenMountedIT {
    private static final Map<String, String> SERVER = Map.of("app", "server");
    private static final Map<String, String> SCALABLE = Map.of("role", "scalable");

    private final ControlPlane controlPlane;
    private KubeletStandIn kubelets;
    private DigitalOceanStandIn cloud;
    private CloudPool pool;
    private String namespace;

    NoTokenMountedIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    @BeforeEach
    void start() {
        namespace = controlPlane.newNamespace();
        kubelets = KubeletStandIn.of(controlPlane);
        // fewer than the minimum of 2, so that whoever acts orders one
        cloud = DigitalOceanStandIn.inFrontOf(controlPlane, SERVER, PoolSpec.of("servers", 1, SCALABLE));
        pool = cloud.pool("servers");
        cloud.tokensAreNow(Set.of(tokenOf("first"), tokenOf("second")));
    }

    @AfterEach
    void stop() {
        cloud.close();
        kubelets.close();
    }

    @Test
    void theSecondRefusesToStartWhenItDoesNotKnowItsNamespace() {
        try (ScalerProcess first = start("refuses", "first", Map.of("POD_NAMESPACE", namespace))) {
            waiting().until(() -> first.metric("kubescaler_leader") == 1);

            try (ScalerProcess second = start("refuses", "second", Map.of())) {
                assertThat(second.process().awaitExit()).as(second.output()).hasValue(2);
                assertThat(second.output())
                        .contains("leader-election.namespace is not set")
                        .contains("KUBERNETES_SERVICE_HOST = 10.0.0.1")
                        .contains("leader-election.enabled = false");
            }
            waiting().until(() -> pool.count() >= 2);
        }
        assertThat(requestsOf("second")).isEmpty();
    }

    @Test
    void theSecondStandsByWhenBothKnowTheirNamespace() {
        Map<String, String> told = Map.of("POD_NAMESPACE", namespace);
        try (ScalerProcess first = start("standsBy", "first", told)) {
            waiting().until(() -> first.metric("kubescaler_leader") == 1);

            try (ScalerProcess second = start("standsBy", "second", told)) {
                waiting().until(() -> second.output().contains("is held by first"));
                waiting().until(() -> pool.count() >= 2);
                assertThat(second.metric("kubescaler_leader")).isZero();
            } catch (IOException e) {
                throw new AssertionError("the second no longer answers", e);
            }
        }
        assertThat(requestsOf("first")).isNotEmpty();
        assertThat(requestsOf("second"))
                .allSatisfy(exchange -> assertThat(exchange.method()).isEqualTo("GET"));
    }

    private ScalerProcess start(String test, String name, Map<String, String> ofThePod) {
        Map<String, String> environment =
                new HashMap<>(ScalerProcess.environment(controlPlane, cloud, pool, "role=scalable"));
        environment.put("KUBERNETES_SERVICE_HOST", "10.0.0.1");
        environment.put("KUBERNETES_SERVICE_PORT", "443");
        environment.put("CLOUD_PROVIDER_TOKEN", tokenOf(name));
        environment.put("LEADER_ELECTION_IDENTITY", name);
        environment.putAll(ofThePod);
        return ScalerProcess.start("noToken-%s-%s".formatted(test, name), environment);
    }

    private static String tokenOf(String replica) {
        return "token-of-" + replica;
    }

    private List<Exchange> requestsOf(String replica) {
        return cloud.exchanges().stream()
                .filter(exchange -> exchange.token().equals(tokenOf(replica)))
                .toList();
    }

    private static ConditionFactory waiting() {
        // an HTTP server is not there yet
        return await().ignoreExceptionsInstanceOf(IOException.class);
    }
}
