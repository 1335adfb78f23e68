package io.kubescaler.plan;

import static io.kubescaler.testing.PoolBuilder.NOW;
import static io.kubescaler.testing.PoolBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Instance.State;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.ServersFound;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Joins are written {@code node=instance}, with {@code -} for what is missing and {@code ?} for a doubt. */
final class JoinTest {
    private static final String LABEL = "cloud/id";

    private static Instance instance(String id, String providerId, String nodeName) {
        return new Instance(id, told(providerId), told(nodeName), State.RUNNING, "", NOW.minus(Duration.ofHours(1)));
    }

    private static Optional<String> told(String text) {
        return Optional.of(text).filter(it -> !it.isEmpty());
    }

    private static Node node(String name, String label, String providerId) {
        PoolBuilder one = new PoolBuilder().node(name, 0, node -> {
            node.providerId(told(providerId));
            told(label).ifPresent(id -> node.label(LABEL, id));
        });
        return one.cluster().nodes().get(0);
    }

    private static List<String> join(Optional<String> label, List<Node> nodes, List<Instance> instances) {
        List<String> joined = show(label, nodes, instances);
        List<Node> otherNodes = new ArrayList<>(nodes);
        List<Instance> otherInstances = new ArrayList<>(instances);
        Collections.reverse(otherNodes);
        Collections.reverse(otherInstances);
        assertThat(show(label, otherNodes, otherInstances))
                .as("the order must not matter")
                .isEqualTo(joined);
        return joined;
    }

    private static List<String> show(Optional<String> label, List<Node> nodes, List<Instance> instances) {
        PoolDescription cloud =
                new PoolDescription(instances.size(), instances, label, Optional.empty(), OptionalInt.empty());
        PoolMemory memory = new PoolMemory();
        memory.observe(policy(), new ClusterState(nodes, List.of(), ServersFound.of(1), Map.of()), cloud, NOW);
        return memory.machines().all().stream()
                .map(it -> it.node().map(Node::name).orElse("-")
                        + "="
                        + it.instance().map(Instance::id).orElse("-")
                        + (it.doubt().isPresent() ? "?" : ""))
                .toList();
    }

    @Test
    void joinsByLabelFirst() {
        assertThat(join(
                        Optional.of(LABEL),
                        List.of(node("a", "1", ""), node("b", "2", "")),
                        List.of(instance("2", "", ""), instance("1", "", ""))))
                .containsExactly("a=1", "b=2");
    }

    @Test
    void joinsByProviderIdWithoutLabel() {
        assertThat(join(Optional.empty(), List.of(node("a", "2", "p1")), List.of(instance("1", "p1", ""))))
                .containsExactly("a=1");
        assertThat(join(Optional.of(LABEL), List.of(node("a", "", "p1")), List.of(instance("1", "p1", ""))))
                .containsExactly("a=1");
    }

    @Test
    void joinsByNameWithoutEither() {
        assertThat(join(Optional.empty(), List.of(node("a", "", "")), List.of(instance("1", "p1", "a"))))
                .containsExactly("a=1");
    }

    @Test
    void takesTheSameNameOnAnotherMachineForAnotherNode() {
        assertThat(join(Optional.empty(), List.of(node("a", "", "p2")), List.of(instance("1", "p1", "a"))))
                .containsExactly("a=-", "-=1");
    }

    @Test
    void leavesApartWhatSharesNothing() {
        assertThat(join(Optional.empty(), List.of(node("a", "", "p1")), List.of(instance("1", "p2", "b"))))
                .containsExactly("a=-", "-=1");
    }

    @Test
    void neverJoinsByCount() {
        assertThat(join(Optional.of(LABEL), List.of(node("a", "", "")), List.of(instance("1", "", ""))))
                .containsExactly("a=-", "-=1");
    }

    @Test
    void doubtsAnInstanceThatTwoNodesClaim() {
        assertThat(join(
                        Optional.of(LABEL),
                        List.of(node("a", "1", ""), node("b", "1", "")),
                        List.of(instance("1", "", ""))))
                .containsExactly("a=1?", "b=-");
        assertThat(join(
                        Optional.of(LABEL),
                        List.of(node("a", "1", ""), node("b", "", "p1")),
                        List.of(instance("1", "p1", ""))))
                .containsExactly("a=1?", "b=-");
    }

    @Test
    void doubtsInstancesThatShareAProviderId() {
        assertThat(join(
                        Optional.empty(),
                        List.of(node("a", "", "p1")),
                        List.of(instance("1", "p1", ""), instance("2", "p1", ""))))
                .containsExactly("a=1?", "-=2?");
    }

    @Test
    void doubtsBothWhenLabelAndProviderIdAreOfTwoMachines() {
        assertThat(join(
                        Optional.of(LABEL),
                        List.of(node("a", "1", "p2")),
                        List.of(instance("1", "p1", ""), instance("2", "p2", ""))))
                .containsExactly("a=1?", "-=2?");
    }

    @Test
    void doubtsWhenTheLabelledMachineHasAnotherProviderId() {
        assertThat(join(Optional.of(LABEL), List.of(node("a", "1", "p9")), List.of(instance("1", "p1", ""))))
                .containsExactly("a=1?");
    }

    @Test
    void believesALabelThatNamesNoMachineAndDoubtsWhatElseTheNodeClaims() {
        assertThat(join(Optional.of(LABEL), List.of(node("a", "gone", "p1")), List.of(instance("1", "p1", ""))))
                .containsExactly("a=-", "-=1?");
        assertThat(join(Optional.of(LABEL), List.of(node("a", "gone", "")), List.of(instance("1", "", "a"))))
                .containsExactly("a=-", "-=1?");
    }

    @Test
    void listsNodesByNameThenInstancesById() {
        assertThat(join(
                        Optional.empty(),
                        List.of(node("b", "", "p2"), node("a", "", "p1")),
                        List.of(instance("2", "x", ""), instance("1", "y", ""))))
                .containsExactly("a=-", "b=-", "-=1", "-=2");
    }
}
