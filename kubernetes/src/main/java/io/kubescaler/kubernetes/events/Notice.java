package io.kubescaler.kubernetes.events;

import java.time.Duration;
import java.time.Instant;

/**
 * One thing to tell as an Event.
 *
 * @param subject what it is about
 * @param reason why, in one UpperCamelCase word
 * @param action what was done, in one UpperCamelCase word
 * @param warning whether a person should look at it
 * @param note the same as a sentence with numbers
 * @param topic what makes two notices the same beside subject and reason
 * @param quietTime for this long after one was written, the same is only counted
 * @param at when it happened
 */
record Notice(
        Subject subject,
        String reason,
        String action,
        boolean warning,
        String note,
        String topic,
        Duration quietTime,
        Instant at) {

    /** Returns what two notices that are told as one have in common. The note is not part of it: its numbers move. */
    Key key() {
        return new Key(subject, reason, topic);
    }

    /** See {@link #key}. */
    record Key(Subject subject, String reason, String topic) {}

    /** What an Event is about. */
    sealed interface Subject {
        /** A node, by its name. */
        record OfNode(String name) implements Subject {}

        /** The pod that this process runs in. */
        record OwnPod() implements Subject {}
    }
}
