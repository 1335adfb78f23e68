package io.kubescaler.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class ReasonTest {
    private static final Instant THEN = Instant.parse("2026-01-01T12:00:00Z");
    private static final List<Reason> ALL = List.of(
            new Reason.BelowMinimum(1, 2),
            new Reason.TakersBelowMinimum(1, 2, 3),
            new Reason.TakenBack(1, 4, 2, 3),
            new Reason.Short(1, 4, 10, 4),
            new Reason.SlotsUnknown(0, 4),
            new Reason.Surplus(9, 4, 4, 0),
            new Reason.Expired(THEN, Duration.ofSeconds(130), Duration.ofSeconds(120)),
            new Reason.DeletionUnconfirmed(THEN),
            new Reason.NeverReady(Duration.ofSeconds(901), Duration.ofSeconds(900)),
            new Reason.MachineFailed("no more room"),
            new Reason.BecameEmpty(),
            new Reason.ClockAhead(THEN),
            new Reason.NoLongerEmpty(2),
            new Reason.UncordonedByPerson(),
            new Reason.CordonedByOther("kubectl-cordon"),
            new Reason.CloudIsDeleting(2),
            new Reason.DeletionAbandoned("it has 2 servers"),
            new Reason.NoRoomForServer("games/large", 2, 3, 1),
            new Reason.RoomForServer(2, 1),
            new Reason.WithoutSlots("nvidia.com/gpu"));

    @Test
    void saysItWithItsNumbers() {
        assertThat(ALL)
                .extracting(Reason::message)
                .containsExactly(
                        "the pool has 1 node and its minimum is 2",
                        "1 node takes servers and the minimum is 2; this one has 3 servers",
                        "1 slot is free and 4 are required; this node has 2 more and 3 servers",
                        "1 slot is free, 4 are coming and 10 are required: 5 are missing, at 4 a node",
                        "0 slots are free and 4 are required; how many a new node has is not known yet, so one is added"
                                + " to learn it (or set node-cpu-allocatable)",
                        "9 slots are free and 4 are required; 5 remain without this node, which has 0 servers",
                        "empty since 2026-01-01T12:00:00Z: 130 s, and the expiration is 120 s",
                        "its deletion was begun at 2026-01-01T12:00:00Z and the cloud does not show it",
                        "it has not become Ready in 901 s, and the provisioning timeout is 900 s",
                        "the cloud says that it failed: no more room",
                        "its last server has left",
                        "it was noted as empty since 2026-01-01T12:00:00Z, which is still to come",
                        "it was empty and has 2 servers now",
                        "it was set aside by the scaler and somebody made it schedulable again",
                        "it was set aside by the scaler, and kubectl-cordon has set it unschedulable since",
                        "the cloud is deleting its machine, and the scheduler could still place servers there; it has 2"
                                + " servers",
                        "its deletion had begun and is given up: it has 2 servers",
                        "server games/large fills 2 slots of one node, and no node that it may run on has that room: 3"
                                + " slots are free in all, and 1 new node is needed",
                        "a server waits that no node in use has room for; this node has, with 2 slots free and 1 server",
                        "even without servers it has no room for one: too little of nvidia.com/gpu");
        assertThat(new Reason.MachineFailed("").message()).isEqualTo("the cloud says that it failed");
    }

    @Test
    void saysOneInTheSingular() {
        List<Reason> ones = List.of(
                new Reason.BelowMinimum(1, 1),
                new Reason.TakersBelowMinimum(1, 1, 1),
                new Reason.TakenBack(1, 1, 1, 1),
                new Reason.Short(1, 1, 3, 1),
                new Reason.SlotsUnknown(1, 1),
                new Reason.Surplus(2, 1, 1, 1),
                new Reason.NoLongerEmpty(1),
                new Reason.CloudIsDeleting(1));
        assertThat(ones)
                .extracting(Reason::message)
                .containsExactly(
                        "the pool has 1 node and its minimum is 1",
                        "1 node takes servers and the minimum is 1; this one has 1 server",
                        "1 slot is free and 1 is required; this node has 1 more and 1 server",
                        "1 slot is free, 1 is coming and 3 are required: 1 is missing, at 1 a node",
                        "1 slot is free and 1 is required; how many a new node has is not known yet, so one is added"
                                + " to learn it (or set node-cpu-allocatable)",
                        "2 slots are free and 1 is required; 1 remains without this node, which has 1 server",
                        "it was empty and has 1 server now",
                        "the cloud is deleting its machine, and the scheduler could still place servers there; it has 1"
                                + " server");
    }

    @Test
    void goesByItsNameInDocumentsAndMetrics() {
        assertThat(ALL.stream().map(Reason::code).collect(Collectors.toSet()))
                .isEqualTo(Arrays.stream(Reason.class.getPermittedSubclasses())
                        .map(Class::getSimpleName)
                        .collect(Collectors.toSet()));
        assertThat(ALL.get(0).code()).isEqualTo("BelowMinimum");
    }

    @Test
    void spellsConditionsAndStatesAsTheDocumentsDo() {
        assertThat(Condition.values())
                .extracting(Condition::word)
                .containsExactly(
                        "Ok",
                        "AtMaximum",
                        "GrowthPaused",
                        "Learning",
                        "SlotLargerThanNode",
                        "PoolsOverlap",
                        "NoServerSeen",
                        "ServersWaiting",
                        "Unhealthy",
                        "CloudUnreadable",
                        "ClusterUnreadable");
        assertThat(NodeState.values())
                .extracting(NodeState::word)
                .containsExactly("active", "booting", "cordoned", "held", "unready", "shared", "deleting");
    }
}
