package io.kubescaler.app.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a configuration is read from, beside the built-in defaults. Immutable and thread-safe.
 *
 * @param file {@code --config}; empty for {@code KUBESCALER_CONFIG} of the environment, if that is set
 * @param environment the environment variables
 * @param assignments each {@code key=value} of {@code --set}, in their order
 */
public record Sources(Optional<Path> file, Map<String, String> environment, List<String> assignments) {
    public Sources {
        environment = Map.copyOf(environment);
        assignments = List.copyOf(assignments);
    }

    /** Returns whether the process runs in a pod of a cluster, going by the variable that every pod has. */
    public boolean inCluster() {
        return !environment.getOrDefault("KUBERNETES_SERVICE_HOST", "").isBlank();
    }
}
