package io.kubescaler.kubernetes.pool;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.kubescaler.control.Cluster;
import io.kubescaler.control.ClusterException;
import io.kubescaler.kubernetes.client.HttpThreads;
import io.kubescaler.kubernetes.watch.WatchTiming;
import io.kubescaler.model.Annotations;
import io.kubescaler.model.Instance;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.MachineIdentity;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Resources;
import io.kubescaler.plan.Mark;
import io.kubescaler.plan.Reason;
import io.kubescaler.testing.MovingClock;
import io.kubescaler.testing.PolicyBuilder;
import io.kubescaler.testing.cluster.ControlPlane;
import io.kubescaler.testing.cluster.WithControlPlane;
import io.kubescaler.testing.process.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading from and writing to a real API server. */
@WithControlPlane
class KubernetesClusterIT {
    private static final Instant NOW = Instant.parse("2026-01-01T10:00:00Z");
    private static final LabelSelector LABEL = LabelSelector.parse("app=server");
    private static final PoolPolicy POLICY = new PolicyBuilder()
            .selector("pool=games")
            .serverSelector(LABEL)
            .numbers(1, 0, 10)
            .startupTaints(Set.of())
            .build();

    private final ControlPlane controlPlane;
    private final KubernetesClient admin;
    private final AtomicInteger wakes = new AtomicInteger();
    private final List<AutoCloseable> closeables = new ArrayList<>();
    private String namespace = "";

    @TempDir
    private Path folder;

    KubernetesClusterIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.admin = controlPlane.client(new HttpThreads());
        closeables.add(admin);
    }

    @BeforeEach
    void namespace() {
        namespace = controlPlane.newNamespace();
    }

    @AfterEach
    void close() throws Exception {
        for (int i = closeables.size() - 1; i >= 0; i--) {
            closeables.get(i).close();
        }
    }

    @Test
    void observesWhatKubectlShows() throws IOException {
        createNode("n-1", "games");
        createNode("n-2", "games");
        createNode("n-3", "other");
        createPod("s-1", "n-1", "1500m");
        createPod("s-2", "n-1", "250m");
        createPod("s-3", "n-3", "1");
        createPod("s-4", null, "64");
        Cluster cluster = watch(admin, WatchTiming.DEFAULT);
        awaitNodes(cluster, 2);
        Path nodes = Files.writeString(
                folder.resolve("nodes.json"), controlPlane.kubectl().run("get", "nodes", "-o", "json"));
        Path pods = Files.writeString(
                folder.resolve("pods.json"), controlPlane.kubectl().run("get", "pods", "-A", "-o", "json"));
        ClusterState shown = KubectlFiles.read(nodes, pods, POLICY, List.of(POLICY));
        ClusterState observed = state(cluster).orElseThrow();
        assertThat(observed.nodes()).containsExactlyInAnyOrderElementsOf(shown.nodes());
        assertThat(observed.unplaced()).containsExactlyInAnyOrderElementsOf(shown.unplaced());
        assertThat(observed.unplaced()).extracting(Pod::name).containsExactly("s-4");
        assertThat(node(cluster, "n-1").load())
                .isEqualTo(new NodeLoad(
                        2, Resources.of(Map.of("cpu", 1750L, "pods", 2L)), Resources.NONE, Optional.empty()));
    }

    /** What the API server stores, whoever wrote it, must not keep the scaler from seeing everything else. */
    @Test
    void readsOnWhateverSomebodyPutsIntoAPod() throws IOException, ClusterException {
        createNode("n-1", "games");
        createPod("s-1", "n-1", "1");
        // managed fields are stored as deep as they come, and hold the names of variables as names of their own
        String deep = "{\"f:a\":".repeat(1500) + "{}" + "}".repeat(1500);
        Path pod = Files.writeString(folder.resolve("pod.json"), """
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "hostile", "namespace": "%s", "managedFields": [
              {"manager": "m", "operation": "Update", "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": %s}]},
             "spec": {"nodeName": "n-1", "containers": [
              {"name": "c", "image": "example.org/c", "env": [{"name": "%s", "value": "x"}]}]}}
            """.formatted(namespace, deep, "A".repeat(60_000)));
        controlPlane.kubectl().run("create", "-f", pod.toString());
        try {
            Cluster cluster = watch(admin, WatchTiming.DEFAULT);
            awaitServers(cluster, "n-1", 1);
            assertThat(cluster.readLoad("n-1").used().get(Resources.PODS)).isEqualTo(2);
        } finally {
            // the client that tidies up cannot read it
            String none = "{\"metadata\": {\"managedFields\": [{}]}}";
            controlPlane.kubectl().run("patch", "pod", "hostile", "-n", namespace, "--type=merge", "-p", none);
        }
    }

    @Test
    void observesChangesAsTheyHappen() {
        createNode("n-1", "games");
        Cluster cluster = watch(admin, WatchTiming.DEFAULT);
        awaitNodes(cluster, 1);
        createPod("s-1", "n-1", "1");
        awaitServers(cluster, "n-1", 1);
        endPod("s-1");
        awaitServers(cluster, "n-1", 0);
        createNode("n-2", "games");
        awaitNodes(cluster, 2);
        // leaves the selection, which the watch reports as a deletion
        admin.nodes()
                .withName("n-2")
                .edit(node -> new NodeBuilder(node)
                        .editMetadata()
                        .addToLabels("pool", "other")
                        .endMetadata()
                        .build());
        awaitNodes(cluster, 1);
    }

    @Test
    void readsWhatIsTrueNow() throws ClusterException {
        createNode("n-1", "other");
        Cluster cluster = unstarted(admin).cluster(POLICY);
        createPod("s-1", "n-1", "1");
        createPod("s-2", "n-1", "1");
        assertThat(cluster.readNode("n-1").orElseThrow().load().servers()).isEqualTo(2);
        endPod("s-1");
        assertThat(cluster.readLoad("n-1").servers()).isEqualTo(1);
        assertThat(cluster.readNode("nobody")).isEmpty();
        assertThat(cluster.readLoad("nobody")).isEqualTo(NodeLoad.EMPTY);
        assertThat(cluster.observe()).isInstanceOf(Reading.Unreadable.class);
    }

    @Test
    void findsTheNodeOfAnInstanceByWhateverIdentifiesIt() throws ClusterException {
        createNode("n-1", "other");
        createNode("n-2", "games");
        Cluster cluster = unstarted(admin).cluster(POLICY);
        assertThat(cluster.findNode(
                        new MachineIdentity(instance("x", "cloud://n-1", null), Optional.empty(), List.of())))
                .map(Node::name)
                .contains("n-1");
        assertThat(cluster.findNode(new MachineIdentity(instance("x", null, "n-2"), Optional.empty(), List.of())))
                .map(Node::name)
                .contains("n-2");
        assertThat(cluster.findNode(
                        new MachineIdentity(instance("id-of-n-2", null, null), Optional.of("cloud/id"), List.of())))
                .map(Node::name)
                .contains("n-2");
        assertThat(cluster.findNode(new MachineIdentity(
                        instance("id-of-n-2", "cloud://none", "none"), Optional.empty(), List.of())))
                .isEmpty();
    }

    @Test
    void findsAFurtherNodeOfAMachineWhateverItsLabelsAndOneThatMayBeItInThePool() throws ClusterException {
        createNode("n-1", "other");
        createNode("n-2", "games");
        createPod("s-1", "n-1", "1");
        createPod("s-2", "n-2", "1");
        Cluster cluster = unstarted(admin).cluster(POLICY);
        MachineIdentity told = new MachineIdentity(instance("x", "cloud://n-1", null), Optional.empty(), List.of());
        Node found = cluster.findFurtherNode(told, node -> false).orElseThrow();
        assertThat(found.name()).isEqualTo("n-1");
        assertThat(cluster.findFurtherNode(told, node -> node.uid().equals(found.uid())))
                .isEmpty();
        MachineIdentity untold = new MachineIdentity(instance("x", null, null), Optional.empty(), List.of());
        assertThat(cluster.findFurtherNode(untold, node -> false))
                .map(Node::name)
                .contains("n-2");
    }

    @Test
    void writesAreSeenAtOnceAndInTheCluster() throws ClusterException {
        createNode("n-1", "games");
        Cluster cluster = watch(admin, WatchTiming.DEFAULT);
        awaitNodes(cluster, 1);
        cluster.cordon(node(cluster, "n-1"), NOW, Optional.of(NOW));
        assertThat(node(cluster, "n-1").unschedulable()).isTrue();
        assertThat(node(cluster, "n-1").marks())
                .isEqualTo(new Node.Marks(Optional.of(NOW), Optional.of(NOW), Optional.empty(), false));
        assertThat(annotations("n-1"))
                .containsEntry(Annotations.CORDONED_AT, "2026-01-01T10:00:00Z")
                .containsEntry(Annotations.EMPTY_SINCE, "2026-01-01T10:00:00Z");
        cluster.mark(node(cluster, "n-1"), mark(Mark.Kind.CLEAR_EMPTY_SINCE, Optional.empty()));
        assertThat(node(cluster, "n-1").marks().emptySince()).isEmpty();
        cluster.mark(node(cluster, "n-1"), mark(Mark.Kind.SET_EMPTY_SINCE, Optional.of(NOW.plusSeconds(5))));
        cluster.markDeleting(node(cluster, "n-1"), NOW.plusSeconds(9));
        assertThat(node(cluster, "n-1").marks())
                .isEqualTo(new Node.Marks(
                        Optional.of(NOW), Optional.of(NOW.plusSeconds(5)), Optional.of(NOW.plusSeconds(9)), false));
        cluster.mark(node(cluster, "n-1"), mark(Mark.Kind.CLEAR_DELETING, Optional.empty()));
        assertThat(node(cluster, "n-1").marks())
                .isEqualTo(new Node.Marks(Optional.of(NOW), Optional.of(NOW.plusSeconds(5)), Optional.empty(), false));
        cluster.uncordon(node(cluster, "n-1"));
        assertThat(node(cluster, "n-1").unschedulable()).isFalse();
        assertThat(node(cluster, "n-1").marks()).isEqualTo(Node.Marks.NONE);
        assertThat(annotations("n-1").keySet()).noneMatch(name -> name.startsWith("kubescaler.io/"));
        assertThat(admin.nodes().withName("n-1").get().getSpec().getUnschedulable())
                .isIn(null, false);
    }

    @Test
    void tellsWhoMadeANodeUnschedulable() throws ClusterException {
        createNode("n-1", "games");
        Cluster cluster = watch(admin, WatchTiming.DEFAULT);
        awaitNodes(cluster, 1);
        cluster.cordon(node(cluster, "n-1"), NOW, Optional.of(NOW));
        assertThat(node(cluster, "n-1").cordonedBy()).contains(Node.FIELD_MANAGER);
        cluster.mark(node(cluster, "n-1"), mark(Mark.Kind.SET_EMPTY_SINCE, Optional.of(NOW.plusSeconds(5))));
        assertThat(cluster.readNode("n-1").orElseThrow().cordonedByUs()).isTrue();

        // to cordon what is cordoned takes it from nobody
        controlPlane.kubectl().run("cordon", "n-1");
        assertThat(cluster.readNode("n-1").orElseThrow().cordonedByUs()).isTrue();

        controlPlane.kubectl().run("uncordon", "n-1");
        controlPlane.kubectl().run("cordon", "n-1");
        Node taken = cluster.readNode("n-1").orElseThrow();
        assertThat(taken.marks().cordonedAt()).contains(NOW);
        assertThat(taken.cordonedBy().orElseThrow()).isNotEqualTo(Node.FIELD_MANAGER);
        assertThat(taken.cordonedByUs()).isFalse();
        assertThat(taken.isCordonedByOther()).isTrue();

        cluster.mark(taken, mark(Mark.Kind.CLEAR_ALL, Optional.empty()));
        controlPlane.kubectl().run("uncordon", "n-1");
        cluster.markDeleting(cluster.readNode("n-1").orElseThrow(), NOW);
        assertThat(cluster.readNode("n-1").orElseThrow().cordonedByUs()).isTrue();
        cluster.uncordon(cluster.readNode("n-1").orElseThrow());
        assertThat(cluster.readNode("n-1").orElseThrow().cordonedBy()).isEmpty();
    }

    @Test
    void aDeletionCordonsANodeThatWasNotSetAside() throws ClusterException {
        createNode("n-1", "games");
        Cluster cluster = watch(admin, WatchTiming.DEFAULT);
        awaitNodes(cluster, 1);
        cluster.markDeleting(node(cluster, "n-1"), NOW);
        assertThat(admin.nodes().withName("n-1").get().getSpec().getUnschedulable())
                .isTrue();
        assertThat(node(cluster, "n-1").marks())
                .isEqualTo(new Node.Marks(Optional.of(NOW), Optional.empty(), Optional.of(NOW), false));
    }

    @Test
    void refusesToWriteToANodeThatSomebodyChanged() throws ClusterException {
        createNode("n-1", "games");
        Cluster cluster = watch(admin, WatchTiming.DEFAULT);
        awaitNodes(cluster, 1);
        Node before = node(cluster, "n-1");
        admin.nodes()
                .withName("n-1")
                .edit(node -> new NodeBuilder(node)
                        .editSpec()
                        .withUnschedulable(true)
                        .endSpec()
                        .build());
        assertThatThrownBy(() -> cluster.uncordon(before))
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("node n-1 was not changed: 409")
                .extracting(error -> ((ClusterException) error).kind())
                .isEqualTo(ClusterException.Kind.CONFLICT);
        assertThat(admin.nodes().withName("n-1").get().getSpec().getUnschedulable())
                .isTrue();
        admin.nodes().withName("n-1").delete();
        assertThatThrownBy(() -> cluster.uncordon(before))
                .extracting(error -> ((ClusterException) error).kind())
                .isEqualTo(ClusterException.Kind.GONE);
    }

    @Test
    void severalWritesFollowOneReadingUnlessSomebodyElseWroteBetween() throws ClusterException {
        createNode("n-1", "games");
        Cluster cluster = watch(admin, WatchTiming.DEFAULT);
        awaitNodes(cluster, 1);
        Node read = node(cluster, "n-1");
        cluster.mark(read, mark(Mark.Kind.SET_EMPTY_SINCE, Optional.of(NOW)));
        cluster.cordon(read, NOW, Optional.empty());
        cluster.uncordon(read);
        admin.nodes()
                .withName("n-1")
                .edit(node -> new NodeBuilder(node)
                        .editMetadata()
                        .addToAnnotations("person", "was here")
                        .endMetadata()
                        .build());
        assertThatThrownBy(() -> cluster.cordon(read, NOW, Optional.empty()))
                .extracting(error -> ((ClusterException) error).kind())
                .isEqualTo(ClusterException.Kind.CONFLICT);
    }

    @Test
    void saysWhatIsForbidden() {
        createNode("n-1", "games");
        KubernetesClient nobody = controlPlane.clientAs(new HttpThreads(), "nobody");
        closeables.add(nobody);
        Cluster cluster = watch(nobody, WatchTiming.DEFAULT);
        await().untilAsserted(() -> assertThat(why(cluster)).contains("403").contains("\"nobody\" cannot list"));
        assertThatThrownBy(() -> cluster.readNode("n-1"))
                .hasMessageContaining("forbidden")
                .extracting(error -> ((ClusterException) error).kind())
                .isEqualTo(ClusterException.Kind.FORBIDDEN);
    }

    @Test
    void goesOnAfterCutsAndSilence() {
        createNode("n-1", "games");
        TcpProxy proxy = new TcpProxy(controlPlane.url());
        closeables.add(proxy);
        KubernetesClient client = clientVia(proxy);
        WatchTiming timing = new WatchTiming(
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(6),
                Duration.ofMinutes(5),
                Duration.ofMillis(50),
                Duration.ofMillis(500));
        Cluster cluster = watch(client, timing);
        awaitNodes(cluster, 1);
        proxy.cut();
        createPod("s-1", "n-1", "1");
        awaitServers(cluster, "n-1", 1);

        proxy.refuse(true);
        proxy.cut();
        createPod("s-2", "n-1", "1");
        await().untilAsserted(() -> assertThat(state(cluster)).isEmpty());
        proxy.refuse(false);
        awaitServers(cluster, "n-1", 2);

        proxy.swallow(true);
        endPod("s-1");
        await().untilAsserted(() -> assertThat(state(cluster)).isEmpty());
        assertThatThrownBy(() -> cluster.readNode("n-1"))
                .extracting(error -> ((ClusterException) error).kind())
                .isEqualTo(ClusterException.Kind.UNAVAILABLE);
        proxy.swallow(false);
        awaitServers(cluster, "n-1", 1);
    }

    @Test
    void isFreshAgainWithoutChangesByTheBookmarksAndListsOfTheServer() {
        createNode("n-1", "games");
        // the server sends a bookmark 2 s before the end of each watch, and another watch follows
        WatchTiming timing = new WatchTiming(
                Duration.ofSeconds(2),
                Duration.ofSeconds(6),
                Duration.ofSeconds(11),
                Duration.ofSeconds(4),
                Duration.ofMillis(50),
                Duration.ofMillis(500));
        AtomicLong skipped = new AtomicLong();
        Cluster cluster = watch(admin, timing, () -> System.nanoTime() + skipped.get());
        awaitNodes(cluster, 1);
        for (int i = 0; i < 3; i++) {
            // all that was heard is too old now, until a bookmark comes or all is listed anew
            skipped.addAndGet(timing.freshness().toNanos());
            await().until(() -> state(cluster).isPresent());
        }
    }

    private Cluster watch(KubernetesClient client, WatchTiming timing) {
        return watch(client, timing, System::nanoTime);
    }

    private Cluster watch(KubernetesClient client, WatchTiming timing, LongSupplier nanoTime) {
        ClusterWatch watch = new ClusterWatch(
                client, List.of(POLICY), timing, new MovingClock(Instant.now(), nanoTime), nanoTime, () -> 0.5);
        closeables.add(watch);
        watch.onChange(POLICY, wakes::incrementAndGet);
        watch.start();
        return watch.cluster(POLICY);
    }

    private static ClusterWatch unstarted(KubernetesClient client) {
        return new ClusterWatch(
                client, List.of(POLICY), WatchTiming.DEFAULT, InstantSource.system(), System::nanoTime, () -> 0.5);
    }

    private KubernetesClient clientVia(TcpProxy proxy) {
        Config config = new ConfigBuilder(
                        Config.fromKubeconfig(controlPlane.kubeconfig().toFile()))
                .withMasterUrl(proxy.url())
                // what makes a dead HTTP/2 connection known, whoever waits on it
                .withWebsocketPingInterval(1000L)
                .build();
        KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new HttpThreads())
                .build();
        closeables.add(client);
        return client;
    }

    private void createNode(String name, String pool) {
        admin.nodes()
                .resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("pool", pool)
                        .addToLabels("cloud/id", "id-of-" + name)
                        .endMetadata()
                        .withNewSpec()
                        .withProviderID("cloud://" + name)
                        .endSpec()
                        .build())
                .create();
    }

    private void createPod(String name, String node, String cpu) {
        admin.pods()
                .inNamespace(namespace)
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("app", "server")
                        .endMetadata()
                        .withNewSpec()
                        .withNodeName(node)
                        .addNewContainer()
                        .withName("c")
                        .withImage("example.org/server")
                        .withNewResources()
                        .addToRequests("cpu", new Quantity(cpu))
                        .endResources()
                        .endContainer()
                        .endSpec()
                        .build())
                .create();
    }

    private void endPod(String name) {
        admin.pods()
                .inNamespace(namespace)
                .withName(name)
                .editStatus(pod -> new PodBuilder(pod)
                        .editStatus()
                        .withPhase("Succeeded")
                        .endStatus()
                        .build());
    }

    private Map<String, String> annotations(String node) {
        return admin.nodes().withName(node).get().getMetadata().getAnnotations();
    }

    private static Mark mark(Mark.Kind kind, Optional<Instant> at) {
        return new Mark("n-1", kind, at, new Reason.BecameEmpty());
    }

    private static Instance instance(String id, String providerId, String node) {
        return new Instance(
                id, Optional.ofNullable(providerId), Optional.ofNullable(node), Instance.State.RUNNING, "", NOW);
    }

    private static void awaitNodes(Cluster cluster, int count) {
        await().untilAsserted(() ->
                assertThat(state(cluster).map(state -> state.nodes().size())).contains(count));
    }

    private static void awaitServers(Cluster cluster, String node, int servers) {
        await().untilAsserted(() -> {
            assertThat(state(cluster)).isPresent();
            assertThat(node(cluster, node).load().servers()).isEqualTo(servers);
        });
    }

    private static Node node(Cluster cluster, String name) {
        return state(cluster).orElseThrow().nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Optional<ClusterState> state(Cluster cluster) {
        return cluster.observe() instanceof Reading.Known<ClusterState> known
                ? Optional.of(known.value())
                : Optional.empty();
    }

    private static String why(Cluster cluster) {
        return cluster.observe() instanceof Reading.Unreadable<ClusterState> unreadable ? unreadable.why() : "readable";
    }
}
