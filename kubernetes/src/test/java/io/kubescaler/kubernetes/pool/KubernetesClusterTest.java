package io.kubescaler.kubernetes.pool;

import static io.kubescaler.testing.PoolBuilder.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.ClusterException;
import io.kubescaler.control.ClusterException.Kind;
import io.kubescaler.kubernetes.client.Deadline;
import io.kubescaler.kubernetes.objects.Observed;
import io.kubescaler.model.Annotations;
import io.kubescaler.model.Instance;
import io.kubescaler.model.MachineIdentity;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolIdentities;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import io.kubescaler.plan.Mark;
import io.kubescaler.plan.Reason;
import io.kubescaler.testing.PolicyBuilder;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class KubernetesClusterTest {
    private static final PoolPolicy POLICY =
            new PolicyBuilder().selector("role=games").build();

    private final ClusterIndex index = new ClusterIndex(List.of(POLICY), () -> true);
    private final Writes writes = new Writes();
    private final KubernetesCluster cluster = new KubernetesCluster(
            POLICY, index, () -> new KubernetesCluster.Standing(Optional.empty(), 1), writes, Optional.empty());

    /** An API server with one node, that takes writes on its newest version and applies nothing of them. */
    private static final class Writes implements NodeApi {
        private final List<NodePatch> taken = new ArrayList<>();
        private Optional<Node> node = Optional.empty();
        private NodeLoad load = NodeLoad.EMPTY;

        @Override
        public Deadline deadline() {
            return Deadline.in(Duration.ofSeconds(30), () -> 0);
        }

        @Override
        public Optional<Node> node(String name, Deadline deadline) {
            return node;
        }

        @Override
        public List<Node> nodes(Optional<String> labelSelector, Predicate<Node> fits, Deadline deadline) {
            return node.stream().filter(fits).toList();
        }

        @Override
        public NodeLoad load(String nodeName, Deadline deadline) {
            return load;
        }

        @Override
        public List<Pod> pods(String nodeName, Deadline deadline) {
            return List.of();
        }

        @Override
        public Node patch(String name, String resourceVersion, NodePatch patch) throws ClusterException {
            Node current = node.orElseThrow();
            if (!current.resourceVersion().equals(resourceVersion)) {
                throw new ClusterException(Kind.CONFLICT, "changed");
            }
            taken.add(patch);
            Node written = current.withResourceVersion(resourceVersion + "0");
            node = Optional.of(written);
            return written;
        }
    }

    private Node observed(PoolBuilder pool) {
        Node node = pool.cluster().nodes().get(0).withLoad(NodeLoad.EMPTY);
        writes.node = Optional.of(node);
        index.nodeStore().upsert(new Observed<>(node.name(), node.uid(), node.resourceVersion(), Optional.of(node)));
        return node;
    }

    @Test
    void aNodeThatIsDeletedIsSetAsideAnewWhenWhatWasNotedOfAnEarlierCordonHasJustBeenRemoved() throws Exception {
        Node node = observed(new PoolBuilder()
                .node("a", 0, it -> it.cordonedFor(Duration.ofMinutes(10)).schedulable()));
        cluster.mark(node, new Mark("a", Mark.Kind.CLEAR_ALL, Optional.empty(), new Reason.UncordonedByPerson()));
        cluster.markDeleting(node, NOW);
        assertThat(writes.taken).hasSize(2);
        assertThat(writes.taken.get(1).unschedulable()).contains(true);
        assertThat(writes.taken.get(1).annotations())
                .containsEntry(Annotations.CORDONED_AT, Optional.of(NOW))
                .containsEntry(Annotations.DELETING_AT, Optional.of(NOW));
    }

    @Test
    void aNodeThatWasSetAsideKeepsTheTimeWhenItIsDeleted() throws Exception {
        cluster.markDeleting(
                observed(new PoolBuilder().node("a", 0, it -> it.cordonedFor(Duration.ofMinutes(10)))), NOW);
        assertThat(writes.taken)
                .singleElement()
                .satisfies(patch -> assertThat(patch.annotations()).containsOnlyKeys(Annotations.DELETING_AT));
    }

    @Test
    void aNodeThatIsSetAsideAnewIsNotTakenForOneThatIsBeingDeleted() throws Exception {
        Node node = observed(new PoolBuilder()
                .node(
                        "a",
                        0,
                        it -> it.cordonedFor(Duration.ofMinutes(10))
                                .deletingFor(Duration.ofMinutes(10))
                                .schedulable()));
        cluster.cordon(node, NOW, Optional.of(NOW));
        assertThat(writes.taken)
                .singleElement()
                .satisfies(patch ->
                        assertThat(patch.annotations()).containsEntry(Annotations.DELETING_AT, Optional.empty()));
    }

    @Test
    void seesServersOnANodeOutsideThePoolThatMayBeAMachineAndIsNotReady() {
        observed(new PoolBuilder()
                .node("n", 0, node -> node.providerId(Optional.empty()).unreadyFor(Duration.ofMinutes(5))));
        assertThat(cluster.hasNode(orderedBefore(Duration.ofHours(2)))).isFalse();
        Pod server = PoolBuilder.server("s", Optional.of("n"), Map.of());
        index.podStore().upsert(new Observed<>(server.key(), server.uid(), "1", Optional.of(server)));
        assertThat(cluster.hasNode(orderedBefore(Duration.ofHours(2)))).isTrue();
        assertThat(cluster.hasNode(orderedBefore(Duration.ofMinutes(30))))
                .as("a node that is older than the machine")
                .isFalse();
    }

    @Test
    void findsNodesOutsideThePoolThatAreMachinesOrTellNothingAndHostServers() {
        observed(new PoolBuilder().node("n", 0, node -> node.providerId(Optional.empty())));
        PoolIdentities none = PoolIdentities.of(Optional.empty(), List.of());
        assertThat(cluster.nodesOutside(none)).isEmpty();
        Instance named =
                new Instance("x", Optional.empty(), Optional.of("n"), Instance.State.RUNNING, "", PoolBuilder.NOW);
        assertThat(cluster.nodesOutside(PoolIdentities.of(Optional.empty(), List.of(named))))
                .extracting(Node::name)
                .containsExactly("n");
        Pod server = PoolBuilder.server("s", Optional.of("n"), Map.of());
        index.podStore().upsert(new Observed<>(server.key(), server.uid(), "1", Optional.of(server)));
        assertThat(cluster.nodesOutside(none)).extracting(Node::name).containsExactly("n");
        observed(new PoolBuilder()
                .node(
                        "n",
                        0,
                        node -> node.providerId(Optional.empty())
                                .taint("node.cloudprovider.kubernetes.io/uninitialized")));
        assertThat(cluster.nodesOutside(none))
                .as("the cloud is about to tell which machine it is")
                .isEmpty();
    }

    @Test
    void findsANodeOutsideThePoolThatMayBeAMachineRightBeforeItsDeletionWhileServersAreThere() throws Exception {
        observed(new PoolBuilder().node("n", 0, node -> node.providerId(Optional.empty())));
        MachineIdentity machine = orderedBefore(Duration.ofHours(2));
        assertThat(cluster.findFurtherNode(machine, node -> false)).isEmpty();
        writes.load = new NodeLoad(1, Resources.NONE, Resources.NONE, Optional.empty());
        assertThat(cluster.findFurtherNode(machine, node -> false))
                .map(Node::name)
                .contains("n");
        assertThat(cluster.findFurtherNode(machine, node -> true)).isEmpty();
        assertThat(cluster.findFurtherNode(orderedBefore(Duration.ofMinutes(30)), node -> false))
                .as("a node that is older than the machine")
                .isEmpty();
        writes.load = new NodeLoad(0, Resources.NONE, Resources.NONE, Optional.of("default/precious"));
        assertThat(cluster.findFurtherNode(machine, node -> false)).isPresent();
    }

    private static MachineIdentity orderedBefore(Duration age) {
        Instance machine = new Instance(
                "x", Optional.of("p"), Optional.empty(), Instance.State.RUNNING, "", PoolBuilder.NOW.minus(age));
        return new MachineIdentity(machine, Optional.empty(), List.of(machine));
    }
}
