package io.kubescaler.plan;

import java.util.Locale;
import java.util.Optional;

/** One thing that a pass decides to do. Each is safe to repeat. */
public sealed interface Action {
    /** Returns the kind of action as JSON documents and metrics spell it. */
    default String type() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** Returns why. */
    Reason reason();

    /** Take a node back that the scaler had set aside. */
    record Uncordon(String node, Reason reason) implements Action {}

    /**
     * Ask the cloud for more nodes.
     *
     * @param from the size that was observed
     * @param to the size to ask for; above {@code from}
     */
    record Grow(int from, int to, Reason reason) implements Action {}

    /**
     * Set a node aside: no new servers, deleted once empty.
     *
     * @param empty whether it has no server, so that the clock of its expiration starts at once
     */
    record Cordon(String node, boolean empty, Reason reason) implements Action {}

    /**
     * Delete one machine, by its identity.
     *
     * @param instance the cloud's id of the machine
     * @param node its Kubernetes node; empty when it never got one
     */
    record Delete(String instance, Optional<String> node, Reason reason) implements Action {}
}
