package io.kubescaler.plan;

import java.time.Instant;
import java.util.Optional;

/**
 * A change to the scaler's own annotations on a node, which keeps what must outlive a restart. It changes nothing of
 * where servers can run.
 *
 * @param node the node's name
 * @param kind what is written
 * @param at the time that is written; empty when an annotation is removed
 * @param reason why
 */
public record Mark(String node, Kind kind, Optional<Instant> at, Reason reason) {
    /** What is written. */
    public enum Kind {
        /** {@code empty-since} is set. */
        SET_EMPTY_SINCE,
        /** {@code empty-since} is removed. */
        CLEAR_EMPTY_SINCE,
        /** {@code deleting-at} is removed. */
        CLEAR_DELETING,
        /** {@code cordoned-at}, {@code empty-since} and {@code deleting-at} are removed. */
        CLEAR_ALL
    }
}
