package io.kubescaler.control;

/** The cluster did not take a request. The message is fit for people and holds no secrets. */
public final class ClusterException extends Exception {
    private static final long serialVersionUID = 1L;
    private final Kind kind;

    /** What stood in the way. */
    public enum Kind {
        /** The object changed since it was read; the next pass sees it as it is. */
        CONFLICT,
        /** The object is gone. */
        GONE,
        /** A permission is missing; a person must mend it. */
        FORBIDDEN,
        /** The cluster did not answer, not in time, or with a fault of its own. */
        UNAVAILABLE
    }

    public ClusterException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public ClusterException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** Returns what stood in the way. */
    public Kind kind() {
        return kind;
    }
}
