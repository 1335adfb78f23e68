package io.kubescaler.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A pod that reaches its cluster by a kubeconfig and has no token mounted: it elects, or it refuses to start. */
class ElectionInAClusterTest {
    @TempDir
    Path folder;

    private final Map<String, String> pod = new HashMap<>(Invocation.ENOUGH);

    @BeforeEach
    void startInAPodWithAKubeconfigAndNoToken() throws IOException {
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                clusters: [{name: other, cluster: {server: 'http://127.0.0.1:1'}}]
                users: [{name: scaler, user: {token: none}}]
                contexts: [{name: other, context: {cluster: other, user: scaler, namespace: of-the-context}}]
                current-context: other
                """);
        pod.put("KUBERNETES_SERVICE_HOST", "10.0.0.1");
        pod.put("KUBERNETES_SERVICE_PORT", "443");
        pod.put("CLUSTER_KUBE_CONFIG_PATH", kubeconfig.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "run --dry-run", "check", "check --connect"})
    void refusesWithoutANamespaceForTheLease(String command) {
        Invocation invocation = Invocation.of(pod, command.split(" ", -1));

        assertThat(invocation.status()).as(invocation.err()).isEqualTo(2);
        assertThat(invocation.out()).isEmpty();
        assertThat(invocation.err())
                .contains("variable LEADER_ELECTION_NAMESPACE: leader-election.namespace is not set")
                .contains("KUBERNETES_SERVICE_HOST = 10.0.0.1")
                .contains("automountServiceAccountToken")
                .contains("POD_NAMESPACE")
                .contains("leader-election.enabled = false");
    }

    @Test
    void electsInTheNamespaceThatTheDownwardApiTells() throws IOException {
        pod.put("POD_NAMESPACE", "scaler");

        Invocation invocation = Invocation.of(pod, "check", "--connect", "--output=json");

        assertThat(invocation.status()).as(invocation.err()).isEqualTo(1);
        assertThat(invocation.json().at("/findings/0/what").asText()).isEqualTo("cluster");
    }

    @Test
    void actsAloneWhenToldTo() {
        Invocation invocation = Invocation.of(pod, "check", "--set", "leader-election.enabled=false");

        assertThat(invocation.status()).as(invocation.err()).isZero();
    }

    @Test
    void refusesAnElectionOutsideAClusterWithoutANamespace() {
        List.of("KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT").forEach(pod::remove);

        Invocation invocation = Invocation.of(pod, "check", "--set", "leader-election.enabled=true");

        assertThat(invocation.status()).isEqualTo(2);
        assertThat(invocation.err())
                .contains("leader-election.namespace is not set")
                .contains("outside a cluster");
    }

    @Test
    void needsNoLeaseToPlan() {
        Invocation invocation = Invocation.of(pod, "plan", "--nodes", "none.json", "--pods", "none.json");

        assertThat(invocation.status()).isEqualTo(2);
        assertThat(invocation.err()).contains("none.json").doesNotContain("leader-election");
    }
}
