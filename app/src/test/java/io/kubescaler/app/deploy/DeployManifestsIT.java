package io.kubescaler.app.deploy;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.scheduling.v1.PriorityClass;
import io.kubescaler.testing.cluster.ControlPlane;
import io.kubescaler.testing.cluster.Kubectl;
import io.kubescaler.testing.cluster.WithControlPlane;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands of {@code docs/deploying.md} and what they make. */
@WithControlPlane
class DeployManifestsIT {
    private final ControlPlane controlPlane;

    DeployManifestsIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    @BeforeEach
    void makeNamespace() {
        // a dry run makes no namespace, and the API server refuses what would be in one that is not there
        run("apply", "-f", Manifests.FOLDER.resolve("namespace.yaml").toString());
    }

    @Test
    void areAcceptedByTheApiServer() {
        assertThat(run("apply", "--dry-run=server", "-k", Manifests.FOLDER.toString())
                        .lines())
                .allSatisfy(line -> assertThat(line).endsWith("(server dry run)"))
                .anySatisfy(line -> assertThat(line).startsWith("deployment.apps/kubescaler created"));
        assertThat(run(
                        "apply",
                        "--dry-run=server",
                        "-f",
                        Manifests.FOLDER.resolve("secret.example.yaml").toString()))
                .contains("secret/kubescaler created");
    }

    @Test
    void makePodsThatARestrictedNamespaceTakes() {
        Deployment deployment = (Deployment)
                Manifests.read(controlPlane.admin(), "deployment.yaml").get(0);
        run("apply", "-k", Manifests.FOLDER.toString());
        PodSpec spec = deployment.getSpec().getTemplate().getSpec();

        controlPlane
                .admin()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace("kubescaler")
                        .withName("kubescaler-0")
                        .endMetadata()
                        .withSpec(spec)
                        .build())
                .create();

        assertThat(spec.getContainers().get(0).getSecurityContext().getReadOnlyRootFilesystem())
                .isTrue();
        removeRoleInDefault();
    }

    @Test
    void referToSettingsAndASecretThatAreThere() {
        Deployment deployment = (Deployment)
                Manifests.read(controlPlane.admin(), "deployment.yaml").get(0);
        ConfigMap settings =
                (ConfigMap) Manifests.read(controlPlane.admin(), "config.yaml").get(0);
        Secret secret = (Secret)
                Manifests.read(controlPlane.admin(), "secret.example.yaml").get(0);
        PodSpec spec = deployment.getSpec().getTemplate().getSpec();

        assertThat(spec.getContainers().get(0).getEnvFrom())
                .singleElement()
                .satisfies(source -> assertThat(source.getConfigMapRef().getName())
                        .isEqualTo(settings.getMetadata().getName()));
        assertThat(spec.getContainers().get(0).getEnv())
                .filteredOn(variable -> variable.getName().equals("CLOUD_PROVIDER_TOKEN_FILE"))
                .singleElement()
                .satisfies(variable -> assertThat(secret.getStringData())
                        .containsKey(Path.of(variable.getValue()).getFileName().toString()));
        assertThat(spec.getVolumes())
                .anySatisfy(volume -> assertThat(volume.getSecret())
                        .isNotNull()
                        .extracting(SecretVolumeSource::getSecretName)
                        .isEqualTo(secret.getMetadata().getName()));
    }

    @Test
    void runOnTwoNodesWhereTwoTakeThemAndOnOneWhereThereIsOne() {
        run("apply", "-k", Manifests.FOLDER.toString());
        Deployment deployment = (Deployment)
                Manifests.read(controlPlane.admin(), "deployment.yaml").get(0);
        node("first", "");
        node("tainted", "NoSchedule");
        replica(deployment, "old-0", "old");
        replica(deployment, "old-1", "old");
        assertThat(List.of(nodeOf("old-0"), nodeOf("old-1"))).containsOnly("first");

        node("second", "");
        replica(deployment, "new-0", "new");
        String one = nodeOf("new-0");
        replica(deployment, "new-1", "new");
        assertThat(Set.of(one, nodeOf("new-1"))).containsExactlyInAnyOrder("first", "second");
        removeRoleInDefault();
    }

    @Test
    void takeNoVariablesFromServicesAndNoOtherPodsPlace() {
        Deployment deployment = (Deployment)
                Manifests.read(controlPlane.admin(), "deployment.yaml").get(0);
        PriorityClass priority = (PriorityClass)
                Manifests.read(controlPlane.admin(), "priority-class.yaml").get(0);
        PodSpec spec = deployment.getSpec().getTemplate().getSpec();

        assertThat(spec.getEnableServiceLinks()).isFalse();
        assertThat(spec.getPriorityClassName()).isEqualTo(priority.getMetadata().getName());
        assertThat(priority.getPreemptionPolicy()).isEqualTo("Never");
    }

    private void node(String name, String taint) {
        Map<String, Quantity> room =
                Map.of("cpu", new Quantity("4"), "memory", new Quantity("8Gi"), "pods", new Quantity("110"));
        Node node = new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(Map.of("kubernetes.io/hostname", name))
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .build();
        if (!taint.isEmpty()) {
            node.getSpec().setTaints(List.of(new Taint(taint, "dedicated", null, "others")));
        }
        controlPlane.admin().resource(node).create();
        // the API server taints a new node as not ready, until its kubelet has spoken
        controlPlane.admin().nodes().withName(name).edit(made -> {
            made.getSpec().getTaints().removeIf(it -> it.getKey().startsWith("node.kubernetes.io/"));
            return made;
        });
        controlPlane
                .admin()
                .nodes()
                .withName(name)
                .editStatus(made -> new NodeBuilder(made)
                        .withNewStatus()
                        .withCapacity(room)
                        .withAllocatable(room)
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus("True")
                        .endCondition()
                        .endStatus()
                        .build());
    }

    private void replica(Deployment deployment, String name, String revision) {
        Map<String, String> labels =
                new HashMap<>(deployment.getSpec().getTemplate().getMetadata().getLabels());
        labels.put("pod-template-hash", revision);
        controlPlane
                .admin()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withNamespace("kubescaler")
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .withSpec(deployment.getSpec().getTemplate().getSpec())
                        .build())
                .create();
    }

    private String nodeOf(String pod) {
        return await().until(
                        () -> controlPlane
                                .admin()
                                .pods()
                                .inNamespace("kubescaler")
                                .withName(pod)
                                .get()
                                .getSpec()
                                .getNodeName(),
                        Objects::nonNull);
    }

    private void removeRoleInDefault() {
        run("delete", "role,rolebinding", "kubescaler-node-events", "--namespace", "default");
    }

    private String run(String... arguments) {
        Kubectl.Result result = controlPlane.kubectl().tryToRun(arguments);
        assertThat(result.errors()).isEmpty();
        assertThat(result.status()).isZero();
        return result.output();
    }
}
