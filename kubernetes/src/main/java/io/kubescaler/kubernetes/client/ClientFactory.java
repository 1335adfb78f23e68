package io.kubescaler.kubernetes.client;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kubescaler.kubernetes.client.InCluster.ServiceAccount;
import io.kubescaler.secrets.Reloaded;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes clients for the cluster that the settings mean. Where the cluster and the credentials come from, the first that
 * applies:
 *
 * <ol>
 *   <li>the kubeconfig file of {@code cluster-kube-config-path};
 *   <li>in a cluster, the service account of the pod where its token is mounted, unless {@code cluster-kube-config-context} is set;
 *   <li>the default kubeconfig: the files of {@code KUBECONFIG}, else {@code ~/.kube/config};
 *   <li>{@code cluster-kube-config-master-url} alone, without credentials.
 * </ol>
 *
 * <p>Where {@code cluster-kube-config-master-url} is set it replaces the address of the API server in each of them.
 * Client certificates, tokens, OIDC and exec plug-ins of a kubeconfig work as fabric8 does them, and token files too. A
 * client reads tokens, certificates and keys anew within a minute of their change, see {@link Reloaded}; which cluster it is
 * stays as it was: the context and its server are those of the first load, whichever context is current later, and a file that
 * no longer has them is refused. Nothing is sent by the making of a client, except what an exec plug-in does. Thread-safe.
 */
public final class ClientFactory {
    /** How long one request of the main client may take, from the connection to the last byte of the answer. */
    public static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    /** A connection that answers no ping for this long is dead: it fails what waits on it, watches too. */
    private static final Duration PING_INTERVAL = Duration.ofSeconds(5);

    private static final int WATCH_RECONNECT_MILLIS = 100;

    private final KubernetesSettings settings;
    private final Map<String, String> environment;
    private final Optional<InCluster> inCluster;
    private final Path home;
    private final LongSupplier nanoTime;
    private final AtomicReference<@Nullable PinnedCluster> pinned = new AtomicReference<>();

    /**
     * Makes a factory.
     *
     * @param environment the environment variables
     * @param inCluster the cluster that this process runs in; empty outside of one
     * @param home the user's home folder, for {@code ~/.kube/config}
     */
    public ClientFactory(
            KubernetesSettings settings, Map<String, String> environment, Optional<InCluster> inCluster, Path home) {
        this(settings, environment, inCluster, home, System::nanoTime);
    }

    ClientFactory(
            KubernetesSettings settings,
            Map<String, String> environment,
            Optional<InCluster> inCluster,
            Path home,
            LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.settings = settings;
        this.environment = Map.copyOf(environment);
        this.inCluster = inCluster;
        this.home = home;
    }

    /**
     * Makes the client for everything but the lease, with {@link #REQUEST_TIMEOUT}. It repeats nothing by itself: a hidden
     * repetition could outlast the leadership that allowed the request, and the next pass repairs what failed.
     *
     * @throws ConnectionException when the settings name no cluster
     */
    public KubernetesClient create() throws ConnectionException {
        Reloaded<Credentials> credentials = credentials();
        return client(bounded(credentials.get().config(), REQUEST_TIMEOUT), credentials);
    }

    /**
     * Makes a client that only the lease uses, so that nothing else can keep a renewal waiting. It repeats nothing, and
     * speaks HTTP/1.1: there a request that timed out takes its connection with it, and the next one starts on a fresh
     * connection.
     *
     * @param requestTimeout the longest that one request may take, above 0
     * @throws ConnectionException when the settings name no cluster
     */
    public KubernetesClient createForLease(Duration requestTimeout) throws ConnectionException {
        Reloaded<Credentials> credentials = credentials();
        Config config = bounded(credentials.get().config(), requestTimeout);
        config.setHttp2Disable(true);
        return client(config, credentials);
    }

    private Reloaded<Credentials> credentials() throws ConnectionException {
        try {
            return new Reloaded<>("what the API server is reached with", Credentials::files, this::load, nanoTime);
        } catch (IOException failure) {
            if (failure.getCause() instanceof ConnectionException told) {
                throw told;
            }
            String words =
                    failure.getCause() == null ? "" : ": " + failure.getCause().getMessage();
            throw new ConnectionException(
                    "no client can be made: %s%s; check the certificates, keys and tokens that the kubeconfig names"
                            .formatted(failure.getMessage(), words),
                    failure);
        }
    }

    private Credentials load() throws IOException {
        try {
            Source source = source();
            PinnedCluster found = PinnedCluster.of(source.config, source.name());
            settings.masterUrl().ifPresent(source.config::setMasterUrl);
            Credentials credentials = Credentials.of(source.config, source.files, source.tokenFile);
            PinnedCluster first = pinned.compareAndExchange(null, found);
            if (first != null) {
                first.requireSame(found);
            }
            return credentials;
        } catch (ConnectionException failure) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private static KubernetesClient client(Config config, Reloaded<Credentials> credentials)
            throws ConnectionException {
        // exec plug-ins and OIDC give theirs by themselves
        if (credentials.get().token().isPresent()) {
            config.setOauthTokenProvider(() -> credentials.get().token().orElse(""));
        }
        try {
            return new KubernetesClientBuilder()
                    .withConfig(config)
                    .withHttpClientFactory(new FreshTls(credentials))
                    .build();
        } catch (KubernetesClientException | IllegalArgumentException failure) {
            throw new ConnectionException(
                    "a client for " + config.getMasterUrl() + " cannot be made: " + failure.getMessage()
                            + "; check its URL, certificates and keys",
                    failure);
        }
    }

    private static Config bounded(Config config, Duration requestTimeout) {
        int millis = Math.toIntExact(requestTimeout.toMillis());
        config.setConnectionTimeout(Math.min(millis, Math.toIntExact(CONNECT_TIMEOUT.toMillis())));
        config.setRequestTimeout(millis);
        config.setUploadRequestTimeout(millis);
        config.setRequestRetryBackoffLimit(0);
        config.setWatchReconnectInterval(WATCH_RECONNECT_MILLIS);
        config.setWatchReconnectLimit(-1);
        config.setWebsocketPingInterval(PING_INTERVAL.toMillis());
        String version = ClientFactory.class.getPackage().getImplementationVersion();
        config.setUserAgent("kubescaler/" + (version == null ? "dev" : version));
        return config;
    }

    /**
     * Where the cluster and the credentials come from.
     *
     * @param files the files that say so
     * @param tokenFile the file of the token, unless one of those names it
     */
    private record Source(Config config, List<Path> files, Optional<Path> tokenFile) {
        static Source of(Config config, Path... files) {
            return new Source(config, List.of(files), Optional.empty());
        }

        String name() {
            return files.isEmpty() ? "what the cluster is known from" : "the kubeconfig " + listed(files);
        }
    }

    private Source source() throws ConnectionException {
        if (settings.kubeConfigPath().isPresent()) {
            return Source.of(
                    fromFile(settings.kubeConfigPath().get()),
                    settings.kubeConfigPath().get());
        }
        Optional<ServiceAccount> serviceAccount = inCluster.flatMap(InCluster::serviceAccount);
        if (serviceAccount.isPresent() && settings.context().isEmpty()) {
            return new Source(
                    fromServiceAccount(inCluster.get(), serviceAccount.get()),
                    List.of(),
                    Optional.of(serviceAccount.get().tokenFile()));
        }
        List<Path> files = defaultFiles();
        List<Path> existing = files.stream().filter(Files::isRegularFile).toList();
        if (existing.size() == 1) {
            return Source.of(fromFile(existing.get(0)), existing.get(0));
        }
        if (existing.size() > 1) {
            // fabric8 merges the files of KUBECONFIG itself, but only those of the process's own environment
            return new Source(
                    loaded("KUBECONFIG with " + listed(existing), Config::autoConfigure), existing, Optional.empty());
        }
        if (settings.masterUrl().isPresent() && settings.context().isEmpty()) {
            return Source.of(Config.empty());
        }
        throw new ConnectionException("no cluster is known: " + whyNotByPod() + ", and there is no kubeconfig"
                + " at " + listed(files)
                + "; set cluster-kube-config-path (CLUSTER_KUBE_CONFIG_PATH) to a kubeconfig"
                + " file" + (inCluster.isEmpty() ? "" : ", or mount the token (automountServiceAccountToken)"));
    }

    private String whyNotByPod() {
        return inCluster.isEmpty()
                ? "this process does not run in one"
                : "this process runs in one and no service account token is mounted";
    }

    private List<Path> defaultFiles() {
        String variable = environment.getOrDefault("KUBECONFIG", "");
        if (variable.isBlank()) {
            return List.of(home.resolve(".kube").resolve("config"));
        }
        return Arrays.stream(variable.split(File.pathSeparator, -1))
                .filter(name -> !name.isBlank())
                .map(Path::of)
                .toList();
    }

    private Config fromFile(Path file) throws ConnectionException {
        if (!Files.isRegularFile(file)) {
            throw new ConnectionException("cluster-kube-config-path (CLUSTER_KUBE_CONFIG_PATH) is " + file
                    + " and there is no such file; set it to a kubeconfig file, or leave it out to use the default");
        }
        if (!Files.isReadable(file)) {
            throw new ConnectionException("the kubeconfig " + file + " cannot be read; check its permissions");
        }
        return loaded("the kubeconfig " + file, context -> Config.fromKubeconfig(context, file.toFile()));
    }

    private Config loaded(String source, Function<@Nullable String, Config> load) throws ConnectionException {
        Config config;
        try {
            config = load.apply(context().orElse(null));
        } catch (RuntimeException failure) {
            // neither message nor cause: the parser quotes the lines it stumbles over, and they may hold credentials
            throw new ConnectionException(source + " cannot be used ("
                    + failure.getClass().getSimpleName() + "); `kubectl config view` shows what is wrong with it");
        }
        return checked(config, source);
    }

    /** Returns the context to use: as set, else that of the first load; empty for the current one. */
    private Optional<String> context() {
        return settings.context().or(() -> Optional.ofNullable(pinned.get()).flatMap(PinnedCluster::context));
    }

    private Config checked(Config config, String source) throws ConnectionException {
        String known = config.getContexts().stream()
                .map(NamedContext::getName)
                .sorted()
                .collect(Collectors.joining(", "));
        Optional<String> current =
                Optional.ofNullable(config.getCurrentContext()).map(NamedContext::getName);
        if (settings.context().isPresent() && !settings.context().equals(current)) {
            throw new ConnectionException(
                    "cluster-kube-config-context is " + settings.context().get() + ", which " + source
                            + " does not have; it has " + (known.isEmpty() ? "none" : known));
        }
        if (context().isPresent() && !context().equals(current)) {
            throw new ConnectionException("this process works with the context "
                    + context().get() + ", which " + source + " no longer has; it has "
                    + (known.isEmpty() ? "none" : known) + "; restart it to change the cluster");
        }
        if (current.isEmpty()) {
            throw new ConnectionException(
                    source + " has no current context; set cluster-kube-config-context to one of: "
                            + (known.isEmpty() ? "none is there" : known));
        }
        if (config.getFileWithCluster() == null) {
            throw new ConnectionException("the context " + current.get() + " of " + source + " is for the cluster "
                    + config.getCurrentContext().getContext().getCluster() + ", which is not in it");
        }
        return config;
    }

    private static Config fromServiceAccount(InCluster cluster, ServiceAccount pod) throws ConnectionException {
        if (!Files.isRegularFile(pod.certificateFile())) {
            throw new ConnectionException("the service account has a token and no " + pod.certificateFile()
                    + "; mount it as the kubelet does (automountServiceAccountToken)");
        }
        Config config = Config.empty();
        config.setMasterUrl(cluster.apiServer());
        config.setCaCertFile(pod.certificateFile().toString());
        try {
            cluster.namespace().ifPresent(config::setNamespace);
        } catch (UncheckedIOException failure) {
            throw new ConnectionException(failure.getMessage() + "; check the pod's service account volume", failure);
        }
        return config;
    }

    private static String listed(List<Path> files) {
        return files.stream().map(Path::toString).collect(Collectors.joining(", "));
    }
}
