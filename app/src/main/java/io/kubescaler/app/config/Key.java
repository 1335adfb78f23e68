package io.kubescaler.app.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Every key of the configuration below {@code kubescaler}, except the providers' own ones. */
enum Key {
    CLOUD_PROVIDER("cloud-provider", Scope.POOL),
    CLOUD_PROVIDER_TOKEN("cloud-provider-token", Scope.POOL),
    CLUSTER_NAME("cluster-name", Scope.POOL),
    NODE_POOL_NAME("node-pool-name", Scope.POOL),
    NODE_SELECTOR("node-selector", Scope.POOL),
    MINIMUM_NODE_POOL_SIZE("minimum-node-pool-size", Scope.POOL),
    MAXIMUM_NODE_POOL_SIZE("maximum-node-pool-size", Scope.POOL),
    SERVER_POD_LABEL_NAME("server-pod-label-name", Scope.POOL),
    SERVER_POD_LABEL_VALUE("server-pod-label-value", Scope.POOL),
    SERVER_POD_SELECTOR("server-pod-selector", Scope.POOL),
    PROTECTED_POD_SELECTORS("protected-pod-selectors", Scope.POOL),
    BUFFER_SLOT_SIZE("buffer-slot-size", Scope.POOL),
    SERVER_CPU_RESOURCE_REQUEST("server-cpu-resource-request", Scope.POOL),
    SERVER_MEMORY_RESOURCE_REQUEST("server-memory-resource-request", Scope.POOL),
    SERVER_RESOURCE_REQUESTS("server-resource-requests", Scope.POOL),
    NODE_CPU_ALLOCATABLE("node-cpu-allocatable", Scope.POOL),
    EMPTY_NODE_EXPIRATION("empty-node-expiration-sec", Scope.POOL),
    PROVISIONING_TIMEOUT("provisioning-timeout", Scope.POOL),
    CORDON_DELAY("cordon-delay", Scope.POOL),
    STARTUP_TAINTS("startup-taints", Scope.POOL),
    CLUSTER_KUBE_CONFIG_MASTER_URL("cluster-kube-config-master-url", Scope.SCALER),
    CLUSTER_KUBE_CONFIG_PATH("cluster-kube-config-path", Scope.SCALER),
    CLUSTER_KUBE_CONFIG_CONTEXT("cluster-kube-config-context", Scope.SCALER),
    SCALE_LOOP_TICK("scale-loop-tick-sec", Scope.SCALER),
    DRY_RUN("dry-run", Scope.SCALER),
    LEADER_ELECTION_ENABLED("leader-election.enabled", Scope.SCALER),
    LEADER_ELECTION_LEASE_NAME("leader-election.lease-name", Scope.SCALER),
    LEADER_ELECTION_NAMESPACE("leader-election.namespace", Scope.SCALER),
    LEADER_ELECTION_IDENTITY("leader-election.identity", Scope.SCALER),
    LEADER_ELECTION_LEASE_DURATION("leader-election.lease-duration", Scope.SCALER),
    LEADER_ELECTION_RENEW_DEADLINE("leader-election.renew-deadline", Scope.SCALER),
    LEADER_ELECTION_RETRY_PERIOD("leader-election.retry-period", Scope.SCALER),
    STATE_FOLDER("state-folder", Scope.SCALER),
    HTTP_ENABLED("http.enabled", Scope.SCALER),
    HTTP_HOST("http.host", Scope.SCALER),
    HTTP_PORT("http.port", Scope.SCALER),
    LOG_FORMAT("log.format", Scope.SCALER),
    LOG_LEVEL("log.level", Scope.SCALER),
    NODE_POOLS("node-pools", Scope.SCALER);

    /** Where a key may stand. */
    enum Scope {
        /** Beside {@code node-pools}, for every pool, and in an entry of it, for that pool. */
        POOL,
        /** Beside {@code node-pools} alone: it is the whole scaler's. */
        SCALER
    }

    private final String path;
    private final Scope scope;

    Key(String path, Scope scope) {
        this.path = path;
        this.scope = scope;
    }

    /** Returns the key below {@code kubescaler}, with dots between its parts. */
    String path() {
        return path;
    }

    /** Returns where it may stand. */
    Scope scope() {
        return scope;
    }

    /** Returns whether its value must not be shown. */
    boolean secret() {
        return this == CLOUD_PROVIDER_TOKEN;
    }

    /** Returns whether its value is an object whose own keys are free. */
    boolean map() {
        return this == SERVER_RESOURCE_REQUESTS;
    }

    /** Returns the environment variable of it. */
    String variable() {
        return variable(path);
    }

    /** Returns the environment variable of a key below {@code kubescaler}. */
    static String variable(String path) {
        return path.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
    }

    /** Returns the key of that path. */
    static Optional<Key> of(String path) {
        return Arrays.stream(values()).filter(key -> key.path.equals(path)).findFirst();
    }

    /** Returns the paths of all keys of that scope. */
    static List<String> paths(Scope scope) {
        return Arrays.stream(values())
                .filter(key -> key.scope == scope)
                .map(Key::path)
                .toList();
    }
}
