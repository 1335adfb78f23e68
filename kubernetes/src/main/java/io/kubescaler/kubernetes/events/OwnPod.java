package io.kubescaler.kubernetes.events;

import java.util.Map;
import java.util.Optional;

/**
 * The pod that this process runs in, as the downward API tells it.
 *
 * @param namespace its namespace, from {@code POD_NAMESPACE}
 * @param name its name, from {@code POD_NAME}
 * @param uid its UID, from {@code POD_UID}; without it {@code kubectl describe pod} does not show its Events
 */
public record OwnPod(String namespace, String name, Optional<String> uid) {
    /** Reads the environment; empty when the name or the namespace is not in it. */
    public static Optional<OwnPod> of(Map<String, String> environment) {
        return variable(environment, "POD_NAMESPACE")
                .flatMap(namespace -> variable(environment, "POD_NAME")
                        .map(name -> new OwnPod(namespace, name, variable(environment, "POD_UID"))));
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
