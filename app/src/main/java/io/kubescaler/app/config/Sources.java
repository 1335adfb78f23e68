package io.kubescaler.app.config;

import io.kubescaler.kubernetes.client.InCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a configuration is read from, beside the built-in defaults, and where the process runs. Immutable and thread-safe.
 *
 * @param file {@code --config}; empty for {@code KUBESCALER_CONFIG} of the environment, if that is set
 * @param environment the environment variables
 * @param assignments each {@code key=value} of {@code --set}, in their order
 * @param inCluster the cluster that the process runs in; empty outside of one
 */
public record Sources(
        Optional<Path> file, Map<String, String> environment, List<String> assignments, Optional<InCluster> inCluster) {
    public Sources {
        environment = Map.copyOf(environment);
        assignments = List.copyOf(assignments);
    }

    /** Makes sources of a process that no service account is mounted for. */
    public Sources(Optional<Path> file, Map<String, String> environment, List<String> assignments) {
        this(file, environment, assignments, InCluster.of(environment, Optional.empty()));
    }
}
