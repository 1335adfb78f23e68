package io.kubescaler.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubescaler.control.Cluster;
import io.kubescaler.control.ClusterException;
import io.kubescaler.control.ClusterException.Kind;
import io.kubescaler.model.Instance;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.MachineIdentity;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeConstraints;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Resources;
import io.kubescaler.model.Taint;
import io.kubescaler.plan.Mark;
import io.kubescaler.plan.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SimulatedClusterTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final LabelSelector SERVER = LabelSelector.parse("app=game");
    private static final Map<String, String> POOL = Map.of("role", "scalable");
    private static final Resources NODE =
            Resources.cpu(4000).with(Resources.MEMORY, 16L << 30).with(Resources.PODS, 110);

    private final SimulationClock clock = SimulationClock.virtual(START);
    private final SimulatedCluster cluster =
            new SimulatedCluster(clock, PodSelectors.ofServers(SERVER), new Randomness(1));
    private final Cluster view = cluster.forPool(LabelSelector.parse("role=scalable"), SERVER);

    // ---- placement ----

    @Test
    void placesAServerOnTheNodeWithTheMostRoom() {
        addReady("a");
        addReady("b");
        cluster.createPod(server("s1", 2000));
        cluster.createPod(server("s2", 1000));
        cluster.createPod(server("s3", 500));

        String first = nodeOf("s1");
        assertThat(nodeOf("s2")).as("the other one is empty").isNotEqualTo(first);
        assertThat(nodeOf("s3")).as("1000 used leaves more room than 2000").isEqualTo(nodeOf("s2"));
    }

    @Test
    void scoresAsTheKubeSchedulerDoes() {
        // (4000 - 1100) * 100 / 4000 = 72 and (16384 - 200) * 100 / 16384 = 98 give (72 + 98) / 2 = 85
        assertThat(Scoring.leastAllocated(1000 + 100, 200L << 20, NODE)).isEqualTo(85);
        assertThat(Scoring.leastAllocated(5000, 200L << 20, NODE)).isEqualTo(49);
        assertThat(Scoring.leastAllocated(1000, 1, Resources.cpu(4000))).isEqualTo(75);
        assertThat(Scoring.cpu(Resources.NONE)).isEqualTo(100);
        assertThat(Scoring.memory(Resources.NONE)).isEqualTo(200L << 20);
    }

    @Test
    void leavesAServerUnplacedUntilThereIsRoom() {
        addReady("a");
        cluster.createPod(server("s1", 3000));
        cluster.createPod(server("s2", 3000));

        assertThat(state().unplaced()).extracting(Pod::name).containsExactly("s2");
        clock.advance(Duration.ofMinutes(1));
        cluster.deletePod("default/s1", Duration.ZERO);
        assertThat(nodeOf("s2")).isEqualTo("a");
        assertThat(state().unplaced()).isEmpty();
    }

    @Test
    void placesWaitingServersInTheOrderInWhichTheyCame() {
        for (int i = 1; i <= 4; i++) {
            cluster.createPod(server("s" + i, 2000));
        }
        addReady("a");

        assertThat(state().unplaced()).extracting(Pod::name).containsExactly("s3", "s4");
    }

    @Test
    void letsASmallServerPassALargeOneThatFitsNowhere() {
        addReady("a");
        cluster.createPod(server("large", 9000));
        cluster.createPod(server("small", 1000));

        assertThat(nodeOf("small")).isEqualTo("a");
        assertThat(state().unplaced()).extracting(Pod::name).containsExactly("large");
    }

    @Test
    void heedsEveryResourceAndThePodCount() {
        cluster.addNode(NodeSpec.of("a", NODE.with(Resources.PODS, 2)).labelled(POOL));
        cluster.setReady("a", true);
        cluster.createPod(server("s1", 100));
        cluster.createPod(PodSpec.server(
                "memory", SERVER.requiredLabels(), Resources.cpu(100).with(Resources.MEMORY, 17L << 30)));
        cluster.createPod(server("s2", 100));
        cluster.createPod(server("s3", 100));

        assertThat(state().unplaced()).extracting(Pod::name).containsExactly("memory", "s3");
    }

    @Test
    void placesNothingOnANodeThatDoesNotTakeIt() {
        for (String name : List.of("cordoned", "tainted", "pressed", "booting")) {
            addReady(name);
        }
        cluster.setUnschedulable("cordoned", true);
        cluster.setTaint("tainted", "dedicated", true);
        cluster.setPressure("pressed", "DiskPressure", true);
        cluster.setReady("booting", false);
        cluster.createPod(server("s1", 1000));
        cluster.createPod(server("tolerant", 1000).tolerating(Set.of("dedicated")));

        assertThat(state().unplaced()).extracting(Pod::name).containsExactly("s1");
        assertThat(nodeOf("tolerant")).isEqualTo("tainted");
        cluster.setReady("booting", true);
        assertThat(nodeOf("s1")).isEqualTo("booting");
    }

    @Test
    void followsTheNodeSelectorOfAPod() {
        addReady("a");
        cluster.addNode(NodeSpec.of("other", NODE).labelled(Map.of("role", "other")));
        cluster.setReady("other", true);
        for (int i = 0; i < 3; i++) {
            cluster.createPod(server("s" + i, 1000).onNodesWith(Map.of("role", "other")));
        }

        assertThat(List.of(nodeOf("s0"), nodeOf("s1"), nodeOf("s2"))).containsOnly("other");
        assertThat(state().nodes()).extracting(Node::name).containsExactly("a");
    }

    @Test
    void drawsAmongEqualNodesFromTheSeed() {
        assertThat(placements(1)).isEqualTo(placements(1)).isNotEqualTo(placements(2));
        assertThat(placements(1)).doesNotHaveDuplicates();
    }

    // ---- life and death ----

    @Test
    void carriesDaemonsFromTheStart() {
        List<PodSpec> daemons = List.of(PodSpec.daemon("agent", Resources.cpu(200)));
        cluster.addNode(new NodeSpec("a", POOL, Optional.of("sim://1"), Set.of(), NODE, daemons));

        Node node = state().nodes().get(0);
        assertThat(node.load().servers()).isZero();
        assertThat(node.load().daemons().get(Resources.CPU)).isEqualTo(200);
        assertThat(node.readiness().ready()).isFalse();
        assertThat(node.taints()).containsExactly(Taint.noSchedule("node.kubernetes.io/not-ready"));
    }

    @Test
    void keepsATerminatingServerOnItsNodeUntilItIsGone() {
        addReady("a");
        cluster.createPod(server("s1", 3000));
        cluster.deletePod("default/s1", Duration.ofSeconds(30));
        cluster.createPod(server("s2", 3000));

        assertThat(state().nodes().get(0).load().servers()).isEqualTo(1);
        assertThat(state().unplaced()).extracting(Pod::name).containsExactly("s2");
        clock.advance(Duration.ofSeconds(30));
        assertThat(cluster.pod("default/s1")).isEmpty();
        assertThat(nodeOf("s2")).isEqualTo("a");
    }

    @Test
    void recordsEveryServerThatDiesWithItsNode() {
        addReady("a");
        cluster.createPod(server("s1", 1000));
        cluster.createPod(new PodSpec(
                "default", "job", Map.of(), NodeConstraints.NONE, Resources.cpu(1), Pod.Owner.OTHER, Optional.empty()));
        clock.advance(Duration.ofSeconds(7));
        cluster.removeNode("a");

        assertThat(cluster.killedServers()).singleElement().satisfies(death -> {
            assertThat(death.pod().name()).isEqualTo("s1");
            assertThat(death.node()).isEqualTo("a");
            assertThat(death.at()).isEqualTo(START.plusSeconds(7));
        });
        assertThat(cluster.pod("default/job")).isEmpty();
        assertThat(state().nodes()).isEmpty();
    }

    @Test
    void tellsListenersOfChangesPlacementsAndDeaths() {
        List<String> told = new ArrayList<>();
        cluster.listen(new ClusterListener() {
            @Override
            public void placed(Pod pod, Duration waited) {
                told.add("%s placed after %d s".formatted(pod.name(), waited.toSeconds()));
            }

            @Override
            public void died(PodDeath death) {
                told.add(death.pod().name() + " died");
            }
        });
        cluster.createPod(server("s1", 1000));
        clock.advance(Duration.ofSeconds(90));
        addReady("a");
        cluster.removeNode("a");

        assertThat(told).containsExactly("s1 placed after 90 s", "s1 died");
    }

    @Test
    void refusesASecondPodOrNodeOfOneName() {
        addReady("a");
        cluster.createPod(server("s1", 1000));

        assertThatIllegalArgumentException().isThrownBy(() -> cluster.createPod(server("s1", 1000)));
        assertThatIllegalArgumentException().isThrownBy(() -> addReady("a"));
        assertThatIllegalArgumentException().isThrownBy(() -> cluster.setReady("nobody", true));
    }

    // ---- what the scaler does ----

    @Test
    void cordonsMarksAndUncordonsInOneWriteEach() throws ClusterException {
        addReady("a");
        view.cordon(read("a"), START.plusSeconds(1), Optional.of(START.plusSeconds(2)));
        Node cordoned = read("a");
        assertThat(cordoned.unschedulable()).isTrue();
        assertThat(cordoned.marks().cordonedAt()).contains(START.plusSeconds(1));
        assertThat(cordoned.marks().emptySince()).contains(START.plusSeconds(2));

        view.mark(cordoned, mark(Mark.Kind.CLEAR_EMPTY_SINCE, Optional.empty()));
        assertThat(read("a").marks().emptySince()).isEmpty();
        view.mark(read("a"), mark(Mark.Kind.SET_EMPTY_SINCE, Optional.of(START.plusSeconds(3))));
        assertThat(read("a").marks().emptySince()).contains(START.plusSeconds(3));
        view.markDeleting(read("a"), START.plusSeconds(4));
        assertThat(read("a").marks().deletingAt()).contains(START.plusSeconds(4));
        assertThat(read("a").marks().cordonedAt()).contains(START.plusSeconds(1));
        view.mark(read("a"), mark(Mark.Kind.CLEAR_DELETING, Optional.empty()));
        assertThat(read("a").marks().deletingAt()).isEmpty();

        view.uncordon(read("a"));
        assertThat(read("a").unschedulable()).isFalse();
        assertThat(read("a").marks()).isEqualTo(Node.Marks.NONE);
    }

    @Test
    void makesANodeUnschedulableWithTheMarkOfItsDeletion() throws ClusterException {
        addReady("a");
        view.markDeleting(read("a"), START);

        assertThat(read("a").unschedulable()).isTrue();
        assertThat(read("a").marks().cordonedAt()).contains(START);
    }

    @Test
    void keepsThePersonsAnnotationThroughEveryWrite() throws ClusterException {
        addReady("a");
        cluster.setKeep("a", true);
        view.cordon(read("a"), START, Optional.empty());
        view.markDeleting(read("a"), START);
        view.mark(read("a"), mark(Mark.Kind.CLEAR_ALL, Optional.empty()));
        view.uncordon(read("a"));

        assertThat(read("a").marks().keep()).isTrue();
    }

    @Test
    void refusesAWriteToANodeThatChangedSinceItWasRead() throws ClusterException {
        addReady("a");
        Node stale = read("a");
        cluster.setLabel("a", "zone", "1");

        assertThat(failure(() -> view.cordon(stale, START, Optional.empty()))).isEqualTo(Kind.CONFLICT);
        assertThat(read("a").unschedulable()).isFalse();
    }

    @Test
    void takesAWriteToANodeOnWhichOnlyPodsChanged() throws ClusterException {
        addReady("a");
        Node read = read("a");
        cluster.createPod(server("s1", 1000));
        view.cordon(read, START, Optional.empty());

        assertThat(read("a").unschedulable()).isTrue();
    }

    @Test
    void refusesAWriteToANodeThatIsGoneOrAnotherByThatName() throws ClusterException {
        addReady("a");
        Node stale = read("a");
        cluster.removeNode("a");
        assertThat(failure(() -> view.uncordon(stale))).isEqualTo(Kind.GONE);

        addReady("a");
        assertThat(failure(() -> view.uncordon(stale))).isEqualTo(Kind.CONFLICT);
    }

    @Test
    void findsTheNodeOfAMachineByAnyIdentity() throws ClusterException {
        cluster.addNode(new NodeSpec("a", Map.of("id", "m1"), Optional.of("sim://1"), Set.of(), NODE, List.of()));

        assertThat(view.findNode(new MachineIdentity(
                        instance("x", Optional.of("sim://1"), Optional.empty()), Optional.empty(), List.of())))
                .as("by provider ID, though it lacks the pool's labels")
                .isPresent();
        assertThat(view.findNode(new MachineIdentity(
                        instance("x", Optional.empty(), Optional.of("a")), Optional.empty(), List.of())))
                .isPresent();
        assertThat(view.findNode(new MachineIdentity(
                        instance("m1", Optional.empty(), Optional.empty()), Optional.of("id"), List.of())))
                .isPresent();
        assertThat(view.findNode(new MachineIdentity(
                        instance("m2", Optional.of("sim://2"), Optional.of("b")), Optional.of("id"), List.of())))
                .isEmpty();
    }

    @Test
    void readsTheLoadOfANodeByName() throws ClusterException {
        addReady("a");
        cluster.createPod(server("s1", 1000));

        assertThat(view.readLoad("a").servers()).isEqualTo(1);
        assertThat(view.readLoad("nobody").servers()).isZero();
        assertThat(view.readNode("nobody")).isEmpty();
    }

    @Test
    void failsWhereItIsMadeToFail() {
        addReady("a");
        cluster.hookRequests((request, node) -> {
            throw new ClusterException(Kind.UNAVAILABLE, request + " " + node);
        });
        cluster.setUnreadable(Optional.of("the watch is silent"));

        assertThat(failure(() -> view.readNode("a"))).isEqualTo(Kind.UNAVAILABLE);
        assertThat(view.observe()).isEqualTo(Reading.unreadable("the watch is silent"));
    }

    // ---- helpers ----

    /** A call to the cluster that may fail. */
    @FunctionalInterface
    private interface Call {
        void run() throws ClusterException;
    }

    private static Kind failure(Call call) {
        return catchThrowableOfType(ClusterException.class, call::run).kind();
    }

    private static List<String> placements(long seed) {
        SimulationClock time = SimulationClock.virtual(START);
        SimulatedCluster many = new SimulatedCluster(time, PodSelectors.ofServers(SERVER), new Randomness(seed));
        for (int i = 0; i < 20; i++) {
            many.addNode(NodeSpec.of("node-" + i, NODE));
            many.setReady("node-" + i, true);
        }
        List<String> placed = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            many.createPod(server("s" + i, 1000));
            placed.add(many.pod("default/s" + i).flatMap(Pod::nodeName).orElseThrow());
        }
        return placed;
    }

    private static PodSpec server(String name, long millicores) {
        return PodSpec.server(name, SERVER.requiredLabels(), Resources.cpu(millicores));
    }

    private static Mark mark(Mark.Kind kind, Optional<Instant> at) {
        return new Mark("a", kind, at, new Reason.BecameEmpty());
    }

    private static Instance instance(String id, Optional<String> providerId, Optional<String> nodeName) {
        return new Instance(id, providerId, nodeName, Instance.State.RUNNING, "", START);
    }

    private void addReady(String name) {
        cluster.addNode(NodeSpec.of(name, NODE).labelled(POOL));
        cluster.setReady(name, true);
    }

    private String nodeOf(String server) {
        return cluster.pod("default/" + server).flatMap(Pod::nodeName).orElse("none");
    }

    private Node read(String name) throws ClusterException {
        return view.readNode(name).orElseThrow();
    }

    private ClusterState state() {
        return ((Reading.Known<ClusterState>) view.observe()).value();
    }
}
