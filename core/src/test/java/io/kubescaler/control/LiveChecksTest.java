package io.kubescaler.control;

import static io.kubescaler.testing.PoolBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Resources;
import io.kubescaler.testing.PoolBuilder;
import io.kubescaler.testing.PoolBuilder.NodeBuilder;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class LiveChecksTest {
    private static Node node(int servers, Consumer<NodeBuilder> change) {
        return new PoolBuilder()
                .node("a", servers, node -> change.accept(node.cordonedFor(Duration.ofHours(1))))
                .cluster()
                .nodes()
                .get(0);
    }

    private static Optional<String> objection(Node live) {
        return LiveChecks.againstDeleting(node(0, node -> {}), live, policy());
    }

    @Test
    void hasNothingAgainstAnEmptyNodeOfOurs() {
        assertThat(objection(node(0, node -> node.other(Resources.cpu(4000))))).isEmpty();
    }

    @Test
    void objectsToLiveServers() {
        assertThat(objection(node(2, node -> {}))).contains("2 live servers are on it");
    }

    @Test
    void objectsToProtection() {
        assertThat(objection(node(0, node -> node.keep())))
                .hasValueSatisfying(it -> assertThat(it).contains("kept"));
        assertThat(objection(node(0, node -> node.doNotDisrupt("ns/db (x)"))))
                .contains("it is protected by pod ns/db (x)");
    }

    @Test
    void objectsWhenAPersonTookTheNodeBackOrOver() {
        assertThat(objection(node(0, node -> node.schedulable())))
                .hasValueSatisfying(it -> assertThat(it).contains("schedulable"));
        Node foreign = new PoolBuilder()
                .node("a", 0, node -> node.cordonedByPerson())
                .cluster()
                .nodes()
                .get(0);
        assertThat(objection(foreign)).hasValueSatisfying(it -> assertThat(it).contains("took our mark"));
    }

    @Test
    void objectsWhenSomebodyElseHasCordonedTheNodeSince() {
        assertThat(objection(node(0, node -> node.cordonedBy("kubectl-cordon"))))
                .contains("kubectl-cordon has set it unschedulable since we did");
        assertThat(objection(node(0, node -> node.cordonedBy(Node.FIELD_MANAGER))))
                .isEmpty();
    }

    @Test
    void objectsToWhatCannotBeRead() {
        assertThat(objection(node(0, node -> node.unreadable("spec: garbled"))))
                .contains("it cannot be read: spec: garbled");
        assertThat(objection(node(0, node -> node.unreadablePod("ns/p (status: garbled)"))))
                .contains("pod ns/p (status: garbled) cannot be read, and may be a server");
    }

    @Test
    void objectsToANodeOutsideTheSelector() {
        assertThat(objection(node(0, node -> node.label("role", "other"))))
                .contains("it no longer matches the pool's selector role=scalable");
    }

    @Test
    void objectsToAnotherNodeOfThatName() {
        Node observed = node(0, node -> {});
        Node other = new Node(
                observed.name(),
                "another uid",
                observed.resourceVersion(),
                observed.createdAt(),
                observed.labels(),
                observed.providerId(),
                observed.unschedulable(),
                observed.beingDeleted(),
                observed.readiness(),
                observed.pressures(),
                observed.taints(),
                observed.allocatable(),
                observed.load(),
                observed.marks(),
                Optional.empty(),
                Optional.empty());
        assertThat(LiveChecks.againstDeleting(observed, other, policy()))
                .contains("the node of that name is another one now");
    }

    @Test
    void looksAtTheLoadAlone() {
        assertThat(LiveChecks.againstLoad(NodeLoad.EMPTY)).isEmpty();
        assertThat(LiveChecks.againstLoad(new NodeLoad(1, Resources.NONE, Resources.NONE, Optional.empty())))
                .isPresent();
        assertThat(LiveChecks.againstLoad(new NodeLoad(0, Resources.NONE, Resources.NONE, Optional.of("ns/x (y)"))))
                .isPresent();
    }
}
