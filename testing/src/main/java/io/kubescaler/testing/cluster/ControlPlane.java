package io.kubescaler.testing.cluster;

import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import io.kubescaler.testing.process.ChildProcess;
import io.kubescaler.testing.process.Leash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real kube-apiserver with etcd and kube-scheduler on loopback, for one test JVM. There is no kubelet and no
 * controller manager: {@link KubeletStandIn} does what the tests need of the one, and nothing does what the other would.
 * Its files are in the folder that the system property {@code control-plane.directory} names, one of each JVM: the
 * kubeconfig and the logs. Thread-safe.
 */
public final class ControlPlane implements AutoCloseable {
    private static final Path DIRECTORY = Path.of(System.getProperty("control-plane.directory", "target/control-plane"))
            .toAbsolutePath();
    private static final String SCHEDULER_CONFIGURATION = """
            apiVersion: kubescheduler.config.k8s.io/v1
            kind: KubeSchedulerConfiguration
            clientConnection:
              kubeconfig: %s
              qps: 1000
              burst: 1000
            leaderElection:
              leaderElect: false
            podInitialBackoffSeconds: 1
            podMaxBackoffSeconds: 1
            """;

    private final AtomicInteger namespaces = new AtomicInteger();
    private final KubeAPIServer server;
    private final Leash leash;
    private final ChildProcess scheduler;
    private final Path kubeconfig;
    private final Kubectl kubectl;
    private final KubernetesClient admin;

    private ControlPlane(KubeAPIServer server, Leash leash, ChildProcess scheduler, Path kubeconfig, Kubectl kubectl) {
        this.server = server;
        this.leash = leash;
        this.scheduler = scheduler;
        this.kubeconfig = kubeconfig;
        this.kubectl = kubectl;
        this.admin = client(new OkHttpClientFactory());
    }

    /** Starts a control plane from where {@code .ci/kubernetes/build} left it, and returns once it answers. */
    public static ControlPlane start() {
        return start(KubernetesBinaries.ofEnvironment(System.getenv()));
    }

    /** Starts a control plane and returns once it answers. */
    public static ControlPlane start(KubernetesBinaries binaries) {
        if (!binaries.present()) {
            throw new IllegalStateException("no Kubernetes binaries in %s; build them with .ci/kubernetes/build"
                    .formatted(binaries.directory()));
        }
        KubeAPIServer server = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(binaries.root().toString())
                .withApiServerVersion(binaries.version())
                .withApiServerFlags(NodeWrites.recordedIn(DIRECTORY))
                .build());
        Leash leash = startLeashed(server, binaries);
        try {
            Path kubeconfig = Files.writeString(DIRECTORY.resolve("kubeconfig"), server.getKubeConfigYaml());
            ChildProcess scheduler = startScheduler(binaries, kubeconfig);
            Kubectl kubectl = new Kubectl(binaries.kubectl(), kubeconfig);
            return new ControlPlane(server, leash, scheduler, kubeconfig, kubectl);
        } catch (IOException | RuntimeException e) {
            leash.kill();
            throw new IllegalStateException("the control plane did not start", e);
        }
    }

    private static Leash startLeashed(KubeAPIServer server, KubernetesBinaries binaries) {
        // two JVMs that start at once would write the same certificates and may find the same free ports
        try (FileChannel channel = FileChannel.open(
                binaries.root().resolve(".starting"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            TestCertificates.discardExpired(binaries.root());
            server.start();
            return Leash.on(childrenFrom(binaries.directory()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            Leash.on(childrenFrom(binaries.directory())).kill();
            throw e;
        }
    }

    private static long[] childrenFrom(Path directory) {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info()
                        .command()
                        .map(command -> Path.of(command).startsWith(directory))
                        .orElse(false))
                .mapToLong(ProcessHandle::pid)
                .toArray();
    }

    private static ChildProcess startScheduler(KubernetesBinaries binaries, Path kubeconfig) throws IOException {
        Path configuration = Files.writeString(
                DIRECTORY.resolve("kube-scheduler.yaml"), SCHEDULER_CONFIGURATION.formatted(kubeconfig));
        return ChildProcess.start(
                List.of(binaries.scheduler().toString(), "--config=" + configuration, "--secure-port=0"),
                Map.of(),
                DIRECTORY.resolve("kube-scheduler.log"));
    }

    /** Returns the address of the API server. */
    public String url() {
        return admin.getConfiguration().getMasterUrl();
    }

    /** Returns a kubeconfig file of an administrator; paths in it are absolute. */
    public Path kubeconfig() {
        return kubeconfig;
    }

    /** Returns every change of a Node object since the start. */
    public NodeWrites nodeWrites() {
        return new NodeWrites(DIRECTORY);
    }

    /** Returns kubectl, as an administrator. */
    public Kubectl kubectl() {
        return kubectl;
    }

    /** Returns an administrator's client that the control plane closes. */
    public KubernetesClient admin() {
        return admin;
    }

    /** Returns a new administrator's client, which the caller closes, over HTTP clients of that factory. */
    public KubernetesClient client(HttpClient.Factory http) {
        return client(http, config(kubeconfig));
    }

    /** Returns a new client, which the caller closes, over HTTP clients of that factory, that acts as another user. */
    public KubernetesClient clientAs(HttpClient.Factory http, String user, String... groups) {
        return client(
                http,
                new ConfigBuilder(config(kubeconfig))
                        .withImpersonateUsername(user)
                        .withImpersonateGroups(groups)
                        .build());
    }

    /** Returns a new client, which the caller closes, over HTTP clients of that factory, that acts as a service account. */
    public KubernetesClient clientAsServiceAccount(HttpClient.Factory http, String namespace, String name) {
        return clientAs(
                http,
                "system:serviceaccount:%s:%s".formatted(namespace, name),
                "system:serviceaccounts",
                "system:serviceaccounts:" + namespace,
                "system:authenticated");
    }

    /**
     * Writes a kubeconfig whose user is a service account, with a token that the API server issues for it.
     *
     * @param namespace its namespace, which must exist, and the context's
     * @param name the service account, which must exist
     */
    public Path kubeconfigOfServiceAccount(String namespace, String name) {
        String token = kubectl.run("create", "token", name, "--namespace", namespace, "--duration", "1h")
                .strip();
        String yaml = """
                apiVersion: v1
                kind: Config
                clusters: [{name: test, cluster: {server: '%s', certificate-authority: '%s'}}]
                users: [{name: test, user: {token: '%s'}}]
                contexts: [{name: test, context: {cluster: test, user: test, namespace: '%s'}}]
                current-context: test
                """.formatted(url(), admin.getConfiguration().getCaCertFile(), token, namespace);
        try {
            return Files.writeString(DIRECTORY.resolve("kubeconfig-%s-%s".formatted(namespace, name)), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a namespace that no test has used before. */
    public String newNamespace() {
        String name = "test-" + namespaces.incrementAndGet();
        admin.namespaces()
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
        return name;
    }

    /** Removes what a test left behind: nodes, everything that tests make in namespaces, and those namespaces. */
    void clean() {
        if (!scheduler.alive()) {
            throw new IllegalStateException("kube-scheduler has ended:\n" + scheduler.output());
        }
        new Leftovers(admin).remove();
    }

    @Override
    public void close() {
        admin.close();
        scheduler.close();
        server.stop();
        leash.close();
    }

    private static Config config(Path kubeconfig) {
        return new ConfigBuilder(Config.fromKubeconfig(kubeconfig.toFile()))
                // a client that waits out the end of the control plane only hides it
                .withRequestRetryBackoffLimit(0)
                .build();
    }

    private static KubernetesClient client(HttpClient.Factory http, Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(http)
                .build();
    }
}
