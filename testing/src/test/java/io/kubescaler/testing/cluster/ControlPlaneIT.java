package io.kubescaler.testing.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import io.kubescaler.testing.Patience;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@WithControlPlane
class ControlPlaneIT {
    private final ControlPlane controlPlane;

    ControlPlaneIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    @Test
    void isTheVersionThatWasBuilt() {
        assertThat(controlPlane.admin().getKubernetesVersion().getGitVersion())
                .isEqualTo("v" + KubernetesBinaries.VERSION);
        assertThat(controlPlane.kubectl().run("version", "--output=json"))
                .contains("\"gitVersion\": \"v%s\"".formatted(KubernetesBinaries.VERSION));
    }

    @Test
    void bindsAPodToANodeThatHasRoom() {
        bindPodToNodeThatHasRoom();
    }

    @Test
    void impersonatesAUserWithoutRights() {
        try (KubernetesClient nobody =
                controlPlane.clientAs(new OkHttpClientFactory(), "nobody", "system:authenticated")) {
            assertThatThrownBy(() -> nobody.nodes().list())
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            e -> assertThat(e.getCode()).isEqualTo(403));
        }
    }

    @Test
    void actsAsAServiceAccountByItsToken() {
        String namespace = controlPlane.newNamespace();
        controlPlane.kubectl().run("create", "serviceaccount", "robot", "--namespace", namespace);
        Kubectl robot = new Kubectl(
                controlPlane.kubectl().binary(), controlPlane.kubeconfigOfServiceAccount(namespace, "robot"));
        assertThat(robot.run("auth", "whoami")).contains("system:serviceaccount:%s:robot".formatted(namespace));
        assertThat(robot.tryToRun("get", "nodes").errors()).contains("Forbidden");
    }

    @Test
    void forgetsEverythingThatATestLeft() {
        String namespace = controlPlane.newNamespace();
        Kubectl kubectl = controlPlane.kubectl();
        kubectl.run("create", "configmap", "left", "--namespace", namespace);
        kubectl.run("create", "clusterrole", "left", "--verb=get", "--resource=nodes");
        kubectl.run("create", "clusterrolebinding", "left", "--clusterrole=left", "--user=nobody");
        bindPodToNodeThatHasRoom();

        controlPlane.clean();

        assertThat(kubectl.run("get", "nodes,pods,clusterroles,clusterrolebindings,namespaces", "-A", "-o", "name"))
                .doesNotContain("left", "pod/", "node/", "namespace/test-")
                .contains("clusterrole.rbac.authorization.k8s.io/system:kube-scheduler");
    }

    private void bindPodToNodeThatHasRoom() {
        String namespace = controlPlane.newNamespace();
        KubernetesClient admin = controlPlane.admin();
        admin.nodes()
                .resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName("only")
                        .endMetadata()
                        .withNewStatus()
                        .withAllocatable(Map.of("cpu", new Quantity("1"), "pods", new Quantity("10")))
                        .endStatus()
                        .build())
                .create();
        // admission taints a node that is not Ready yet
        controlPlane.kubectl().run("taint", "node", "only", "node.kubernetes.io/not-ready-");
        admin.pods()
                .inNamespace(namespace)
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName("pod")
                        .endMetadata()
                        .withNewSpec()
                        .addNewContainer()
                        .withName("main")
                        .withImage("none")
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
        assertThat(admin.pods()
                        .inNamespace(namespace)
                        .withName("pod")
                        .waitUntilCondition(
                                pod -> pod != null && pod.getSpec().getNodeName() != null,
                                Patience.SECONDS,
                                TimeUnit.SECONDS)
                        .getSpec()
                        .getNodeName())
                .isEqualTo("only");
    }
}
