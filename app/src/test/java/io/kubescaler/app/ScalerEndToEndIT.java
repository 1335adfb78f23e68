package io.kubescaler.app;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.kubescaler.model.Annotations;
import io.kubescaler.testing.cluster.CloudPool;
import io.kubescaler.testing.cluster.ControlPlane;
import io.kubescaler.testing.cluster.DigitalOceanStandIn;
import io.kubescaler.testing.cluster.Fault;
import io.kubescaler.testing.cluster.KubeletStandIn;
import io.kubescaler.testing.cluster.PoolSpec;
import io.kubescaler.testing.cluster.Servers;
import io.kubescaler.testing.cluster.WithControlPlane;
import io.kubescaler.testing.process.TcpProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole program, as users run it, between a real control plane and a cloud that answers as DigitalOcean does.
 *
 * <p>A node has 4 CPU and a server asks for 1, so a node has 4 slots; 4 are to stand free. With 2 nodes, 30 servers need
 * 34 slots, which 9 nodes have (36) and 8 have not (32): 7 are bought, whatever the scaler sees first. Without servers
 * the minimum of 2 has 8 free slots, so those 7 go.
 *
 * <p>It acts by a Lease, as in a cluster. Only where it is killed again and again within seconds it does without, since
 * each successor would still be waiting for the Lease of the one before.
 */
@WithControlPlane
class ScalerEndToEndIT {
    private static final int SERVERS = 30;
    private static final int BOUGHT = 7;
    private static final Map<String, String> SERVER = Map.of("app", "server");
    private static final Map<String, String> SCALABLE = Map.of("role", "scalable");

    private final ControlPlane controlPlane;
    private KubeletStandIn kubelets;
    private DigitalOceanStandIn cloud;
    private CloudPool pool;
    private Servers servers;
    private String name;
    private String lease;

    ScalerEndToEndIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    @BeforeEach
    void start(TestInfo test) {
        name = test.getTestMethod().orElseThrow().getName();
        // the scaler of the test before was killed and has given nothing back
        lease = "kubescaler-" + UUID.randomUUID();
        kubelets = KubeletStandIn.of(controlPlane);
        servers = new Servers(controlPlane, SERVER, SCALABLE, "1");
    }

    @AfterEach
    void stop() {
        cloud.close();
        kubelets.close();
    }

    private void openCloud(int nodes) {
        cloud = DigitalOceanStandIn.inFrontOf(
                controlPlane, SERVER, PoolSpec.of("system", 1, Map.of()), PoolSpec.of("servers", nodes, SCALABLE));
        cloud.pageSize(2);
        pool = cloud.pool("servers");
    }

    private ScalerProcess startScaler() {
        Map<String, String> environment = new HashMap<>(environment());
        environment.putAll(ScalerProcess.election(lease));
        return ScalerProcess.start(name, environment);
    }

    private Map<String, String> environment() {
        return ScalerProcess.environment(controlPlane, cloud, pool, "role=scalable");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20})
    void buysEachNodeOnceAndGivesTheEmptyOnesBack(int bootSeconds) throws IOException {
        openCloud(2);
        pool.bootTime(Duration.ofSeconds(bootSeconds));
        try (ScalerProcess scaler = startScaler()) {
            awaitReady(scaler);

            servers.create(SERVERS);

            waiting(scaler).until(() -> servers.running() == SERVERS);
            assertGrownOnce(scaler);
            assertThat(pool.removals()).isEmpty();

            servers.end(SERVERS);

            waiting(scaler).until(() -> nodes().size() == 2);
            assertShrunkByName(scaler);
            assertNothingFollows(scaler);
        }
    }

    @Test
    void doesTheSameWhenKilledInTheMiddleOfOrders() throws IOException {
        openCloud(2);
        pool.bootTime(Duration.ofSeconds(2));
        try (ScalerProcess scaler = startScaler()) {
            cloud.spoil("PUT", pool.id(), 1, new Fault.CutWhile(false, scaler::kill));
            servers.create(SERVERS);
            restartOnceKilled(scaler);
            cloud.spoil("PUT", pool.id(), 1, new Fault.CutWhile(true, scaler::kill));
            restartOnceKilled(scaler);
            waiting(scaler).until(() -> servers.running() == SERVERS);
            assertGrownOnce(scaler);

            cloud.spoil("DELETE", "/nodes/", 1, new Fault.CutWhile(false, scaler::kill));
            servers.end(SERVERS);
            restartOnceKilled(scaler);
            cloud.spoil("DELETE", "/nodes/", 1, new Fault.CutWhile(true, scaler::kill));
            restartOnceKilled(scaler);
            waiting(scaler).until(() -> nodes().size() == 2);
            assertShrunkByName(scaler);
            assertNothingFollows(scaler);
            // one at least for each kill; where the machine is slow a leader may also lose the lease
            assertThat(holders()).as(scaler.output()).isGreaterThanOrEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void doesTheSameWhenKilledAtAnyTime(long seed) throws IOException {
        Random random = new Random(seed);
        openCloud(2);
        pool.bootTime(Duration.ofSeconds(3));
        try (ScalerProcess scaler = ScalerProcess.start(name, environment())) {
            servers.create(SERVERS);
            killAfter(scaler, random);
            killAfter(scaler, random);
            waiting(scaler).until(() -> servers.running() == SERVERS);
            assertGrownOnce(scaler);

            servers.end(SERVERS);
            killAfter(scaler, random);
            killAfter(scaler, random);
            waiting(scaler).until(() -> nodes().size() == 2);
            assertShrunkByName(scaler);
            assertNothingFollows(scaler);
        }
    }

    private static void killAfter(ScalerProcess scaler, Random random) {
        // from before its first pass to well after it has acted
        Duration delay = Duration.ofMillis(1000 + random.nextInt(4000));
        await().pollDelay(delay).until(() -> true);
        scaler.kill();
        scaler.startAgain();
    }

    @Test
    void leavesANodeAloneThatAPersonCordoned() throws IOException {
        openCloud(3);
        waiting(null).until(() -> nodes().size() == 3);
        String held = nodes().get(0).getMetadata().getName();
        controlPlane.kubectl().run("cordon", held);
        Node before = controlPlane.admin().nodes().withName(held).get();
        try (ScalerProcess scaler = startScaler()) {
            // 2 nodes take servers: 8 slots. 6 servers and 4 spare slots need 10, so one node more
            servers.create(6);
            waiting(scaler).until(() -> pool.bought() == 1 && servers.running() == 6 && nodes().size() == 4);

            servers.end(6);

            waiting(scaler).until(() -> nodes().size() == 3);
            assertNothingFollows(scaler);
            assertThat(pool.bought()).as(scaler.output()).isEqualTo(1);
            assertThat(pool.removals()).hasSize(1);
            Node after = controlPlane.admin().nodes().withName(held).get();
            assertThat(after.getSpec()).isEqualTo(before.getSpec());
            assertThat(after.getMetadata().getAnnotations())
                    .isEqualTo(before.getMetadata().getAnnotations());
        }
    }

    @Test
    void endsByItselfWhenToldToWhileTheCloudAndTheApiServerHang() {
        openCloud(2);
        Map<String, String> environment = new HashMap<>(environment());
        // with the default times of the Lease, whose requests may take the longest
        environment.putAll(Map.of(
                "LEADER_ELECTION_ENABLED", "true",
                "LEADER_ELECTION_NAMESPACE", "default",
                "LEADER_ELECTION_LEASE_NAME", lease));
        try (TcpProxy wire = new TcpProxy(controlPlane.url())) {
            environment.put("CLUSTER_KUBE_CONFIG_MASTER_URL", wire.url());
            AtomicReference<Optional<OptionalInt>> status = new AtomicReference<>(Optional.empty());
            try (ScalerProcess scaler = ScalerProcess.start(name, environment)) {
                awaitReady(scaler);
                cloud.spoil("PUT", pool.id(), 1, new Fault.CutWhile(false, () -> {
                    wire.swallow(true);
                    status.set(Optional.of(scaler.stop()));
                }));
                servers.create(SERVERS);

                waiting(scaler).until(() -> status.get().isPresent());
                assertThat(status.get().orElseThrow()).as(scaler.output()).hasValue(0);
                assertThat(scaler.output()).contains("RunCommand: stopped").doesNotContain("did not stop in 10 s");
            }
        }
    }

    /** Returns how many replicas have held the Lease, one after the other. */
    private int holders() {
        return 1
                + controlPlane
                        .admin()
                        .leases()
                        .inNamespace("default")
                        .withName(lease)
                        .get()
                        .getSpec()
                        .getLeaseTransitions();
    }

    private void restartOnceKilled(ScalerProcess scaler) {
        waiting(null).until(() -> !scaler.process().alive());
        scaler.startAgain();
    }

    /** Until the cluster and the cloud have been read; two nodes have more slots than the buffer, so nothing is done. */
    private void awaitReady(ScalerProcess scaler) {
        waiting(scaler).until(() -> scaler.get("/readyz").statusCode() == 200);
    }

    private void assertGrownOnce(ScalerProcess scaler) {
        assertThat(pool.bought()).as(scaler.output()).isEqualTo(BOUGHT);
        assertThat(pool.count()).isEqualTo(2 + BOUGHT);
        assertThat(cloud.killedServers()).isEmpty();
    }

    private void assertShrunkByName(ScalerProcess scaler) {
        assertThat(pool.resizes()).as(scaler.output()).allMatch(resize -> resize.to() >= resize.from());
        assertThat(pool.bought()).as(scaler.output()).isEqualTo(BOUGHT);
        assertThat(pool.removals()).hasSize(BOUGHT).allMatch(removal -> removal.countAfter() >= 2);
        assertThat(cloud.killedServers()).isEmpty();
    }

    /** For a few passes more, the pool stays as it is and what is left of it takes servers. */
    private void assertNothingFollows(ScalerProcess scaler) throws IOException {
        // one that was killed last may still be starting
        awaitReady(scaler);
        int orders = pool.resizes().size() + pool.removals().size();
        int count = pool.count();
        double passes = scaler.metric("kubescaler_passes_total");
        waiting(scaler).until(() -> scaler.metric("kubescaler_passes_total") >= passes + 3);
        assertThat(pool.resizes().size() + pool.removals().size())
                .as(scaler.output())
                .isEqualTo(orders);
        assertThat(pool.count()).isEqualTo(count);
        assertThat(nodes())
                .hasSize(count)
                .allSatisfy(node -> assertThat(annotationsOf(node))
                        .doesNotContainKeys(Annotations.CORDONED_AT, Annotations.EMPTY_SINCE, Annotations.DELETING_AT));
    }

    private static Map<String, String> annotationsOf(Node node) {
        Map<String, String> annotations = node.getMetadata().getAnnotations();
        return annotations == null ? Map.of() : annotations;
    }

    private List<Node> nodes() {
        return controlPlane.admin().nodes().withLabels(SCALABLE).list().getItems();
    }

    private ConditionFactory waiting(ScalerProcess scaler) {
        return await()
                // its HTTP server is not there yet
                .ignoreExceptionsInstanceOf(IOException.class)
                .pollInterval(Duration.ofMillis(100))
                .conditionEvaluationListener(condition -> {
                    if (!condition.isSatisfied() && condition.getRemainingTimeInMS() <= 0) {
                        System.err.println(report(scaler));
                    }
                });
    }

    private String report(ScalerProcess scaler) {
        List<String> where = servers.pods().stream().map(ScalerEndToEndIT::line).toList();
        return "pool %s of %d, resizes %s, removals %s, nodes %s, servers %s, log:%n%s"
                .formatted(
                        pool.name(),
                        pool.count(),
                        pool.resizes(),
                        pool.removals(),
                        nodes().stream()
                                .map(node -> node.getMetadata().getName() + annotationsOf(node))
                                .toList(),
                        where,
                        scaler == null ? "" : scaler.output());
    }

    private static String line(Pod pod) {
        return "%s on %s is %s"
                .formatted(
                        pod.getMetadata().getName(),
                        pod.getSpec().getNodeName(),
                        pod.getStatus().getPhase());
    }
}
