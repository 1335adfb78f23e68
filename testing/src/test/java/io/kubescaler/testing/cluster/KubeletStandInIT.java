package io.kubescaler.testing.cluster;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@WithControlPlane
class KubeletStandInIT {
    private final ControlPlane controlPlane;
    private final KubernetesClient admin;
    private final CloudNodes nodes;
    private KubeletStandIn kubelets;

    KubeletStandInIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.admin = controlPlane.admin();
        this.nodes = new CloudNodes(admin, Map.of("app", "server"));
    }

    @BeforeEach
    void start() {
        kubelets = KubeletStandIn.of(controlPlane);
    }

    @AfterEach
    void stop() {
        kubelets.close();
    }

    @Test
    void bringsANodeUpOnceItsKubeletRuns() {
        nodes.join("node", Map.of("role", "scalable"), "digitalocean://1", PoolSpec.of("pool", 1, Map.of()));
        assertThat(node().getSpec().getTaints()).extracting("key").contains("node.kubernetes.io/not-ready");

        nodes.startKubelet("node");

        await().untilAsserted(() -> {
            assertThat(node().getSpec().getTaints()).isEmpty();
            assertThat(node().getStatus().getConditions())
                    .filteredOn("type", "Ready")
                    .extracting("status")
                    .containsExactly("True");
            assertThat(node().getStatus().getAllocatable().get("cpu").toString())
                    .isEqualTo("4");
        });
    }

    @Test
    void runsPodsAndLetsThemGo() {
        Servers servers = new Servers(controlPlane, Map.of("app", "server"), "1");
        nodes.join("node", Map.of(), "digitalocean://1", PoolSpec.of("pool", 1, Map.of()));
        nodes.startKubelet("node");
        servers.create(5);

        await().until(() -> servers.running() == 4);
        assertThat(servers.pods())
                .hasSize(5)
                .filteredOn(pod -> pod.getSpec().getNodeName() == null)
                .hasSize(1);
        Pod gone = servers.pods().stream()
                .filter(pod -> pod.getSpec().getNodeName() != null)
                .findFirst()
                .orElseThrow();
        // with the grace that a pod asks for, 30 s: only a kubelet can end it sooner
        admin.resource(gone).delete();

        await().untilAsserted(() -> {
            assertThat(servers.pods()).hasSize(4).doesNotContain(gone);
            assertThat(servers.running()).isEqualTo(4);
        });
    }

    @Test
    void leavesPodsOfASilentNodeAlone() {
        Servers servers = new Servers(controlPlane, Map.of("app", "server"), "1");
        nodes.join("node", Map.of(), "digitalocean://1", PoolSpec.of("pool", 1, Map.of()));
        nodes.startKubelet("node");
        servers.create(1);
        await().until(() -> servers.running() == 1);

        admin.nodes()
                .withName("node")
                .patch(
                        PatchContexts.STRATEGIC_MERGE,
                        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}"
                                .formatted(KubeletStandIn.KUBELET, KubeletStandIn.SILENT));
        // seen by the kubelets once a later node has been seen
        nodes.join("later", Map.of(), "digitalocean://2", PoolSpec.of("pool", 1, Map.of()));
        nodes.startKubelet("later");
        await().until(() ->
                admin.nodes().withName("later").get().getSpec().getTaints().isEmpty());
        servers.end(1);

        await().pollDelay(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(servers.pods())
                        .singleElement()
                        .satisfies(pod -> assertThat(pod.getMetadata().getDeletionTimestamp())
                                .isNotNull()));
    }

    private Node node() {
        return admin.nodes().withName("node").get();
    }
}
