package io.kubescaler.kubernetes.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.kubernetes.objects.Observed;
import io.kubescaler.model.Node;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Resources;
import io.kubescaler.model.ServersFound;
import io.kubescaler.testing.PolicyBuilder;
import io.kubescaler.testing.PoolBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ClusterIndexTest {
    private static final PoolPolicy POLICY =
            new PolicyBuilder().selector("role=games").build();

    private final ClusterIndex index = new ClusterIndex(List.of(POLICY), () -> true);

    @Test
    void keepsTheObjectsOfNodesThatDidNotChange() {
        index.nodeStore().upsert(observed(node("a", true, 1)));
        index.nodeStore().upsert(observed(node("b", true, 2)));
        List<Node> before = index.state(POLICY).nodes();
        index.podStore().upsert(observed(pod("p", Optional.of("b"))));
        List<Node> after = index.state(POLICY).nodes();
        assertThat(after.get(0)).isSameAs(before.get(0));
        assertThat(after.get(1).load().servers()).isEqualTo(1);
    }

    @Test
    void keepsAllObjectsOfAPoolThatAPodOfAnotherPoolDoesNotConcern() {
        index.nodeStore().upsert(observed(node("a", true, 1)));
        index.nodeStore().upsert(observed(node("other", false, 2)));
        List<Node> before = index.state(POLICY).nodes();
        index.podStore().upsert(observed(pod("p", Optional.of("other"))));
        assertThat(index.state(POLICY).nodes())
                .usingElementComparator((a, b) -> a == b ? 0 : 1)
                .containsExactlyElementsOf(before);
    }

    @Test
    void knowsNodesThatNoPoolSelects() {
        index.nodeStore().upsert(observed(node("other", false, 2)));
        assertThat(index.hasNode(node -> node.name().equals("other"), node -> false))
                .isTrue();
        assertThat(index.hasNode(node -> node.name().equals("another"), node -> false))
                .isFalse();
    }

    @Test
    void tellsOfNodesThatAnotherPoolSelectsToo() {
        PoolPolicy all =
                new PolicyBuilder().pool("all").selector("role in (games,web)").build();
        ClusterIndex both = new ClusterIndex(List.of(POLICY, all), () -> true);
        both.nodeStore().upsert(observed(node("a", true, 1)));
        both.nodeStore().upsert(observed(node("b", false, 1)));

        assertThat(both.state(POLICY).shared()).isEqualTo(Map.of("a", "pool all"));
        assertThat(both.state(all).shared()).isEqualTo(Map.of("a", "pool games"));

        both.nodeStore().upsert(observed(node("a", false, 2)));
        assertThat(both.state(POLICY).shared()).isEmpty();
        assertThat(both.state(all).shared()).isEmpty();
    }

    @Test
    void countsServersWhereverTheyAreAndThoseThatAreEndingToo() {
        assertThat(index.state(POLICY).servers()).isEqualTo(ServersFound.of(0));
        index.podStore().upsert(observed(pod("p", Optional.of("of-another-pool"))));
        index.podStore().upsert(observed(pod("q", Optional.empty())));

        assertThat(index.state(POLICY).servers()).isEqualTo(ServersFound.of(2));

        index.podStore().delete(observed(pod("p", Optional.of("of-another-pool"))));
        assertThat(index.state(POLICY).servers()).isEqualTo(ServersFound.of(1));
    }

    /** What was asked before makes no difference: an index that is asked for the first time tells the same. */
    @Test
    void tellsTheSameWhetherItWasAskedBeforeOrNot() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int history = 0; history < 200; history++) {
            ClusterIndex asked = new ClusterIndex(List.of(POLICY), () -> true);
            ClusterIndex silent = new ClusterIndex(List.of(POLICY), () -> true);
            for (int step = 0; step < 60; step++) {
                long change = random.nextLong();
                change(asked, new Random(change), step);
                change(silent, new Random(change), step);
                if (random.nextBoolean()) {
                    asked.state(POLICY);
                }
            }
            assertThat(comparable(asked.state(POLICY)))
                    .as("seed %d, history %d", seed, history)
                    .isEqualTo(comparable(silent.state(POLICY)));
        }
    }

    private static Object comparable(ClusterState state) {
        Map<String, Node> nodes = new TreeMap<>();
        state.nodes().forEach(node -> nodes.put(node.name(), node));
        return List.of(nodes, state.unplaced().stream().map(Pod::name).collect(Collectors.toSet()));
    }

    private static void change(ClusterIndex index, Random random, int step) {
        String nodeName = "n" + random.nextInt(4);
        String podName = "p" + random.nextInt(6);
        switch (random.nextInt(10)) {
            case 0 -> index.nodeStore().delete(observed(node(nodeName, true, step)));
            case 1, 2 -> index.nodeStore().upsert(observed(node(nodeName, random.nextInt(4) > 0, step)));
            case 3 -> index.read(node(nodeName, random.nextInt(4) > 0, step));
            case 4 -> index.podStore().delete(observed(pod(podName, Optional.empty())));
            case 5 -> relist(index, random, step);
            default ->
                index.podStore()
                        .upsert(observed(pod(podName, Optional.of(nodeName).filter(it -> random.nextInt(4) > 0))));
        }
    }

    private static void relist(ClusterIndex index, Random random, int step) {
        if (random.nextBoolean()) {
            index.podStore().startList();
            index.podStore().upsert(observed(pod("p1", Optional.of("n1"))));
            index.podStore().endList();
        } else {
            index.nodeStore().startList();
            index.nodeStore().upsert(observed(node("n1", true, step)));
            index.nodeStore().endList();
        }
    }

    private static Observed<Node> observed(Node node) {
        return new Observed<>(node.name(), node.uid(), node.resourceVersion(), Optional.of(node));
    }

    private static Observed<Pod> observed(Pod pod) {
        return new Observed<>(pod.key(), pod.uid(), "1", Optional.of(pod));
    }

    private static Node node(String name, boolean selected, int version) {
        Node any = new PoolBuilder().node(name, 0).cluster().nodes().get(0);
        return new Node(
                name,
                "uid-" + name,
                String.valueOf(version + 1),
                any.createdAt(),
                Map.of("role", selected ? "games" : "web"),
                any.providerId(),
                version % 3 == 0,
                false,
                any.readiness(),
                Set.of(),
                Set.of(),
                any.allocatable(),
                any.load(),
                any.marks(),
                Optional.empty(),
                Optional.empty());
    }

    private static Pod pod(String name, Optional<String> node) {
        return new Pod(
                "games",
                name,
                "uid-" + name,
                node,
                Map.of("app", "server"),
                Pod.Waiting.NONE,
                Resources.cpu(500).with(Resources.PODS, 1),
                Pod.Owner.OTHER,
                false,
                Optional.empty(),
                Optional.empty());
    }
}
