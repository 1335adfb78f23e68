package io.kubescaler.kubernetes.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.kubernetes.objects.Interner;
import io.kubescaler.kubernetes.objects.JsonText;
import io.kubescaler.kubernetes.objects.ListReader;
import io.kubescaler.kubernetes.objects.Observed;
import io.kubescaler.kubernetes.objects.PodReader;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.model.Resources;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodIndexTest {
    private static final LabelSelector LABEL = LabelSelector.parse("app=server");
    private final PodIndex index = new PodIndex(PodSelectors.ofServers(LABEL));

    @Test
    void followsAPodFromItsCreationToItsEnd() {
        index.upsert(observed(pod("a", Optional.empty(), 1000)));
        assertThat(index.unplaced(LABEL)).extracting(Pod::name).containsExactly("a");
        index.upsert(observed(pod("a", Optional.of("n"), 1000)));
        assertThat(index.unplaced(LABEL)).isEmpty();
        assertThat(index.load("n").servers()).isEqualTo(1);
        index.upsert(new Observed<>("games/a", "uid-a", "9", Optional.empty()));
        assertThat(index.load("n")).isEqualTo(NodeLoad.EMPTY);
        assertThat(index.size()).isZero();
    }

    @Test
    void findsOtherPodsThatWouldKeepTheirNode() {
        PodIndex two = new PodIndex(new PodSelectors(
                List.of(LabelSelector.parse("app=other"), LABEL), List.of(LabelSelector.parse("tier=lobby"))));
        two.upsert(observed(pod("a", Optional.empty(), 1000)));
        assertThat(two.otherUnplaced(LabelSelector.parse("app=other")))
                .extracting(Pod::name)
                .containsExactly("a");
        assertThat(two.otherUnplaced(LABEL)).isEmpty();
        two.upsert(observed(pod("a", Optional.of("n"), 1000)));
        assertThat(two.otherUnplaced(LabelSelector.parse("app=other"))).isEmpty();
    }

    @Test
    void forgetsWhatANewListLacks() {
        index.upsert(observed(pod("a", Optional.of("n"), 1000)));
        index.upsert(observed(pod("b", Optional.of("n"), 1000)));
        index.startList();
        index.upsert(observed(pod("b", Optional.of("n"), 1000)));
        index.upsert(observed(pod("c", Optional.of("n"), 1000)));
        assertThat(index.load("n").servers()).isEqualTo(3);
        index.endList();
        assertThat(index.load("n").servers()).isEqualTo(2);
        assertThat(index.size()).isEqualTo(2);
    }

    @Test
    void keepsTheLoadOfANodeUntilOneOfItsPodsChanges() {
        index.upsert(observed(pod("a", Optional.of("n"), 1000)));
        index.upsert(observed(pod("b", Optional.of("m"), 1000)));
        NodeLoad before = index.load("n");
        index.upsert(observed(pod("b", Optional.of("m"), 2000)));
        assertThat(index.upsert(observed(pod("a", Optional.of("n"), 1000))).isOne())
                .isFalse();
        assertThat(index.load("n")).isSameAs(before);
        assertThat(index.upsert(observed(pod("a", Optional.of("n"), 1500))).isOne())
                .isTrue();
        assertThat(index.load("n").used().get("cpu")).isEqualTo(1500);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void addsUpLikeASumFromNothing(long seed) {
        Random random = new Random(seed);
        Map<String, Pod> expected = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            String name = "p" + random.nextInt(60);
            Pod pod = pod(name, random.nextInt(5) == 0 ? Optional.empty() : Optional.of("n" + random.nextInt(5)), i);
            if (random.nextInt(3) == 0) {
                index.delete(observed(pod));
                expected.remove(name);
            } else {
                index.upsert(observed(pod));
                expected.put(name, pod);
            }
            String node = "n" + random.nextInt(5);
            List<Pod> there = expected.values().stream()
                    .filter(one -> one.nodeName().equals(Optional.of(node)))
                    .toList();
            assertThat(index.load(node))
                    .as("seed %d, step %d", seed, i)
                    .isEqualTo(NodeLoad.of(there, PodSelectors.ofServers(LABEL)));
            assertThat(index.servers(LABEL)).as("seed %d, step %d", seed, i).isEqualTo(expected.size());
            assertThat(index.unplaced(LABEL))
                    .as("seed %d, step %d", seed, i)
                    .containsExactlyInAnyOrderElementsOf(new ArrayList<>(expected.values().stream()
                            .filter(one -> one.nodeName().isEmpty())
                            .toList()));
        }
    }

    @Test
    void holds150000PodsInLessThan50Megabytes() throws IOException {
        long before = liveBytes();
        ListReader<Pod> pages = new ListReader<>(new PodReader(Set.of("app"), new Interner(Interner.DEFAULT_CAPACITY)));
        for (int page = 0; page < 300; page++) {
            String items = IntStream.range(page * 500, page * 500 + 500)
                    .mapToObj(PodIndexTest::podJson)
                    .collect(Collectors.joining(","));
            pages.readList(JsonText.stream(JsonText.json("{'items':[" + items + "]}")), index::upsert);
        }
        long live = liveBytes() - before;
        assertThat(live / 1_000_000).as("megabytes of %d pods", index.size()).isLessThan(50);
    }

    private static String podJson(int i) {
        return "{'metadata':{'namespace':'games','name':'server-7d9c6b5f4-" + (100_000 + i)
                + "','uid':'0a1b2c3d-1234-5678-9abc-" + (100_000_000_000L + i)
                + "','labels':{'app':'server','x':'" + i + "'}},'spec':{'nodeName':'node-" + i % 5000
                + "','nodeSelector':{'pool':'games'},'containers':[{'name':'c','resources':{'requests':{'cpu':'"
                + 100 * (i % 7) + "m','memory':'1Gi'}}}]}}";
    }

    private static long liveBytes() {
        // the collector of the tests is a stop-the-world one, which leaves nothing dead behind
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static Observed<Pod> observed(Pod pod) {
        return new Observed<>(pod.key(), pod.uid(), "1", Optional.of(pod));
    }

    private static Pod pod(String name, Optional<String> node, long millis) {
        return new Pod(
                "games",
                name,
                "uid-" + name,
                node,
                Map.of("app", "server"),
                Pod.Waiting.NONE,
                Resources.cpu(millis).with(Resources.PODS, 1),
                Pod.Owner.OTHER,
                false,
                Optional.empty(),
                Optional.empty());
    }
}
