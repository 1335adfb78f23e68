package io.kubescaler.testing.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Where {@code .ci/kubernetes/build} left the binaries of the control plane. Immutable and thread-safe.
 *
 * @param root what {@code KUBE_API_TEST_DIR} names
 * @param version the Kubernetes version, such as {@code 1.36.3}
 */
public record KubernetesBinaries(Path root, String version) {
    /** The version that the tests run on. */
    public static final String VERSION = "1.36.3";

    /** Returns the place that those environment variables name, or the script's own default. */
    public static KubernetesBinaries ofEnvironment(Map<String, String> environment) {
        String cache = environment.getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache");
        String root = environment.getOrDefault("KUBE_API_TEST_DIR", cache + "/kubescaler/kube-api-test");
        return new KubernetesBinaries(
                Path.of(root),
                Objects.requireNonNullElse(environment.get("KUBE_API_TEST_API_SERVER_VERSION"), VERSION));
    }

    /** Returns the folder with the binaries of the version; it may not exist. */
    public Path directory() {
        return root.resolve("k8s").resolve(version + "-linux-amd64");
    }

    /** Returns kubectl; it may not exist. */
    public Path kubectl() {
        return directory().resolve("kubectl");
    }

    /** Returns kube-scheduler; it may not exist. */
    public Path scheduler() {
        return directory().resolve("kube-scheduler");
    }

    /** Returns whether every binary is there and can be run. */
    public boolean present() {
        return Stream.of("etcd", "kube-apiserver", "kube-scheduler", "kubectl")
                .map(directory()::resolve)
                .allMatch(Files::isExecutable);
    }
}
