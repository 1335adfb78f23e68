package io.kubescaler.app;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.testing.cluster.CloudPool;
import io.kubescaler.testing.cluster.ControlPlane;
import io.kubescaler.testing.cluster.DigitalOceanStandIn;
import io.kubescaler.testing.cluster.Exchange;
import io.kubescaler.testing.cluster.Fault;
import io.kubescaler.testing.cluster.KubeletStandIn;
import io.kubescaler.testing.cluster.NodeWrites.NodeWrite;
import io.kubescaler.testing.cluster.PoolSpec;
import io.kubescaler.testing.cluster.Servers;
import io.kubescaler.testing.cluster.WithControlPlane;
import io.kubescaler.testing.process.TcpProxy;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/**
 * Two scalers on one pool and one Lease. The leader is stopped in the middle of an order that the cloud does not carry
 * out, or carries out late: the other one orders it, after the leader's last write must have ended; it goes on alone, and
 * the former leader, when it comes back, orders nothing and writes to no node.
 *
 * <p>Each has a token of the cloud and a service account of its own, so that the cloud and the API server's audit log
 * tell who did what.
 */
@WithControlPlane
class TwoScalersIT {
    private static final Map<String, String> SERVER = Map.of("app", "server");
    private static final Map<String, String> SCALABLE = Map.of("role", "scalable");
    // with 2 nodes of 4 slots and a buffer of 4, these need 7 nodes more
    private static final int SERVERS = 30;
    private static final int BOUGHT = 7;

    private final ControlPlane controlPlane;
    private final AtomicReference<Instant> stopped = new AtomicReference<>(Instant.MAX);
    private String lease;
    private KubeletStandIn kubelets;
    private Servers servers;
    private DigitalOceanStandIn cloud;
    private CloudPool pool;
    private final List<Replica> replicas = new ArrayList<>();
    private Replica leader;
    private Replica other;

    TwoScalersIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    private static String tokenOf(String replica) {
        return "token-of-" + replica;
    }

    private final class Replica implements AutoCloseable {
        final String name;
        final TcpProxy wire = new TcpProxy(controlPlane.url());
        final ScalerProcess process;

        Replica(String test, String name) {
            this.name = name;
            controlPlane.kubectl().run("create", "serviceaccount", name, "--namespace=" + servers.namespace());
            controlPlane
                    .kubectl()
                    .run(
                            "create",
                            "clusterrolebinding",
                            name,
                            "--clusterrole=cluster-admin",
                            "--serviceaccount=%s:%s".formatted(servers.namespace(), name));
            Map<String, String> environment =
                    new HashMap<>(ScalerProcess.environment(controlPlane, cloud, pool, "role=scalable"));
            environment.putAll(ScalerProcess.election(lease));
            environment.put("LEADER_ELECTION_IDENTITY", name);
            environment.put("CLOUD_PROVIDER_TOKEN", tokenOf(name));
            environment.put(
                    "CLUSTER_KUBE_CONFIG_PATH",
                    controlPlane
                            .kubeconfigOfServiceAccount(servers.namespace(), name)
                            .toString());
            environment.put("CLUSTER_KUBE_CONFIG_MASTER_URL", wire.url());
            process = ScalerProcess.start(test + "-" + name, environment);
        }

        @Override
        public void close() {
            process.close();
            wire.close();
        }

        /** Returns when it asked for a change of the pool or of a node, oldest first, whatever the answer was. */
        List<Instant> writes() {
            return Stream.concat(
                            cloud.exchanges().stream()
                                    .filter(exchange -> exchange.token().equals(tokenOf(name)))
                                    .filter(exchange -> !exchange.method().equals("GET"))
                                    .map(Exchange::at),
                            nodeWrites().stream().map(NodeWrite::at))
                    .sorted()
                    .toList();
        }

        List<NodeWrite> nodeWrites() {
            return controlPlane.nodeWrites().of("system:serviceaccount:%s:%s".formatted(servers.namespace(), name));
        }
    }

    @BeforeEach
    void start(TestInfo test) {
        String name = test.getTestMethod().orElseThrow().getName();
        lease = "kubescaler-" + UUID.randomUUID();
        kubelets = KubeletStandIn.of(controlPlane);
        servers = new Servers(controlPlane, SERVER, SCALABLE, "1");
        cloud = DigitalOceanStandIn.inFrontOf(controlPlane, SERVER, PoolSpec.of("servers", 2, SCALABLE));
        pool = cloud.pool("servers");
        cloud.tokensAreNow(Set.of(tokenOf("first"), tokenOf("second")));
        replicas.add(new Replica(name, "first"));
        replicas.add(new Replica(name, "second"));
        waiting().until(this::oneLeadsAndBothAreReady);
    }

    private boolean oneLeadsAndBothAreReady() throws IOException {
        for (Replica replica : replicas) {
            if (replica.process.metric("kubescaler_leader") == 1) {
                leader = replica;
            } else {
                other = replica;
            }
        }
        return leader != null
                && other != null
                && leader != other
                && leader.process.get("/readyz").statusCode() == 200
                && other.process.get("/readyz").statusCode() == 200;
    }

    @AfterEach
    void stop() {
        replicas.forEach(Replica::close);
        cloud.close();
        kubelets.close();
    }

    @Test
    void theOtherOneGoesOnAloneWhenTheLeaderIsFrozenForLongerThanTheLease() {
        stopTheLeaderWhileItOrders(() -> leader.process.process().signal("STOP"));

        assertTheOtherOneOrders();
        leader.process.process().signal("CONT");
        awaitTheFormerLeaderStandsBy();
        assertTheOtherOneGoesOnAlone();
    }

    @Test
    void theOtherOneGoesOnAloneWhenTheLeaderIsCutFromTheApiServer() {
        stopTheLeaderWhileItOrders(() -> {
            leader.wire.refuse(true);
            leader.wire.cut();
        });

        assertTheOtherOneOrders();
        leader.wire.refuse(false);
        awaitTheFormerLeaderStandsBy();
        assertTheOtherOneGoesOnAlone();
    }

    @Test
    void noNodeGoesWhenTheOrderOfAKilledLeaderIsCarriedOutAfterThatOfItsSuccessor() {
        AtomicReference<Runnable> late = new AtomicReference<>(() -> {});
        Fault killed = new Fault.CarriedOutLater(late::set, () -> {
            stopped.set(Instant.now());
            leader.process.kill();
        });
        cloud.spoil(tokenOf(leader.name), "PUT", pool.id(), 1, killed);
        // 2 nodes have room for 8: with 7 servers and a buffer of 4 one node more is ordered
        servers.create(7);
        waiting().until(() -> stopped.get().isBefore(Instant.MAX));
        servers.create(SERVERS - 7);
        waiting().until(() -> !pool.resizes().isEmpty());
        late.get().run();

        waiting().until(() -> servers.running() == SERVERS);
        assertThat(pool.resizes())
                .as("a size below the present one has the cloud choose which nodes go")
                .allMatch(resize -> resize.to() >= resize.from());
        assertThat(pool.removals()).isEmpty();
        assertTheLeaderHadEndedBefore();
    }

    /** Has servers wait for nodes, and the leader stopped by the order that it sends for them; no order of it succeeds. */
    private void stopTheLeaderWhileItOrders(Runnable stop) {
        cloud.spoil(tokenOf(leader.name), "PUT", pool.id(), 1, new Fault.CutWhile(false, () -> {
            stopped.set(Instant.now());
            stop.run();
        }));
        cloud.spoil(
                tokenOf(leader.name), "PUT", pool.id(), Integer.MAX_VALUE, Fault.status(503, "unavailable", "not now"));
        servers.create(SERVERS);
        waiting().until(() -> stopped.get().isBefore(Instant.MAX));
    }

    // what the leader had ordered at first, and the rest once that order is void
    private void assertTheOtherOneOrders() {
        waiting().until(() -> pool.bought() >= BOUGHT);
    }

    private void awaitTheFormerLeaderStandsBy() {
        waiting().until(() -> leader.process.output().contains("is held by " + other.name));
        waiting().until(() -> leader.process.get("/readyz").statusCode() == 200);
    }

    private void assertTheOtherOneGoesOnAlone() {
        waiting().until(() -> servers.running() == SERVERS);
        servers.end(SERVERS);
        waiting().until(() -> pool.removals().size() == BOUGHT);
        assertTheLeaderHadEndedBefore();
        assertThat(pool.count()).isEqualTo(2);
        // else the record of them would prove nothing
        assertThat(other.nodeWrites()).isNotEmpty();
    }

    private void assertTheLeaderHadEndedBefore() {
        List<Instant> before = leader.writes();
        List<Instant> after = other.writes();
        assertThat(Duration.between(before.get(before.size() - 1), after.get(0)))
                .as("time from the former leader's last write to the other one's first")
                .isGreaterThanOrEqualTo(ScalerProcess.LEASE.longestWrite());
        assertThat(pool.bought()).isEqualTo(BOUGHT);
        assertThat(cloud.killedServers()).isEmpty();
    }

    private ConditionFactory waiting() {
        return await()
                // an HTTP server is not there yet
                .ignoreExceptionsInstanceOf(IOException.class)
                .pollInterval(Duration.ofMillis(100))
                .conditionEvaluationListener(condition -> {
                    if (!condition.isSatisfied() && condition.getRemainingTimeInMS() <= 0) {
                        System.err.println(report());
                    }
                });
    }

    private String report() {
        return "resizes %s, removals %s, %d servers running%n%s"
                .formatted(
                        pool.resizes(),
                        pool.removals(),
                        servers.running(),
                        replicas.stream()
                                .map(replica -> replica.process.output())
                                .collect(Collectors.joining("\n")));
    }
}
