package io.kubescaler.kubernetes.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The cluster that this process runs in, as the kubelet tells a pod of it. Whether there is one is decided here and
 * nowhere else: by the variable {@code KUBERNETES_SERVICE_HOST}, which every pod has. What the pod may do there, and which
 * cluster it scales, are questions of their own. Immutable and thread-safe.
 *
 * @param host the API server's host name or address, from {@code KUBERNETES_SERVICE_HOST}
 * @param apiServer the API server, such as {@code https://10.0.0.1:443}
 * @param namespace the pod's own namespace: as mounted with its service account, else from {@code POD_NAMESPACE}; empty
 *     when neither tells
 * @param serviceAccount the pod's service account; empty when its token is not mounted
 */
public record InCluster(
        String host, String apiServer, Optional<String> namespace, Optional<ServiceAccount> serviceAccount) {
    /** Where the kubelet mounts the files of a pod's service account. */
    public static final Path SERVICE_ACCOUNT_FOLDER = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private static final String HTTPS_PORT = "443";

    /**
     * The files of a pod's service account.
     *
     * @param tokenFile its token, which the kubelet replaces from time to time
     * @param certificateFile the certificate authority of the API server
     * @param namespace the pod's namespace; empty when it is not among the files
     */
    public record ServiceAccount(Path tokenFile, Path certificateFile, Optional<String> namespace) {
        /**
         * Looks for the files.
         *
         * @param folder normally {@link #SERVICE_ACCOUNT_FOLDER}
         * @return empty when there is no token
         */
        public static Optional<ServiceAccount> mounted(Path folder) {
            Path token = folder.resolve("token");
            return Files.isRegularFile(token)
                    ? Optional.of(
                            new ServiceAccount(token, folder.resolve("ca.crt"), text(folder.resolve("namespace"))))
                    : Optional.empty();
        }

        private static Optional<String> text(Path file) {
            try {
                return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
            } catch (IOException absent) {
                return Optional.empty();
            }
        }
    }

    /**
     * Tells from the environment variables whether the process runs in a cluster.
     *
     * @param serviceAccount what is mounted, see {@link ServiceAccount#mounted}
     * @return empty outside a cluster
     */
    public static Optional<InCluster> of(Map<String, String> environment, Optional<ServiceAccount> serviceAccount) {
        return set(environment, "KUBERNETES_SERVICE_HOST")
                .map(host -> new InCluster(
                        host,
                        "https://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                                + set(environment, "KUBERNETES_SERVICE_PORT").orElse(HTTPS_PORT),
                        serviceAccount.flatMap(ServiceAccount::namespace).or(() -> set(environment, "POD_NAMESPACE")),
                        serviceAccount));
    }

    private static Optional<String> set(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).map(String::strip).filter(value -> !value.isEmpty());
    }
}
