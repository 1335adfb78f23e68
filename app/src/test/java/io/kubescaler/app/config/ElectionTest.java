package io.kubescaler.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.app.config.Election.Alone;
import io.kubescaler.app.config.Election.ByLease;
import io.kubescaler.app.config.Election.Impossible;
import io.kubescaler.kubernetes.client.InCluster;
import io.kubescaler.kubernetes.client.InCluster.ServiceAccount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whether a process is in a cluster, and whether it elects: one rule each. */
class ElectionTest {
    private static final Map<String, String> POD = Map.of("KUBERNETES_SERVICE_HOST", "::1");
    private static final Map<String, String> TOLD =
            Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "POD_NAMESPACE", "by-downward-api");

    @TempDir
    Path folder;

    @Test
    void isInAClusterByTheVariableAloneWhateverIsMounted() throws IOException {
        assertThat(InCluster.of(POD, ServiceAccount.mounted(folder))).hasValueSatisfying(cluster -> {
            assertThat(cluster.apiServer()).isEqualTo("https://[::1]:443");
            assertThat(cluster.namespace()).isEmpty();
            assertThat(cluster.serviceAccount()).isEmpty();
        });
        assertThat(InCluster.of(Map.of(), mounted())).isEmpty();
        assertThat(InCluster.of(Map.of("KUBERNETES_SERVICE_HOST", " "), mounted()))
                .isEmpty();
    }

    @Test
    void takesTheNamespaceThatTheKubeletMountedBeforeTheOneOfAVariable() throws IOException {
        assertThat(elected(InCluster.of(TOLD, mounted()))).isEqualTo(new ByLease("mounted"));
        assertThat(elected(InCluster.of(TOLD, Optional.empty()))).isEqualTo(new ByLease("by-downward-api"));
    }

    @Test
    void isImpossibleInAClusterWithoutANamespace() throws IOException {
        Files.writeString(folder.resolve("token"), "token-of-pod");

        assertThat(elected(InCluster.of(POD, Optional.empty()))).isInstanceOf(Impossible.class);
        assertThat(elected(InCluster.of(POD, ServiceAccount.mounted(folder)))).isInstanceOf(Impossible.class);
    }

    @Test
    void isOffOutsideAClusterOrWhereItIsSwitchedOff() {
        assertThat(elected(Optional.empty())).isEqualTo(new Alone());
        assertThat(Election.of(Optional.of(false), Optional.of("set"), InCluster.of(POD, Optional.empty())))
                .isEqualTo(new Alone());
    }

    @Test
    void followsTheSettingsBeforeThePod() throws IOException {
        assertThat(Election.of(Optional.empty(), Optional.of("set"), InCluster.of(TOLD, mounted())))
                .isEqualTo(new ByLease("set"));
        assertThat(Election.of(Optional.of(true), Optional.of("set"), Optional.empty()))
                .isEqualTo(new ByLease("set"));
        assertThat(Election.of(Optional.of(true), Optional.empty(), Optional.empty()))
                .isInstanceOfSatisfying(
                        Impossible.class, it -> assertThat(it.why()).contains("outside a cluster"));
    }

    private static Election elected(Optional<InCluster> inCluster) {
        return Election.of(Optional.empty(), Optional.empty(), inCluster);
    }

    private Optional<ServiceAccount> mounted() throws IOException {
        Files.writeString(folder.resolve("token"), "token-of-pod\n");
        Files.writeString(folder.resolve("namespace"), "mounted\n");
        return ServiceAccount.mounted(folder);
    }
}
