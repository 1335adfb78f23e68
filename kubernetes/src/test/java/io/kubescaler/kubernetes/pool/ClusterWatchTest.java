package io.kubescaler.kubernetes.pool;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.control.Cluster;
import io.kubescaler.kubernetes.client.CapturedLog;
import io.kubescaler.kubernetes.client.HttpThreads;
import io.kubescaler.kubernetes.objects.JsonText;
import io.kubescaler.kubernetes.watch.ListWatch;
import io.kubescaler.kubernetes.watch.WatchTiming;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.testing.MovingClock;
import io.kubescaler.testing.Patience;
import io.kubescaler.testing.PolicyBuilder;
import io.kubescaler.testing.cluster.FakeApiServer;
import io.kubescaler.testing.cluster.FakeApiServer.Fault;
import io.kubescaler.testing.cluster.FakeApiServer.Received;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an API server may do to a watch, and that the watch neither ends nor lies for it. */
class ClusterWatchTest {
    private static final String PODS = "/api/v1/pods";
    private static final String NODES = "/api/v1/nodes";
    private static final PoolPolicy POLICY = new PolicyBuilder()
            .selector("pool=games")
            .serverSelector(LabelSelector.parse("app=server"))
            .numbers(1, 0, 10)
            .startupTaints(Set.of())
            .build();
    private static final WatchTiming QUICK = new WatchTiming(
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            Duration.ofSeconds(90),
            Duration.ofMinutes(5),
            Duration.ofMillis(10),
            Duration.ofMillis(50));

    private final FakeApiServer server = FakeApiServer.start();
    private final KubernetesClient client = server.client(new HttpThreads());
    private final AtomicInteger wakes = new AtomicInteger();
    // beside the real clock, so that a test can let time pass
    private final AtomicLong skipped = new AtomicLong();
    private Optional<ClusterWatch> watch = Optional.empty();

    @BeforeEach
    void fillCluster() {
        server.put(NODES, "n-1", node("n-1", "games"));
        server.put(NODES, "n-2", node("n-2", "other"));
        server.put(PODS, "p-1", pod("p-1", "n-1", "1"));
    }

    @AfterEach
    void close() {
        watch.ifPresent(ClusterWatch::close);
        client.close();
        server.close();
    }

    @Test
    void observesWhatIsListedAndThenWhatChanges() {
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        assertThat(state(cluster).orElseThrow().nodes()).extracting(Node::name).containsExactly("n-1");
        server.put(PODS, "p-2", pod("p-2", "n-1", "1"));
        awaitServers(cluster, 2);
        server.delete(PODS, "p-1");
        awaitServers(cluster, 1);
        server.put(PODS, "p-2", pod("p-2", "n-1", "1").replace("Running", "Succeeded"));
        awaitServers(cluster, 0);
        assertThat(server.received(ClusterWatchTest::isPodList)).hasSize(1);
        assertThat(server.received(ClusterWatchTest::isPodList).get(0).query())
                .containsEntry("fieldSelector", "status.phase!=Succeeded,status.phase!=Failed")
                .doesNotContainKey("resourceVersion");
    }

    @Test
    void isUnreadableUntilBothKindsAreListed() {
        server.plan(ClusterWatchTest::isPodList, new Fault.NoAnswer());
        Cluster cluster = start(QUICK);
        await().until(() -> server.received().stream().anyMatch(request -> request.isWatch(NODES)));
        assertThat(why(cluster)).contains("the pods of the cluster have not been read yet");
        assertThat(wakes).hasValue(0);
    }

    @Test
    void listsInPages() {
        for (int i = 0; i < 1200; i++) {
            server.put(PODS, "more-" + i, pod("more-" + i, "n-1", "1"));
        }
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1201);
        assertThat(server.received(ClusterWatchTest::isPodList))
                .extracting(request -> request.query().getOrDefault("continue", ""))
                .containsExactly("", "500", "1000");
        assertThat(server.received(ClusterWatchTest::isPodList))
                .allSatisfy(request -> assertThat(request.query()).containsEntry("limit", "500"));
    }

    @Test
    void listsInOnePieceAfterAPageExpired() {
        for (int i = 0; i < 600; i++) {
            server.put(PODS, "more-" + i, pod("more-" + i, "n-1", "1"));
        }
        server.plan(
                request -> isPodList(request) && request.query().containsKey("continue"),
                new Fault.Refusal(410, "Expired", Optional.empty(), "The provided continue parameter is too old"));
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 601);
        assertThat(server.received(ClusterWatchTest::isPodList).get(2).query()).doesNotContainKeys("limit", "continue");
    }

    @Test
    void goesOnWhenTheFirstListIsForbidden() {
        server.plan(
                ClusterWatchTest::isPodList,
                new Fault.Refusal(403, "Forbidden", Optional.empty(), "pods is forbidden: no rule"));
        server.plan(
                ClusterWatchTest::isPodList,
                new Fault.Refusal(403, "Forbidden", Optional.of("1"), "pods is forbidden: no rule"));
        Cluster cluster = start(QUICK);
        await().untilAsserted(() -> assertThat(why(cluster)).contains("403: pods is forbidden: no rule"));
        awaitServers(cluster, 1);
    }

    @Test
    void goesOnAfterErrorsOfEveryKind() {
        server.plan(
                ClusterWatchTest::isPodList, new Fault.Refusal(401, "Unauthorized", Optional.empty(), "Unauthorized"));
        server.plan(ClusterWatchTest::isPodList, new Fault.Refusal(500, "InternalError", Optional.empty(), "boom"));
        server.plan(ClusterWatchTest::isPodList, new Fault.Body("<html>I am a proxy</html>"));
        server.plan(ClusterWatchTest::isPodList, new Fault.Body("{\"kind\":\"Status\"}"));
        server.plan(ClusterWatchTest::isPodList, new Fault.Cut("{\"kind\":\"PodList\",\"items\":["));
        server.plan(
                ClusterWatchTest::isPodWatch,
                new Fault.Refusal(503, "ServiceUnavailable", Optional.empty(), "etcd is away"));
        server.plan(ClusterWatchTest::isPodWatch, new Fault.Body(""));
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        await().until(() -> server.received(ClusterWatchTest::isPodWatch).size() >= 3);
        server.put(PODS, "p-2", pod("p-2", "n-1", "1"));
        awaitServers(cluster, 2);
        assertThat(server.received(ClusterWatchTest::isPodList)).hasSize(6);
    }

    @Test
    void waitsForAsLongAsTheServerAsks() {
        server.plan(
                ClusterWatchTest::isPodList, new Fault.Refusal(429, "TooManyRequests", Optional.of("2"), "slow down"));
        long started = System.nanoTime();
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(server.received(ClusterWatchTest::isPodList)).hasSize(2);
    }

    @Test
    void watchesOnFromTheLastVersionAfterACut() {
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        await().until(() -> server.received(ClusterWatchTest::isPodWatch).size() == 1);
        server.put(PODS, "p-2", pod("p-2", "n-1", "1"));
        awaitServers(cluster, 2);
        server.cutWatches();
        server.put(PODS, "p-3", pod("p-3", "n-1", "1"));
        awaitServers(cluster, 3);
        assertThat(server.received(ClusterWatchTest::isPodList)).hasSize(1);
        assertThat(server.received(ClusterWatchTest::isPodWatch).get(1).query())
                .containsEntry("resourceVersion", "104");
    }

    @Test
    void watchesOnFromABookmark() {
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        await().until(() -> server.received(ClusterWatchTest::isPodWatch).size() == 1);
        server.put(NODES, "n-3", node("n-3", "games"));
        server.bookmark(PODS);
        await().until(() -> {
            server.cutWatches();
            return server.received(ClusterWatchTest::isPodWatch).stream()
                    .anyMatch(request -> request.query().get("resourceVersion").equals("105"));
        });
        assertThat(server.received(ClusterWatchTest::isPodList)).hasSize(1);
    }

    @Test
    void listsAnewWhenTheVersionHasExpired() {
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        await().until(() -> server.received(ClusterWatchTest::isPodWatch).size() == 1);
        server.plan(ClusterWatchTest::isPodWatch, new Fault.Cut(""));
        server.delete(PODS, "p-1");
        server.put(PODS, "p-2", pod("p-2", "n-1", "1"));
        server.put(PODS, "p-3", pod("p-3", "n-1", "1"));
        server.expireHistory();
        server.cutWatches();
        await().until(() -> server.received(ClusterWatchTest::isPodList).size() >= 2);
        awaitServers(cluster, 2);
    }

    @Test
    void listsAnewWhenAWatchIsRefusedAsExpired() {
        server.plan(ClusterWatchTest::isPodWatch, new Fault.Refusal(410, "Gone", Optional.empty(), "too old"));
        start(QUICK);
        await().until(() -> server.received(ClusterWatchTest::isPodList).size() == 2);
    }

    @Test
    void listsAnewAfterAnEventThatCannotBeRead() {
        server.plan(
                ClusterWatchTest::isPodWatch,
                new Fault.Body("{\"type\":\"DELETED\",\"object\":{\"metadata\":{\"name\":{}}}}"));
        server.plan(ClusterWatchTest::isPodWatch, new Fault.Body("{\"type\":\"SOMETHING\",\"object\":{}}"));
        Cluster cluster = start(QUICK);
        await().until(() -> server.received(ClusterWatchTest::isPodList).size() == 3);
        awaitServers(cluster, 1);
        server.put(PODS, "p-2", pod("p-2", "n-1", "1"));
        awaitServers(cluster, 2);
    }

    @Test
    void countsAPodThatCannotBeReadInPartAsAServerAndNamesItOnce() {
        String negative =
                JsonText.json("'containerStatuses':[{'name':'c','resources':{'requests':{'cpu':'-1'}}}],'phase'");
        try (CapturedLog log = CapturedLog.of(ClusterIndex.class)) {
            server.put(
                    PODS, "bad", pod("bad", "n-1", "2").replace("server", "web").replace("\"phase\"", negative));
            Cluster cluster = start(QUICK);
            awaitServers(cluster, 2);
            Node node = state(cluster).orElseThrow().nodes().get(0);
            assertThat(node.load().used().get("cpu")).isEqualTo(3000);
            assertThat(node.load().unreadable().orElseThrow())
                    .startsWith("games/bad (status.containerStatuses[0].resources.requests.cpu: ");
            server.expireHistory();
            server.cutWatches();
            await().until(() -> server.received(ClusterWatchTest::isPodList).size() >= 2);
            server.put(PODS, "p-2", pod("p-2", "n-1", "1"));
            awaitServers(cluster, 3);
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("games/bad"))
                    .hasSize(1);
            server.put(PODS, "bad", pod("bad", "n-1", "2").replace("server", "web"));
            awaitServers(cluster, 2);
        }
    }

    @Test
    void leavesOutAnObjectThatNobodyCanTellFromOthersAndNamesItOnce() {
        try (CapturedLog log = CapturedLog.of(ListWatch.class)) {
            server.put(PODS, "nameless", pod("nameless", "n-1", "1").replace("\"name\":\"nameless\"", "\"name\":[]"));
            server.put(PODS, "homeless", pod("homeless", "n-1", "1").replace("\"n-1\"", "{}"));
            Cluster cluster = start(QUICK);
            awaitServers(cluster, 1);
            server.expireHistory();
            server.cutWatches();
            await().until(() -> server.received(ClusterWatchTest::isPodList).size() >= 2);
            await().until(() -> !server.received(ClusterWatchTest::isPodWatch).isEmpty());
            server.put(PODS, "p-2", pod("p-2", "n-1", "1"));
            awaitServers(cluster, 2);
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("a Pod without metadata.name"))
                    .hasSize(1);
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("node of the Pod games/homeless"))
                    .hasSize(1);
        }
    }

    @Test
    void goesOnWhenAChangeCannotBeToldFromOthers() {
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        await().until(() -> server.received(ClusterWatchTest::isPodWatch).size() == 1);
        server.put(PODS, "nameless", pod("nameless", "n-1", "1").replace("\"name\":\"nameless\"", "\"name\":{}"));
        server.put(PODS, "p-2", pod("p-2", "n-1", "1"));
        awaitServers(cluster, 2);
        assertThat(server.received(ClusterWatchTest::isPodList)).hasSize(1);
    }

    @Test
    void leavesANodeAloneThatCannotBeReadInPart() {
        server.put(NODES, "n-1", node("n-1", "games").replace("\"cpu\":\"4\"", "\"cpu\":[]"));
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        assertThat(state(cluster).orElseThrow().nodes().get(0).unreadable())
                .contains("status.allocatable.cpu: expected a text and found an array");
    }

    @Test
    void reconnectsWhenAWatchIsSilent() {
        WatchTiming impatient = new WatchTiming(
                QUICK.page(),
                Duration.ofMillis(300),
                Duration.ofSeconds(5),
                QUICK.watch(),
                QUICK.firstBackoff(),
                QUICK.longestBackoff());
        server.plan(ClusterWatchTest::isPodWatch, new Fault.Silence());
        Cluster cluster = start(impatient);
        awaitServers(cluster, 1);
        server.put(PODS, "p-2", pod("p-2", "n-1", "1"));
        awaitServers(cluster, 2);
        assertThat(server.received(ClusterWatchTest::isPodList)).hasSize(1);
    }

    @Test
    void listsAnewWhenWatchesOpenAndTellOfNothing() {
        server.planAlways(ClusterWatchTest::isPodWatch, new Fault.Silence());
        Cluster cluster = start(silentFor(Duration.ofMillis(200)));
        awaitServers(cluster, 1);
        server.put(PODS, "p-2", pod("p-2", "n-1", "1"));
        awaitServers(cluster, 2);
        comesBackToWatching(cluster);
    }

    @Test
    void listsAnewWhenWatchesOpenAndEndAtOnce() {
        server.planAlways(ClusterWatchTest::isPodWatch, new Fault.Body(""));
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        server.put(PODS, "p-2", pod("p-2", "n-1", "1"));
        awaitServers(cluster, 2);
        comesBackToWatching(cluster);
    }

    private void comesBackToWatching(Cluster cluster) {
        server.recover();
        // a watch that is open by now hears of it
        await().until(() -> {
            int lists = server.received(ClusterWatchTest::isPodList).size();
            server.put(PODS, "marker", pod("marker", "n-1", "1"));
            awaitServers(cluster, 3);
            server.delete(PODS, "marker");
            awaitServers(cluster, 2);
            return server.received(ClusterWatchTest::isPodList).size() == lists;
        });
    }

    @Test
    void isUnreadableWhileWatchesOpenThatTellOfNothingAndLists() {
        server.planAlways(ClusterWatchTest::isPodWatch, new Fault.Silence());
        server.planAlways(
                request -> isPodList(request)
                        && !server.received(ClusterWatchTest::isPodWatch).isEmpty(),
                new Fault.Refusal(503, "ServiceUnavailable", Optional.empty(), "etcd is away"));
        Cluster cluster = start(silentFor(Duration.ofMillis(200)));
        awaitServers(cluster, 1);
        skipped.addAndGet(Duration.ofSeconds(91).toNanos());
        await().untilAsserted(() -> assertThat(why(cluster))
                .contains("the pods of the cluster are being listed anew")
                .contains("nothing has been heard of them for 91 s")
                .contains("503: etcd is away"));
        assertThat(watch.orElseThrow().podsAge().orElseThrow()).isGreaterThanOrEqualTo(Duration.ofSeconds(91));
        assertThat(watch.orElseThrow().sinceLastStep()).isLessThan(Duration.ofSeconds(91));
        server.recover();
        server.put(PODS, "p-2", pod("p-2", "n-1", "1"));
        awaitServers(cluster, 2);
    }

    @Test
    void listsAnewWhenBytesComeAndNoEvent() {
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        await().until(() -> server.received(ClusterWatchTest::isPodWatch).size() == 1);
        skipped.addAndGet(Duration.ofSeconds(61).toNanos());
        server.whiteSpace(PODS);
        await().until(() -> server.received(ClusterWatchTest::isPodList).size() == 2);
        server.put(PODS, "p-2", pod("p-2", "n-1", "1"));
        awaitServers(cluster, 2);
    }

    private static WatchTiming silentFor(Duration silence) {
        return new WatchTiming(
                QUICK.page(), silence, QUICK.freshness(), QUICK.watch(), QUICK.firstBackoff(), QUICK.longestBackoff());
    }

    @Test
    void reconnectsWhenTheServerDoesNotAnswer() {
        WatchTiming impatient = new WatchTiming(
                Duration.ofMillis(500),
                QUICK.silence(),
                QUICK.freshness(),
                QUICK.watch(),
                QUICK.firstBackoff(),
                QUICK.longestBackoff());
        server.plan(ClusterWatchTest::isPodList, new Fault.NoAnswer());
        server.plan(ClusterWatchTest::isPodList, new Fault.Silence());
        Cluster cluster = start(impatient);
        awaitServers(cluster, 1);
        assertThat(server.received(ClusterWatchTest::isPodList)).hasSize(3);
    }

    @Test
    void isUnreadableWhenNothingWasHeardForTooLongAndThenListsAnew() {
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        await().until(() -> server.received(ClusterWatchTest::isPodWatch).size() == 1);
        skipped.addAndGet(Duration.ofSeconds(91).toNanos());
        assertThat(why(cluster)).contains("nothing has been heard of the nodes of the cluster for 91 s");
        server.delete(PODS, "p-1");
        server.cutWatches();
        await().until(() -> server.received(ClusterWatchTest::isPodList).size()
                        + server.received(r -> r.isList(NODES)).size()
                >= 3);
        awaitServers(cluster, 0);
    }

    @Test
    void wakesAPoolForWhatConcernsItAlone() {
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        await().until(() -> server.received(ClusterWatchTest::isPodWatch).size() == 1
                && server.received(request -> request.isWatch(NODES)).size() == 1);
        int before = wakes.get();
        assertThat(before).isPositive();
        // none of these could alter the plan of the pool
        server.put(NODES, "n-1", node("n-1", "games").replace("\"heartbeat\"", "\"later heartbeat\""));
        server.put(NODES, "n-2", node("n-2", "another"));
        server.put(PODS, "q", pod("q", "n-2", "1"));
        server.put(PODS, "p-1", pod("p-1", "n-1", "1").replace("\"note\"", "\"other note\""));
        server.put(PODS, "u", pod("u", "", "1").replace("server", "client"));
        server.put(PODS, "marker", pod("marker", "n-1", "1"));
        awaitServers(cluster, 2);
        await().untilAsserted(() -> assertThat(wakes).hasValue(before + 1));
        server.put(PODS, "w", pod("w", "", "1"));
        await().untilAsserted(() -> assertThat(wakes).hasValue(before + 2));
        assertThat(state(cluster).orElseThrow().unplaced())
                .extracting(Pod::name)
                .containsExactly("w");
        server.put(NODES, "n-1", node("n-1", "elsewhere"));
        await().untilAsserted(() -> assertThat(wakes).hasValue(before + 3));
    }

    @Test
    void watchesOnAfterAnErrorOfWhateverKind() {
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        AtomicInteger thrown = new AtomicInteger();
        watch.orElseThrow().onChange(POLICY, () -> {
            if (thrown.incrementAndGet() == 1) {
                throw new StackOverflowError("whoever was woken");
            }
        });
        server.put(PODS, "p-2", pod("p-2", "n-1", "1"));
        await().until(() -> thrown.get() > 0);
        server.put(PODS, "p-3", pod("p-3", "n-1", "1"));
        awaitServers(cluster, 3);
    }

    @Test
    void tellsForHowLongItHasHeardNothingOfOneKind() {
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        skipped.addAndGet(Duration.ofSeconds(400).toNanos());
        server.bookmark(PODS);
        ClusterWatch started = watch.orElseThrow();
        assertThat(started.sinceLastStep()).isGreaterThanOrEqualTo(Duration.ofSeconds(400));

        server.bookmark(NODES);
        await().until(() -> started.sinceLastStep().compareTo(Duration.ofSeconds(400)) < 0);
    }

    @Test
    void goesOnTakingStepsWhileTheApiServerRefusesEverything() {
        for (int i = 0; i < 20; i++) {
            server.plan(
                    request -> true, new Fault.Refusal(503, "ServiceUnavailable", Optional.empty(), "etcd is away"));
        }
        start(QUICK);
        ClusterWatch started = watch.orElseThrow();
        skipped.addAndGet(Duration.ofSeconds(400).toNanos());
        await().until(() -> started.sinceLastStep().compareTo(Duration.ofSeconds(400)) < 0);
    }

    @Test
    void tellsForHowLongAThreadHasBeenStuckWhateverTheApiServerSends() {
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        CountDownLatch free = new CountDownLatch(1);
        AtomicInteger stuck = new AtomicInteger();
        ClusterWatch started = watch.orElseThrow();
        started.onChange(POLICY, () -> {
            stuck.incrementAndGet();
            waitFor(free);
        });
        server.put(PODS, "p-2", pod("p-2", "n-1", "1"));
        await().until(() -> stuck.get() == 1);
        skipped.addAndGet(Duration.ofSeconds(400).toNanos());
        server.bookmark(PODS);
        server.bookmark(NODES);
        server.put(PODS, "p-3", pod("p-3", "n-1", "1"));
        assertThat(started.sinceLastStep()).isGreaterThanOrEqualTo(Duration.ofSeconds(400));

        free.countDown();
        await().until(() -> started.sinceLastStep().compareTo(Duration.ofSeconds(400)) < 0);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            assertThat(latch.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void endsItsThreadsAndIsUnreadableOnceClosed() {
        Cluster cluster = start(QUICK);
        awaitServers(cluster, 1);
        watch.orElseThrow().close();
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(Thread::isAlive)
                .extracting(Thread::getName)
                .doesNotContain("watch-pods", "watch-nodes");
        assertThat(why(cluster)).contains("no longer watched");
    }

    private Cluster start(WatchTiming timing) {
        LongSupplier nanoTime = () -> System.nanoTime() + skipped.get();
        ClusterWatch started = new ClusterWatch(
                client, List.of(POLICY), timing, new MovingClock(Instant.now(), nanoTime), nanoTime, () -> 0.5);
        watch = Optional.of(started);
        started.onChange(POLICY, wakes::incrementAndGet);
        started.start();
        return started.cluster(POLICY);
    }

    private static boolean isPodList(Received request) {
        return request.isList(PODS);
    }

    private static boolean isPodWatch(Received request) {
        return request.isWatch(PODS);
    }

    private static void awaitServers(Cluster cluster, int servers) {
        await().untilAsserted(() -> assertThat(state(cluster)
                        .map(state -> state.nodes().stream()
                                .mapToInt(node -> node.load().servers())
                                .sum()))
                .contains(servers));
    }

    private static Optional<ClusterState> state(Cluster cluster) {
        return cluster.observe() instanceof Reading.Known<ClusterState> known
                ? Optional.of(known.value())
                : Optional.empty();
    }

    private static String why(Cluster cluster) {
        return cluster.observe() instanceof Reading.Unreadable<ClusterState> unreadable ? unreadable.why() : "readable";
    }

    private static String node(String name, String pool) {
        return JsonText.json(("{'metadata':{'name':'%s','uid':'uid-%s','resourceVersion':'VERSION',"
                        + "'creationTimestamp':'2026-01-01T00:00:00Z','labels':{'pool':'%s'}},"
                        + "'status':{'allocatable':{'cpu':'4'},'note':'heartbeat'}}")
                .formatted(name, name, pool));
    }

    private static String pod(String name, String node, String cpu) {
        return JsonText.json(("{'metadata':{'name':'%s','namespace':'games','uid':'uid-%s',"
                        + "'resourceVersion':'VERSION','labels':{'app':'server','other':'note'}},"
                        + "'spec':{'nodeName':'%s','containers':[{'name':'c','resources':"
                        + "{'requests':{'cpu':'%s'}}}]},'status':{'phase':'Running'}}")
                .formatted(name, name, node, cpu));
    }
}
