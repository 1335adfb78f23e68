package io.kubescaler.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.kubescaler.app.testing.ControlPlane;
import io.kubescaler.app.testing.Kubectl;
import io.kubescaler.app.testing.WithControlPlane;
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
                .filteredOn(variable -> variable.getName().equals("CLOUD_PROVIDER_TOKEN"))
                .singleElement()
                .satisfies(variable -> assertThat(secret.getStringData())
                        .containsKey(variable.getValueFrom().getSecretKeyRef().getKey()));
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
