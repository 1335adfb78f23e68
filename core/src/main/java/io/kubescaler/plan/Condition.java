package io.kubescaler.plan;

/** How a pool stands, in one word. */
public enum Condition {
    /** The buffer stands, or is being restored. */
    OK("Ok"),
    /** Slots are missing and the pool has its maximum. */
    AT_MAXIMUM("AtMaximum"),
    /** Slots are missing and growth waits, since the cloud's last machines never came or it refused to give any. */
    GROWTH_PAUSED("GrowthPaused"),
    /** Slots are missing, and nothing tells yet how many a new node has: one is awaited to learn from. */
    LEARNING("Learning"),
    /** One slot is larger than a whole node: no number of nodes helps. */
    SLOT_LARGER_THAN_NODE("SlotLargerThanNode"),
    /**
     * Another configured pool selects some of the same nodes: these are neither set aside, taken back nor deleted, and
     * their slots count for the pool whose cloud lists them.
     */
    POOLS_OVERLAP("PoolsOverlap"),
    /** No server has ever been seen by the server selector, which may be mistyped: nothing is cordoned or deleted. */
    NO_SERVER_SEEN("NoServerSeen"),
    /** A server waits for a node, and nothing that this pool can do helps it, or nothing has in time. */
    SERVERS_WAITING("ServersWaiting"),
    /** So many nodes are unready at once that the fault is likely elsewhere: only what never came is removed. */
    UNHEALTHY("Unhealthy"),
    /** The cloud cannot be read: nothing is done, but nodes are taken back while its last answer is recent. */
    CLOUD_UNREADABLE("CloudUnreadable"),
    /** The cluster cannot be read, or not freshly: nothing is done. */
    CLUSTER_UNREADABLE("ClusterUnreadable");

    private final String word;

    Condition(String word) {
        this.word = word;
    }

    /** Returns the condition as the JSON documents and metrics spell it, such as {@code AtMaximum}. */
    public String word() {
        return word;
    }

    /** Returns whether both the cluster and the cloud could be read. */
    public boolean isReadable() {
        return switch (this) {
            case CLOUD_UNREADABLE, CLUSTER_UNREADABLE -> false;
            case OK,
                    AT_MAXIMUM,
                    GROWTH_PAUSED,
                    LEARNING,
                    SLOT_LARGER_THAN_NODE,
                    POOLS_OVERLAP,
                    NO_SERVER_SEEN,
                    SERVERS_WAITING,
                    UNHEALTHY -> true;
        };
    }
}
