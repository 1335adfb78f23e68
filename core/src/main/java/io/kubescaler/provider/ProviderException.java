package io.kubescaler.provider;

import java.time.Duration;
import java.util.Optional;

/**
 * A cloud did not do what it was asked. The kind tells the scaler what to do about it; the message is what the cloud
 * said, without secrets. Thread-safe.
 */
public abstract sealed class ProviderException extends Exception {
    private static final long serialVersionUID = 1L;

    private ProviderException(String message, Throwable cause) {
        super(message, cause);
    }

    private ProviderException(String message) {
        super(message);
    }

    /** The cloud refuses the credentials, or they lack a permission. A person must mend it. */
    public static final class Unauthorized extends ProviderException {
        private static final long serialVersionUID = 1L;

        public Unauthorized(String message) {
            super(message);
        }
    }

    /** The cluster or the pool does not exist there. A person must mend it. */
    public static final class NotFound extends ProviderException {
        private static final long serialVersionUID = 1L;

        public NotFound(String message) {
            super(message);
        }
    }

    /** The cloud has no such machines now, or the account may not have more. Growth backs off. */
    public static final class QuotaExceeded extends ProviderException {
        private static final long serialVersionUID = 1L;

        public QuotaExceeded(String message) {
            super(message);
        }
    }

    /** Too many requests. Nothing of what it is about is sent until the time to wait is over. */
    public static final class RateLimited extends ProviderException {
        private static final long serialVersionUID = 1L;
        private final Duration retryAfter;
        private final Scope scope;

        /** What must wait. */
        public enum Scope {
            /** Every request, as when the cloud itself refuses one. */
            EVERYTHING,
            /** Reading that no order waits for, since the provider keeps what is left of the rate for orders. */
            READS,
            /** Deletions, since the provider keeps what is left of the rate for others: a deletion can wait. */
            DELETIONS
        }

        /**
         * Everything must wait.
         *
         * @param message what the cloud said
         * @param retryAfter how long to wait before the next request; above 0
         */
        public RateLimited(String message, Duration retryAfter) {
            this(message, retryAfter, Scope.EVERYTHING);
        }

        /**
         * @param message what the cloud said, or what the provider keeps to by itself
         * @param retryAfter how long to wait before the next such request; above 0
         * @param scope what must wait
         */
        public RateLimited(String message, Duration retryAfter, Scope scope) {
            super(message);
            this.retryAfter = retryAfter;
            this.scope = scope;
        }

        /** Returns what must wait. */
        public Scope scope() {
            return scope;
        }

        /** Returns whether orders to grow, and the reading that goes with them, need not wait though other reads must. */
        public boolean readsOnly() {
            return scope == Scope.READS;
        }

        /** Returns how long to wait, from when this was thrown, before the next request. */
        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /**
     * It may work when tried again: a time-out, a broken connection, a fault of the cloud's. An order that ends so may
     * still be carried out.
     */
    public static sealed class Transient extends ProviderException {
        private static final long serialVersionUID = 1L;

        public Transient(String message, Throwable cause) {
            super(message, cause);
        }

        public Transient(String message) {
            super(message);
        }
    }

    /**
     * It may work when tried again, and what was asked for never left: the cloud could not be reached, or something went
     * wrong before the order itself was sent. It cannot be carried out late.
     */
    public static final class NotSent extends Transient {
        private static final long serialVersionUID = 1L;

        public NotSent(String message, Throwable cause) {
            super(message, cause);
        }

        public NotSent(String message) {
            super(message);
        }
    }

    /** The request itself is wrong, such as growing to less than the pool has. Repeating it cannot help. */
    public static final class InvalidRequest extends ProviderException {
        private static final long serialVersionUID = 1L;

        public InvalidRequest(String message) {
            super(message);
        }
    }

    /** Returns how long to wait before the next request, when the cloud says so. */
    public Optional<Duration> waitBeforeNext() {
        return this instanceof RateLimited limited ? Optional.of(limited.retryAfter()) : Optional.empty();
    }
}
