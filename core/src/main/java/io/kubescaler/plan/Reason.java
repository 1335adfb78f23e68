package io.kubescaler.plan;

import io.kubescaler.model.Count;
import java.time.Duration;
import java.time.Instant;

/** Why an action or a mark is in a plan, with the numbers that led to it. */
public sealed interface Reason {
    /** Returns the reason in one UpperCamelCase word, as JSON documents, events and metrics carry it. */
    default String code() {
        return getClass().getSimpleName();
    }

    /** Returns the reason as a sentence with its numbers, for people. */
    String message();

    /** The pool has fewer nodes than its minimum. */
    record BelowMinimum(int size, int minimum) implements Reason {
        @Override
        public String message() {
            return "the pool has %s and its minimum is %d".formatted(Count.of(size, "node"), minimum);
        }
    }

    /** Fewer nodes take servers than the minimum, while the scaler holds cordoned ones. */
    record TakersBelowMinimum(int takers, int minimum, int servers) implements Reason {
        @Override
        public String message() {
            return "%s servers and the minimum is %d; this one has %s"
                    .formatted(Count.of(takers, "node takes", "nodes take"), minimum, Count.of(servers, "server"));
        }
    }

    /** Slots are missing, and a node that was set aside has some. */
    record TakenBack(long free, long required, long slots, int servers) implements Reason {
        @Override
        public String message() {
            return "%s free and %s required; this node has %d more and %s"
                    .formatted(Count.are(free, "slot"), Count.are(required), slots, Count.of(servers, "server"));
        }
    }

    /** Slots are missing that no node at hand has. */
    record Short(long free, long upcoming, long required, long slotsPerNewNode) implements Reason {
        @Override
        public String message() {
            return "%s free, %s coming and %s required: %s missing, at %d a node"
                    .formatted(
                            Count.are(free, "slot"),
                            Count.are(upcoming),
                            Count.are(required),
                            Count.are(required - free - upcoming),
                            slotsPerNewNode);
        }
    }

    /** A server waits that fits on no node there is, though slots may be free: on several nodes, or on wrong ones. */
    record NoRoomForServer(String server, long slots, long free, int nodes) implements Reason {
        @Override
        public String message() {
            return "server %s fills %s of one node, and no node that it may run on has that room: %s free in all, and %s needed"
                    .formatted(server, Count.of(slots, "slot"), Count.are(free, "slot"), Count.are(nodes, "new node"));
        }
    }

    /** A server waits that no node in use has room for, and a node that was set aside has. */
    record RoomForServer(long slots, int servers) implements Reason {
        @Override
        public String message() {
            return "a server waits that no node in use has room for; this node has, with %s free and %s"
                    .formatted(Count.of(slots, "slot"), Count.of(servers, "server"));
        }
    }

    /** Slots are missing, and nothing tells how many a new node has: one node is added to learn it. */
    record SlotsUnknown(long free, long required) implements Reason {
        @Override
        public String message() {
            return ("%s free and %s required; how many a new node has is not known yet, so one is added"
                            + " to learn it (or set node-cpu-allocatable)")
                    .formatted(Count.are(free, "slot"), Count.are(required));
        }
    }

    /** The buffer stands without this node. */
    record Surplus(long free, long slots, long required, int servers) implements Reason {
        @Override
        public String message() {
            return "%s free and %s required; %s without this node, which has %s"
                    .formatted(
                            Count.are(free, "slot"),
                            Count.are(required),
                            Count.of(free - slots, "remains", "remain"),
                            Count.of(servers, "server"));
        }
    }

    /** The cloud is deleting the machine, by whomever it was told to: no further server is to land on it. */
    record CloudIsDeleting(int servers) implements Reason {
        @Override
        public String message() {
            return "the cloud is deleting its machine, and the scheduler could still place servers there; it has %s"
                    .formatted(Count.of(servers, "server"));
        }
    }

    /** A node that was set aside has been empty for long enough. */
    record Expired(Instant emptySince, Duration empty, Duration expiration) implements Reason {
        @Override
        public String message() {
            return "empty since %s: %d s, and the expiration is %d s"
                    .formatted(emptySince, empty.toSeconds(), expiration.toSeconds());
        }
    }

    /** A deletion that was begun earlier is carried through: the cloud does not show it yet. */
    record DeletionUnconfirmed(Instant deletingAt) implements Reason {
        @Override
        public String message() {
            return "its deletion was begun at %s and the cloud does not show it".formatted(deletingAt);
        }
    }

    /** A machine never became Ready in the time it had. */
    record NeverReady(Duration age, Duration timeout) implements Reason {
        @Override
        public String message() {
            return "it has not become Ready in %d s, and the provisioning timeout is %d s"
                    .formatted(age.toSeconds(), timeout.toSeconds());
        }
    }

    /** The cloud says that a machine failed before it was ever Ready. */
    record MachineFailed(String cloudMessage) implements Reason {
        @Override
        public String message() {
            return "the cloud says that it failed" + (cloudMessage.isEmpty() ? "" : ": " + cloudMessage);
        }
    }

    /** A cordoned node has no server any more: the clock of its expiration starts. */
    record BecameEmpty() implements Reason {
        @Override
        public String message() {
            return "its last server has left";
        }
    }

    /** The time noted on a node lies in the future, so the clock that wrote it was wrong: it starts anew. */
    record ClockAhead(Instant noted) implements Reason {
        @Override
        public String message() {
            return "it was noted as empty since %s, which is still to come".formatted(noted);
        }
    }

    /** A cordoned node that was empty has a server: the clock of its expiration is void. */
    record NoLongerEmpty(int servers) implements Reason {
        @Override
        public String message() {
            return "it was empty and has %s now".formatted(Count.of(servers, "server"));
        }
    }

    /** A node without servers has no slot at all, and other nodes of the pool have some. */
    record WithoutSlots(String lacking) implements Reason {
        @Override
        public String message() {
            return "even without servers it has no room for one: too little of " + lacking;
        }
    }

    /** A person made a node schedulable that the scaler had set aside. */
    record UncordonedByPerson() implements Reason {
        @Override
        public String message() {
            return "it was set aside by the scaler and somebody made it schedulable again";
        }
    }

    /** A node that the scaler had set aside was made schedulable and set aside again, by somebody else. */
    record CordonedByOther(String who) implements Reason {
        @Override
        public String message() {
            return "it was set aside by the scaler, and %s has set it unschedulable since".formatted(who);
        }
    }

    /** A deletion was begun, and something came up that speaks against it before it was carried out. */
    record DeletionAbandoned(String why) implements Reason {
        @Override
        public String message() {
            return "its deletion had begun and is given up: " + why;
        }
    }
}
