package io.kubescaler.app.observe;

/** The names of the metrics, as the registry takes them; {@code docs/operating.md} has what comes out. */
final class MetricNames {
    static final String POOL_SIZE = "kubescaler.pool.size";
    static final String POOL_MINIMUM_SIZE = "kubescaler.pool.minimum.size";
    static final String POOL_MAXIMUM_SIZE = "kubescaler.pool.maximum.size";
    static final String SLOTS_FREE = "kubescaler.slots.free";
    static final String SLOTS_BUFFER = "kubescaler.slots.buffer";
    static final String SLOTS_REQUIRED = "kubescaler.slots.required";
    static final String SLOTS_UPCOMING = "kubescaler.slots.upcoming";
    static final String SLOTS_PER_NEW_NODE = "kubescaler.slots.per.new.node";
    static final String SERVERS = "kubescaler.servers";
    static final String SERVERS_UNPLACED = "kubescaler.servers.unplaced";
    static final String OLDEST_WAITING_SERVER = "kubescaler.oldest.waiting.server";
    static final String NODES = "kubescaler.nodes";
    static final String CONDITION = "kubescaler.condition";
    static final String GROWTH_FAILURES = "kubescaler.growth.failures";
    static final String LAST_PASS = "kubescaler.last.pass.timestamp";
    static final String FIRST_DECISION = "kubescaler.first.decision";
    static final String PASSES = "kubescaler.passes";
    static final String PASSES_FAILED = "kubescaler.passes.failed";
    static final String PASS_DURATION = "kubescaler.pass.duration";
    static final String ACTIONS = "kubescaler.actions";
    static final String DATA_AGE = "kubescaler.data.age";
    static final String LEADER = "kubescaler.leader";
    static final String CLOUD_CALL_DURATION = "kubescaler.cloud.call.duration";
    static final String CLUSTER_CALL_DURATION = "kubescaler.cluster.call.duration";

    private MetricNames() {}
}
