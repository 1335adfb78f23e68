package io.kubescaler.kubernetes.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.OAuthTokenProvider;
import io.kubescaler.kubernetes.client.InCluster.ServiceAccount;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClientFactoryTest {
    private static final String KUBECONFIG = """
            apiVersion: v1
            kind: Config
            current-context: staging
            clusters:
            - name: one
              cluster: {server: "https://one.example:6443"}
            - name: two
              cluster: {server: "https://two.example:6443"}
            users:
            - name: admin
              user: {token: token-of-admin}
            - name: plug-in
              user:
                exec:
                  apiVersion: client.authentication.k8s.io/v1
                  command: ./credentials
                  interactiveMode: Never
            contexts:
            - name: staging
              context: {cluster: one, user: admin, namespace: games}
            - name: production
              context: {cluster: two, user: plug-in}
            - name: torn
              context: {cluster: three, user: admin}
            """;

    private static final String AUTHORITY = """
            -----BEGIN CERTIFICATE-----
            MIIBhjCCASugAwIBAgIUEjz1/TQ2Lc0nUof8Bv4+s0NbQGowCgYIKoZIzj0EAwIw
            FzEVMBMGA1UEAwwMYW4tYXV0aG9yaXR5MCAXDTI2MTEyODIwNTcxNloYDzIxMjYx
            MTA0MjA1NzE2WjAXMRUwEwYDVQQDDAxhbi1hdXRob3JpdHkwWTATBgcqhkjOPQIB
            BggqhkjOPQMBBwNCAATgX0/sGW/YSq8WGHZy90HpuCWVP1HIxdZMzSYkHU2Wz7kA
            uw9kquuMYLF0BWUpFoD4PdX4xxB1ft3MD3OFN/gqo1MwUTAdBgNVHQ4EFgQU9Qx8
            92pBRiNWNR5Cz8deIgzzEnMwHwYDVR0jBBgwFoAU9Qx892pBRiNWNR5Cz8deIgzz
            EnMwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAkLyjTFlng+Qj
            TJgSpEDc58L0gVtSRzf3DtqR6Na72f8CIQDIPzA4KjAf+yUHBaaxg9yKy/uGX/8w
            3faQaSmzQI8bsQ==
            -----END CERTIFICATE-----
            """;

    @TempDir
    Path folder;

    private Path kubeconfig;

    private static final Map<String, String> POD =
            Map.of("KUBERNETES_SERVICE_HOST", "10.0.0.1", "KUBERNETES_SERVICE_PORT", "443");

    @BeforeEach
    void writeKubeconfig() throws IOException {
        kubeconfig = Files.writeString(folder.resolve("kubeconfig.yaml"), KUBECONFIG);
    }

    private static KubernetesSettings settings(String masterUrl, Path path, String context) {
        return new KubernetesSettings(
                Optional.ofNullable(masterUrl), Optional.ofNullable(path), Optional.ofNullable(context));
    }

    private ClientFactory factory(KubernetesSettings settings) {
        return factory(settings, Map.of(), Optional.empty());
    }

    private ClientFactory factory(
            KubernetesSettings settings, Map<String, String> environment, Optional<InCluster> inCluster) {
        return new ClientFactory(settings, environment, inCluster, folder.resolve("home"));
    }

    private InCluster pod() throws IOException {
        Files.writeString(folder.resolve("token"), "token-of-pod\n");
        Files.writeString(folder.resolve("namespace"), "scaler\n");
        Files.writeString(folder.resolve("ca.crt"), AUTHORITY);
        return InCluster.of(POD, ServiceAccount.mounted(folder)).orElseThrow();
    }

    private static Config configOf(ClientFactory factory) throws ConnectionException {
        try (KubernetesClient client = factory.create()) {
            return client.getConfiguration();
        }
    }

    @Test
    void usesTheCurrentContextOfAKubeconfig() throws ConnectionException {
        Config config = configOf(factory(settings(null, kubeconfig, null)));

        assertThat(config.getMasterUrl()).isEqualTo("https://one.example:6443/");
        assertThat(config.getAutoOAuthToken()).isEqualTo("token-of-admin");
        assertThat(config.getNamespace()).isEqualTo("games");
    }

    @Test
    void usesTheNamedContextAndItsExecPlugIn() throws ConnectionException, IOException {
        Path plugIn = Files.writeString(folder.resolve("credentials"), """
                #!/bin/sh
                echo '{"kind": "ExecCredential", "apiVersion": "client.authentication.k8s.io/v1",
                       "status": {"token": "token-of-plug-in"}}'
                """);
        assertThat(plugIn.toFile().setExecutable(true)).isTrue();

        Config config = configOf(factory(settings(null, kubeconfig, "production")));

        assertThat(config.getMasterUrl()).isEqualTo("https://two.example:6443/");
        assertThat(config.getAutoOAuthToken()).isEqualTo("token-of-plug-in");
    }

    @Test
    void replacesTheAddressWhenAMasterUrlIsSet() throws ConnectionException {
        Config config = configOf(factory(settings("https://tunnel.example:16443", kubeconfig, null)));

        assertThat(config.getMasterUrl()).isEqualTo("https://tunnel.example:16443/");
        assertThat(config.getAutoOAuthToken()).isEqualTo("token-of-admin");
    }

    @Test
    void usesAMasterUrlAloneWhenThereIsNoKubeconfig() throws ConnectionException {
        assertThat(configOf(factory(settings("http://127.0.0.1:8001", null, null)))
                        .getMasterUrl())
                .isEqualTo("http://127.0.0.1:8001/");
    }

    @Test
    void usesTheServiceAccountInACluster() throws ConnectionException, IOException {
        ClientFactory factory =
                factory(settings(null, null, null), Map.of("KUBECONFIG", kubeconfig.toString()), Optional.of(pod()));

        Config config = configOf(factory);

        assertThat(config.getMasterUrl()).isEqualTo("https://10.0.0.1:443/");
        assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("token-of-pod");
        assertThat(config.getNamespace()).isEqualTo("scaler");
    }

    @Test
    void prefersTheKubeconfigThatIsAskedForInACluster() throws ConnectionException, IOException {
        ClientFactory factory = factory(settings(null, kubeconfig, null), Map.of(), Optional.of(pod()));

        assertThat(configOf(factory).getMasterUrl()).isEqualTo("https://one.example:6443/");
    }

    @Test
    void usesTheDefaultKubeconfigOutsideACluster() throws ConnectionException, IOException {
        Path home = Files.createDirectories(folder.resolve("home/.kube"));
        Files.copy(kubeconfig, home.resolve("config"));

        assertThat(configOf(factory(settings(null, null, null))).getMasterUrl()).isEqualTo("https://one.example:6443/");
    }

    @Test
    void skipsMissingFilesOfTheKubeconfigVariable() throws ConnectionException {
        Map<String, String> environment =
                Map.of("KUBECONFIG", folder.resolve("none") + File.pathSeparator + kubeconfig);

        Config config = configOf(factory(settings(null, null, "staging"), environment, Optional.empty()));

        assertThat(config.getMasterUrl()).isEqualTo("https://one.example:6443/");
    }

    @Test
    void boundsEveryRequestAndRepeatsNone() throws ConnectionException {
        Config config = configOf(factory(settings(null, kubeconfig, null)));

        assertThat(config.getRequestTimeout()).isEqualTo(5000);
        assertThat(config.getConnectionTimeout()).isEqualTo(3000);
        assertThat(config.getRequestRetryBackoffLimit()).isZero();
        assertThat(config.getWatchReconnectInterval()).isEqualTo(100);
        assertThat(config.getUserAgent()).startsWith("kubescaler/");
        try (KubernetesClient lease =
                factory(settings(null, kubeconfig, null)).createForLease(Duration.ofMillis(2500))) {
            assertThat(lease.getConfiguration().getRequestTimeout()).isEqualTo(2500);
            assertThat(lease.getConfiguration().getConnectionTimeout()).isEqualTo(2500);
            assertThat(lease.getConfiguration().getRequestRetryBackoffLimit()).isZero();
            assertThat(lease.getConfiguration().isHttp2Disable()).isTrue();
        }
    }

    @Test
    void namesTheFileWhenItIsMissing() {
        assertThatThrownBy(() -> factory(settings(null, folder.resolve("gone.yaml"), null))
                        .create())
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("cluster-kube-config-path")
                .hasMessageContaining("gone.yaml")
                .hasMessageContaining("no such file");
    }

    @Test
    void namesTheFileWhenItIsNoKubeconfig() throws IOException {
        Files.writeString(kubeconfig, "users: [{name: admin, user: {token: token-of-admin");

        assertThatThrownBy(() -> factory(settings(null, kubeconfig, null)).create())
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining(kubeconfig.toString())
                .hasMessageContaining("cannot be used")
                .hasNoCause()
                .hasMessageNotContaining("token-of-admin");
    }

    @Test
    void namesTheKnownContextsWhenTheContextIsUnknown() {
        assertThatThrownBy(() -> factory(settings(null, kubeconfig, "prod")).create())
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("cluster-kube-config-context is prod")
                .hasMessageContaining("it has production, staging, torn");
    }

    @Test
    void namesTheKnownContextsWhenNoneIsCurrent() throws IOException {
        Files.writeString(kubeconfig, KUBECONFIG.replace("current-context: staging", "current-context: \"\""));

        assertThatThrownBy(() -> factory(settings(null, kubeconfig, null)).create())
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("has no current context")
                .hasMessageContaining("production, staging, torn");
    }

    @Test
    void namesTheClusterThatAContextLacks() {
        assertThatThrownBy(() -> factory(settings(null, kubeconfig, "torn")).create())
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("torn")
                .hasMessageContaining("the cluster three, which is not in it");
    }

    @Test
    void saysWhatToSetWhenNoClusterIsKnown() {
        assertThatThrownBy(() -> factory(settings(null, null, null)).create())
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("no cluster is known")
                .hasMessageContaining(folder.resolve("home/.kube/config").toString())
                .hasMessageContaining("CLUSTER_KUBE_CONFIG_PATH");
    }

    @Test
    void saysWhatToCheckWhenNothingListens() throws IOException, ConnectionException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        try (KubernetesClient client =
                factory(settings("https://127.0.0.1:" + port, kubeconfig, null)).create()) {
            assertThatThrownBy(() -> Reachability.versionOf(client))
                    .isInstanceOf(ConnectionException.class)
                    .hasMessageContaining("https://127.0.0.1:" + port)
                    .hasMessageContaining("cannot be reached")
                    .hasMessageContaining("check that the API server runs")
                    .hasMessageNotContaining("token-of-admin");
        }
    }

    @Test
    void saysInAClusterThatNoTokenIsMounted() {
        Optional<InCluster> pod = InCluster.of(POD, ServiceAccount.mounted(folder));

        assertThatThrownBy(
                        () -> factory(settings(null, null, null), Map.of(), pod).create())
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("this process runs in one and no service account token is mounted")
                .hasMessageContaining("automountServiceAccountToken")
                .hasMessageContaining("CLUSTER_KUBE_CONFIG_PATH");
    }

    @Test
    void readsTheTokenOfAPodAnewAfterAMinuteAndKeepsItWhileTheFileIsGone() throws Exception {
        long[] now = {0};
        ClientFactory factory = new ClientFactory(
                settings(null, null, null), Map.of(), Optional.of(pod()), folder.resolve("home"), () -> now[0]);
        Path file = folder.resolve("token");
        OAuthTokenProvider token = configOf(factory).getOauthTokenProvider();
        Files.writeString(file, "second");
        assertThat(token.getToken()).isEqualTo("token-of-pod");

        now[0] += Duration.ofMinutes(1).toNanos();
        assertThat(token.getToken()).isEqualTo("second");

        Files.delete(file);
        now[0] += Duration.ofMinutes(1).toNanos();
        assertThat(token.getToken()).isEqualTo("second");
    }

    @Test
    void readsATokenOfAKubeconfigAnew() throws Exception {
        long[] now = {0};
        ClientFactory factory = new ClientFactory(
                settings(null, kubeconfig, null), Map.of(), Optional.empty(), folder.resolve("home"), () -> now[0]);
        OAuthTokenProvider token = configOf(factory).getOauthTokenProvider();
        Files.writeString(kubeconfig, KUBECONFIG.replace("token-of-admin", "another-token"));
        assertThat(token.getToken()).isEqualTo("token-of-admin");

        now[0] += Duration.ofMinutes(1).toNanos();
        assertThat(token.getToken()).isEqualTo("another-token");
    }

    @Test
    void keepsItsContextWhicheverIsCurrentLater() throws Exception {
        long[] now = {0};
        ClientFactory factory = new ClientFactory(
                settings(null, kubeconfig, null), Map.of(), Optional.empty(), folder.resolve("home"), () -> now[0]);
        OAuthTokenProvider token = configOf(factory).getOauthTokenProvider();
        String switched = KUBECONFIG
                .replace("current-context: staging", "current-context: other")
                .replace("users:", "users:\n- name: stranger\n  user: {token: token-of-stranger}")
                .replace("contexts:", "contexts:\n- name: other\n  context: {cluster: two, user: stranger}");
        Files.writeString(kubeconfig, switched);
        now[0] += Duration.ofMinutes(1).toNanos();
        assertThat(token.getToken()).isEqualTo("token-of-admin");

        Files.writeString(kubeconfig, switched.replace("token-of-admin", "another-token"));
        now[0] += Duration.ofMinutes(1).toNanos();
        assertThat(token.getToken()).isEqualTo("another-token");
        assertThat(configOf(factory).getMasterUrl())
                .as("a second client of the same process")
                .isEqualTo("https://one.example:6443/");
    }

    @Test
    void refusesAKubeconfigThatNoLongerHasItsContextOrHasAnotherServerForIt() throws Exception {
        long[] now = {0};
        ClientFactory factory = new ClientFactory(
                settings("https://tunnel.example:16443", kubeconfig, null),
                Map.of(),
                Optional.empty(),
                folder.resolve("home"),
                () -> now[0]);
        OAuthTokenProvider token = configOf(factory).getOauthTokenProvider();
        String other = KUBECONFIG.replace("token-of-admin", "token-of-another");

        Files.writeString(kubeconfig, other.replace("staging", "renamed"));
        now[0] += Duration.ofMinutes(1).toNanos();
        assertThat(token.getToken()).isEqualTo("token-of-admin");
        assertThatThrownBy(factory::create)
                .isInstanceOf(ConnectionException.class)
                .hasMessage(
                        "this process works with the context staging, which the kubeconfig %s no longer has;"
                                + " it has production, renamed, torn; restart it to change the cluster",
                        kubeconfig);

        Files.writeString(kubeconfig, other.replace("one.example", "three.example"));
        now[0] += Duration.ofMinutes(1).toNanos();
        assertThat(token.getToken()).isEqualTo("token-of-admin");
        assertThatThrownBy(() -> factory.createForLease(Duration.ofSeconds(2)))
                .isInstanceOf(ConnectionException.class)
                .hasMessage(
                        "the kubeconfig %s now means the context staging with the server https://three.example:6443/,"
                                + " and this process works with the context staging with the server https://one.example:6443/;"
                                + " restart it to change the cluster",
                        kubeconfig);

        Files.writeString(kubeconfig, other);
        now[0] += Duration.ofMinutes(1).toNanos();
        assertThat(token.getToken()).isEqualTo("token-of-another");
    }

    @Test
    void wantsACertificateInTheFileOfTheAuthority() throws IOException {
        ClientFactory factory = factory(settings(null, null, null), Map.of(), Optional.of(pod()));
        Path file = Files.writeString(folder.resolve("ca.crt"), "# none yet");
        assertThatThrownBy(factory::create)
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("the certificate authority file %s holds no certificate", file);

        Files.writeString(file, AUTHORITY + AUTHORITY.substring(0, 200));
        assertThatThrownBy(factory::create)
                .isInstanceOf(ConnectionException.class)
                .hasMessageContaining("%s is not whole: 2 lines begin a certificate and 1 line ends one", file);
    }

    @Test
    void trustsTheAuthoritiesThatAreNamedAndNotThoseOfJavaBesides() throws Exception {
        Config config = Config.empty();
        config.setCaCertFile(
                Files.writeString(folder.resolve("ca.crt"), "# ours\n" + AUTHORITY + AUTHORITY + "\n# end\n")
                        .toString());
        assertThat(TlsMaterial.of(config).trust().orElseThrow().getAcceptedIssuers())
                .singleElement()
                .satisfies(
                        it -> assertThat(it.getSubjectX500Principal().getName()).isEqualTo("CN=an-authority"));

        config.setCaCertData(Base64.getEncoder().encodeToString(AUTHORITY.getBytes(StandardCharsets.US_ASCII)));
        assertThat(TlsMaterial.of(config).trust().orElseThrow().getAcceptedIssuers())
                .hasSize(1);
        assertThat(TlsMaterial.of(Config.empty()).trust().orElseThrow().getAcceptedIssuers())
                .as("what Java trusts, where none is named")
                .hasSizeGreaterThan(1);
    }
}
