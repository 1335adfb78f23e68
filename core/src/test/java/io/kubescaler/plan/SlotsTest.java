package io.kubescaler.plan;

import static io.kubescaler.testing.PoolBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Node;
import io.kubescaler.model.NodeTemplate;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Resources;
import io.kubescaler.model.ServersFound;
import io.kubescaler.testing.PolicyBuilder;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class SlotsTest {
    private static final Resources SLOT = policy().slotSize();

    private static List<Node> nodes(PoolBuilder pool) {
        return pool.cluster().nodes();
    }

    private static Optional<NodeTemplate> template(Map<String, Long> allocatable) {
        return Optional.of(new NodeTemplate(Resources.of(allocatable), Map.of()));
    }

    private static OptionalLong ofNewNode(Optional<NodeTemplate> template, PoolBuilder pool) {
        return ofNewNode(template, nodes(pool), policy());
    }

    private static OptionalLong ofNewNode(Optional<NodeTemplate> template, List<Node> nodes, PoolPolicy policy) {
        PoolMemory memory = new PoolMemory();
        memory.observe(
                policy,
                new ClusterState(nodes, List.of(), ServersFound.of(1), Map.of()),
                new PoolDescription(0, List.of(), Optional.empty(), template, OptionalInt.empty()),
                PoolBuilder.NOW);
        return Slots.ofNewNode(memory.template(), memory.machines().hints(), policy);
    }

    @Test
    void floorsEachNodeAndNeverGoesBelowNone() {
        PoolBuilder pool = new PoolBuilder()
                .node("half", 0, node -> node.other(Resources.cpu(3001)))
                .node("over", 5)
                .node("free", 1);
        assertThat(nodes(pool)).extracting(node -> Slots.free(node, SLOT)).containsExactly(0L, 0L, 3L);
    }

    @Test
    void boundsByPodsAndByEveryResource() {
        PoolBuilder pool = new PoolBuilder()
                .node("pods", 1, node -> node.allocatable(Resources.of(Map.of("cpu", 9000L, "pods", 3L))))
                .node("mute", 0, node -> node.allocatable(Resources.NONE));
        assertThat(nodes(pool)).extracting(node -> Slots.free(node, SLOT)).containsExactly(2L, 0L);
    }

    @Test
    void believesTheTemplateBeforeTheNodes() {
        PoolBuilder pool = new PoolBuilder()
                .node(
                        "a",
                        0,
                        node -> node.age(Duration.ofSeconds(9)).neverReady().daemons(Resources.cpu(500)));
        assertThat(ofNewNode(template(Map.of("cpu", 8000L, "pods", 110L)), pool))
                .hasValue(7);
        assertThat(ofNewNode(template(Map.of("cpu", 8000L, "pods", 2L)), pool)).hasValue(2);
    }

    @Test
    void isNotBoundByPodsThatATemplateLeavesOut() {
        assertThat(ofNewNode(template(Map.of("cpu", 8000L)), new PoolBuilder())).hasValue(8);
    }

    @Test
    void asksTheNodesWhenTheTemplateDoesNotTellEveryResource() {
        assertThat(ofNewNode(template(Map.of("memory", 8000L)), new PoolBuilder().node("a", 3)))
                .hasValue(4);
    }

    @Test
    void takesTheMostThatAnyNodeWouldHaveWithDaemonsAlone() {
        PoolBuilder pool = new PoolBuilder()
                .node("a", 4, node -> node.daemons(Resources.cpu(2500)))
                .node("b", 4, node -> node.daemons(Resources.cpu(1500)).other(Resources.cpu(900)));
        assertThat(ofNewNode(Optional.empty(), pool)).hasValue(2);
    }

    @Test
    void asksNodesThatAreReadyFirst() {
        PoolBuilder pool = new PoolBuilder()
                .node("young", 0, node -> node.age(Duration.ofSeconds(9)).neverReady())
                .node("ready", 0, node -> node.daemons(Resources.cpu(1000)));
        assertThat(ofNewNode(Optional.empty(), pool)).hasValue(3);
        PoolBuilder young = new PoolBuilder()
                .node("young", 0, node -> node.age(Duration.ofSeconds(9)).neverReady());
        assertThat(ofNewNode(Optional.empty(), young)).hasValue(4);
    }

    @Test
    void fallsBackToTheHintForTheResourcesThatItNames() {
        PolicyBuilder builder =
                new PolicyBuilder().numbers(0, 0, 1).slotSize(Resources.of(Map.of("cpu", 1000L, "memory", 9L)));
        PoolPolicy base = builder.build();
        PoolPolicy hinted = builder.nodeAllocatable(Resources.cpu(3500)).build();
        assertThat(ofNewNode(Optional.empty(), List.of(), hinted)).hasValue(3);
        assertThat(ofNewNode(Optional.empty(), List.of(), base)).isEmpty();
        PoolBuilder mute = new PoolBuilder().node("mute", 0, node -> node.allocatable(Resources.NONE));
        assertThat(ofNewNode(Optional.empty(), nodes(mute), hinted)).hasValue(3);
    }
}
