package io.kubescaler.kubernetes.lease;

import java.util.Optional;

/**
 * How this replica stands with the lease. Immutable and thread-safe.
 *
 * @param role its part
 * @param holder who holds the lease, as far as is known: this replica too; empty when nobody does or it is not known
 * @param message the same as a sentence for people
 */
public record LeaseStatus(Role role, Optional<String> holder, String message) {
    /** The part of a replica. */
    public enum Role {
        /** It holds the lease. */
        LEADER,
        /** Another replica holds the lease, or nobody does and this one is about to take it. */
        STANDBY,
        /** The lease cannot be read, or has not been yet. */
        UNKNOWN
    }
}
