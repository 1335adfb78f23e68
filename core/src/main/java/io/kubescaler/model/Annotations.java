package io.kubescaler.model;

/** Names of the annotations that the scaler reads and writes on nodes. Times are RFC 3339 in UTC. */
public final class Annotations {
    /**
     * When the scaler cordoned the node. Without it, a cordoned node was cordoned by a person; with it too, when somebody
     * else has set it unschedulable since.
     */
    public static final String CORDONED_AT = "kubescaler.io/cordoned-at";

    /** Since when a node cordoned by the scaler has had no server. */
    public static final String EMPTY_SINCE = "kubescaler.io/empty-since";

    /** When the scaler set out to delete the node. */
    public static final String DELETING_AT = "kubescaler.io/deleting-at";

    /** A person sets it to {@code "true"} to have the node never cordoned or deleted by the scaler. */
    public static final String KEEP = "kubescaler.io/keep";

    private Annotations() {}
}
