package io.kubescaler.model;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One machine of a pool as the cloud reports it. Immutable and thread-safe.
 *
 * @param id the cloud's own id of it within the pool, never that of an earlier machine; what {@code delete} takes
 * @param providerId what Kubernetes will show as {@code spec.providerID}; empty when the cloud does not tell (yet); an
 *     empty text is none
 * @param nodeName the name of its Node object; empty when the cloud does not tell (yet); an empty text is none
 * @param state what the cloud says of it
 * @param message what the cloud says beside the state, such as why it failed; empty when nothing
 * @param createdAt when the cloud was asked for it
 */
public record Instance(
        String id,
        Optional<String> providerId,
        Optional<String> nodeName,
        State state,
        String message,
        Instant createdAt) {

    // plug-ins make these, and may be written without our null checks
    public Instance {
        Objects.requireNonNull(id, "id");
        providerId = Objects.requireNonNull(providerId, "providerId").filter(text -> !text.isEmpty());
        nodeName = Objects.requireNonNull(nodeName, "nodeName").filter(text -> !text.isEmpty());
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(createdAt, "createdAt");
    }

    /** Returns this instance with another message. */
    public Instance withMessage(String other) {
        return new Instance(id, providerId, nodeName, state, other, createdAt);
    }

    /** What the cloud says of an instance. */
    public enum State {
        /** Ordered or starting. Also any state that the provider does not know. */
        BOOTING,
        /** Up, as far as the cloud can tell. */
        RUNNING,
        /** On its way out; it no longer counts towards the pool's size. */
        DELETING,
        /**
         * The cloud has given up bringing it up: it has never run and never will. It is deleted without a wait where it has
         * been watched since it was ordered, and had no node. One that has run is {@link #RUNNING}, whatever is wrong with
         * it.
         */
        FAILED
    }
}
