package io.kubescaler.app.kubernetes.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a pod's surroundings tell of the cluster it runs in: the API server's address in the environment and the files
 * of its service account, as the kubelet provides them. Immutable and thread-safe.
 *
 * @param masterUrl the API server, such as {@code https://10.0.0.1:443}
 * @param tokenFile the service account's token, which the kubelet replaces from time to time
 * @param certificateFile the certificate authority of the API server
 * @param namespaceFile holds the namespace of the pod
 */
public record InCluster(String masterUrl, Path tokenFile, Path certificateFile, Path namespaceFile) {
    /** Where the kubelet mounts the files of a pod's service account. */
    public static final Path SERVICE_ACCOUNT_FOLDER = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    /**
     * Finds out whether this process runs in a pod that may talk to its API server.
     *
     * @param environment the environment variables; {@code KUBERNETES_SERVICE_HOST} and {@code KUBERNETES_SERVICE_PORT}
     *     are read
     * @param serviceAccountFolder normally {@link #SERVICE_ACCOUNT_FOLDER}
     * @return the surroundings; empty outside a cluster, and in a pod without a service account token
     */
    public static Optional<InCluster> detect(Map<String, String> environment, Path serviceAccountFolder) {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "");
        Path token = serviceAccountFolder.resolve("token");
        if (host.isBlank() || port.isBlank() || !Files.isRegularFile(token)) {
            return Optional.empty();
        }
        String literal = host.contains(":") ? "[" + host + "]" : host;
        return Optional.of(new InCluster(
                "https://" + literal + ":" + port,
                token,
                serviceAccountFolder.resolve("ca.crt"),
                serviceAccountFolder.resolve("namespace")));
    }

    /**
     * Reads the namespace of the pod.
     *
     * @throws UncheckedIOException when the file cannot be read
     */
    public String namespace() {
        try {
            return Files.readString(namespaceFile).strip();
        } catch (IOException failure) {
            throw new UncheckedIOException("the pod's namespace cannot be read from " + namespaceFile, failure);
        }
    }
}
