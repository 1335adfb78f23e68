package io.kubescaler.simulated;

import java.time.Duration;

/** The simulated cloud did not do what it was asked. Thread-safe. */
public final class CloudError extends Exception {
    private static final long serialVersionUID = 1L;
    private final Kind kind;
    private final String words;
    private final Duration retryAfter;

    /** How a request to the cloud fails. */
    public enum Kind {
        /** The credentials are refused. */
        UNAUTHORIZED,
        /** There is no such pool, or no such machine. */
        NOT_FOUND,
        /** The account may not have so many machines. */
        QUOTA,
        /** Too many requests; the error says how long to wait. */
        RATE_LIMITED,
        /** A fault of the cloud's own. */
        UNAVAILABLE,
        /** An answer that is none. */
        GARBLED,
        /** No answer, and nothing was done. */
        SILENT,
        /** The request was carried out and its answer never arrived. */
        ANSWER_LOST
    }

    private CloudError(Kind kind, String message, Duration retryAfter) {
        super(message);
        this.kind = kind;
        this.words = message;
        this.retryAfter = retryAfter;
    }

    /** Returns an error of any kind but {@link Kind#RATE_LIMITED}. */
    public static CloudError of(Kind kind, String message) {
        return new CloudError(kind, message, Duration.ZERO);
    }

    /**
     * Returns the error of too many requests.
     *
     * @param retryAfter how long to wait; above 0
     */
    public static CloudError rateLimited(String message, Duration retryAfter) {
        return new CloudError(Kind.RATE_LIMITED, message, retryAfter);
    }

    /** Returns how the request failed. */
    public Kind kind() {
        return kind;
    }

    /** Returns what the cloud says. */
    public String words() {
        return words;
    }

    /** Returns how long to wait before the next request; zero unless there were too many. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
