package io.kubescaler.app.deploy;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.control.Cluster;
import io.kubescaler.control.ClusterException;
import io.kubescaler.control.ClusterException.Kind;
import io.kubescaler.kubernetes.client.HttpThreads;
import io.kubescaler.kubernetes.events.EventOperations;
import io.kubescaler.kubernetes.events.OwnPod;
import io.kubescaler.kubernetes.lease.LeaseOperations;
import io.kubescaler.kubernetes.pool.ClusterWatch;
import io.kubescaler.kubernetes.watch.WatchTiming;
import io.kubescaler.model.Instance;
import io.kubescaler.model.MachineIdentity;
import io.kubescaler.model.Node;
import io.kubescaler.testing.PoolBuilder;
import io.kubescaler.testing.cluster.ControlPlane;
import io.kubescaler.testing.cluster.WithControlPlane;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The permissions of {@code deploy/kubernetes}, as the service account that they are for: each one is there for something
 * that the scaler does, which works with all of them and is forbidden without that one.
 */
@WithControlPlane
class RbacIT {
    private static final String NAMESPACE = "kubescaler";
    private static final String NODE = "rbac-node";
    private static final String DONE = "done";
    private static final Map<String, Operation> OPERATIONS = operations();

    private final ControlPlane controlPlane;
    private final KubernetesClient admin;
    private KubernetesClient scaler;

    RbacIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.admin = controlPlane.admin();
    }

    /** Something that the scaler does and that needs a permission. */
    @FunctionalInterface
    private interface Operation {
        /** Does it as the scaler; {@code admin} prepares what it works on. */
        void run(KubernetesClient scaler, KubernetesClient admin) throws ClusterException;
    }

    private static Map<String, Operation> operations() {
        Map<String, Operation> operations = new LinkedHashMap<>();
        operations.put("ClusterRole kubescaler: get nodes", (scaler, admin) -> cluster(scaler, RbacIT::node));
        operations.put(
                "ClusterRole kubescaler: list nodes",
                (scaler, admin) -> cluster(
                        scaler,
                        cluster -> cluster.findNode(new MachineIdentity(nameless(), Optional.empty(), List.of()))));
        operations.put("ClusterRole kubescaler: watch nodes", RbacIT::watch);
        operations.put(
                "ClusterRole kubescaler: patch nodes",
                (scaler, admin) -> cluster(scaler, cluster -> {
                    Node node = node(cluster);
                    cluster.cordon(node, Instant.now(), Optional.empty());
                    return node;
                }));
        operations.put(
                "ClusterRole kubescaler: list pods",
                (scaler, admin) -> cluster(scaler, cluster -> cluster.readLoad(NODE)));
        operations.put("ClusterRole kubescaler: watch pods", RbacIT::watch);
        operations.put(
                "Role kubescaler-node-events: create events",
                (scaler, admin) -> EventOperations.tellOfNode(scaler, NODE));
        operations.put(
                "Role kubescaler-node-events: patch events",
                (scaler, admin) -> EventOperations.count(scaler, EventOperations.tellOfNode(admin, NODE)));
        operations.put("Role kubescaler: create leases", (scaler, admin) -> {
            admin.leases().inNamespace(NAMESPACE).withName("kubescaler").delete();
            LeaseOperations.attempt(scaler, NAMESPACE, "kubescaler");
        });
        operations.put("Role kubescaler: get leases", (scaler, admin) -> attemptOnFreeLease(scaler, admin));
        operations.put("Role kubescaler: update leases", (scaler, admin) -> attemptOnFreeLease(scaler, admin));
        operations.put(
                "Role kubescaler: create events", (scaler, admin) -> EventOperations.tellOfPod(scaler, ownPod()));
        operations.put(
                "Role kubescaler: patch events",
                (scaler, admin) -> EventOperations.count(scaler, EventOperations.tellOfPod(admin, ownPod())));
        return operations;
    }

    @BeforeEach
    void applyManifests() {
        Manifests.applyPermissions(admin);
        admin.nodes()
                .resource(new NodeBuilder()
                        .withNewMetadata()
                        .withName(NODE)
                        .addToLabels("role", "scalable")
                        .endMetadata()
                        .build())
                .create();
        scaler = controlPlane.clientAsServiceAccount(new HttpThreads(), NAMESPACE, "kubescaler");
    }

    @AfterEach
    void removeManifests() {
        scaler.close();
        Manifests.read(admin, "rbac.yaml")
                .forEach(object -> admin.resource(object).delete());
    }

    @Test
    void areEachThereForSomethingThatTheScalerDoes() {
        List<String> permissions = new ArrayList<>();
        Manifests.read(admin, "rbac.yaml").forEach(object -> permissions.addAll(Manifests.permissions(object)));

        assertThat(OPERATIONS.keySet()).containsExactlyInAnyOrderElementsOf(permissions);
    }

    @Test
    void sufficeForAllThatTheScalerDoes() {
        OPERATIONS.forEach((permission, operation) -> awaitOutcome(permission, operation, DONE));
    }

    static List<String> permissions() {
        return List.copyOf(OPERATIONS.keySet());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("permissions")
    void areMissedWhenOneIsTakenAway(String permission) {
        HasMetadata role = Manifests.read(admin, "rbac.yaml").stream()
                .filter(object -> Manifests.permissions(object).contains(permission))
                .findFirst()
                .orElseThrow();
        Manifests.remove(role, permission);
        admin.resource(role).update();

        awaitOutcome(permission, OPERATIONS.get(permission), Kind.FORBIDDEN.name());
    }

    /** The API server learns of changed roles a little later. */
    private void awaitOutcome(String permission, Operation operation, String expected) {
        await().alias(permission)
                .pollDelay(Duration.ZERO)
                .untilAsserted(() -> assertThat(outcome(operation)).startsWith(expected));
    }

    private String outcome(Operation operation) {
        try {
            operation.run(scaler, admin);
            return DONE;
        } catch (ClusterException failure) {
            return failure.kind() + " " + failure.getMessage();
        }
    }

    @FunctionalInterface
    private interface ClusterUse {
        Object of(Cluster cluster) throws ClusterException;
    }

    private static void cluster(KubernetesClient scaler, ClusterUse use) throws ClusterException {
        try (ClusterWatch watch = watchOf(scaler, WatchTiming.DEFAULT)) {
            Object unused = use.of(watch.cluster(PoolBuilder.policy()));
        }
    }

    private static Node node(Cluster cluster) throws ClusterException {
        return cluster.readNode(NODE).orElseThrow();
    }

    /**
     * Watches until it is plain whether the API server lets it: what was listed counts for a second only, the node changes
     * all the time and no pod does. So it ends with the pods not heard of, or sooner with what the server refuses.
     */
    private static void watch(KubernetesClient scaler, KubernetesClient admin) throws ClusterException {
        WatchTiming impatient = new WatchTiming(
                Duration.ofSeconds(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1),
                Duration.ofMinutes(5),
                Duration.ofSeconds(20),
                Duration.ofSeconds(20));
        try (ClusterWatch watch = watchOf(scaler, impatient)) {
            watch.start();
            String why = await().pollInterval(Duration.ofMillis(100))
                    .until(
                            () -> {
                                touch(admin);
                                return watch.whyUnreadable().orElse("");
                            },
                            reason -> reason.contains("403") || reason.contains("heard of the pods"));
            if (why.contains("403")) {
                throw new ClusterException(Kind.FORBIDDEN, why);
            }
        }
    }

    private static void touch(KubernetesClient admin) {
        admin.nodes()
                .withName(NODE)
                .edit(node -> new NodeBuilder(node)
                        .editMetadata()
                        .addToAnnotations("test/touched", Instant.now().toString())
                        .endMetadata()
                        .build());
    }

    private static ClusterWatch watchOf(KubernetesClient scaler, WatchTiming timing) {
        return new ClusterWatch(
                scaler, List.of(PoolBuilder.policy()), timing, InstantSource.system(), System::nanoTime, () -> 0.5);
    }

    private static void attemptOnFreeLease(KubernetesClient scaler, KubernetesClient admin) throws ClusterException {
        admin.leases().inNamespace(NAMESPACE).withName("kubescaler").delete();
        admin.resource(new LeaseBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName("kubescaler")
                        .endMetadata()
                        .withNewSpec()
                        .endSpec()
                        .build())
                .create();
        LeaseOperations.attempt(scaler, NAMESPACE, "kubescaler");
    }

    private static OwnPod ownPod() {
        return new OwnPod(NAMESPACE, "kubescaler-0", Optional.of("a-uid"));
    }

    /** A machine without a node name, for which every node must be looked at. */
    private static Instance nameless() {
        return new Instance(
                "i-1", Optional.of("cloud://i-1"), Optional.empty(), Instance.State.RUNNING, "", Instant.EPOCH);
    }
}
