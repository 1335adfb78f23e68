package io.kubescaler.bench.pass;

import io.kubescaler.bench.PoolShape;
import io.kubescaler.model.Instance;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.NodeTemplate;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** What a pass is given of a pool of some shape. */
final class SnapshotOfShape {
    private static final String NODE_ID_LABEL = "doks.digitalocean.com/node-id";

    private final PoolShape shape;
    private final Instant start;

    /** @param start a time at which all nodes have long been there */
    SnapshotOfShape(PoolShape shape, Instant start) {
        this.shape = shape;
        this.start = start;
    }

    PoolPolicy policy() {
        return new PoolPolicy(
                "servers",
                LabelSelector.parse("role=scalable"),
                LabelSelector.parse("app=server"),
                List.of(),
                Resources.cpu(PoolShape.SERVER_CPU),
                // so that servers can come to a node with room and go without anything to do
                shape.freeSlots() - shape.room() + 1,
                1,
                shape.nodes() + 100,
                Duration.ofSeconds(120),
                Duration.ofMinutes(15),
                Duration.ZERO,
                Set.of(),
                Optional.empty(),
                List.of());
    }

    PoolDescription cloud() {
        return new PoolDescription(
                shape.nodes(),
                IntStream.range(0, shape.nodes()).mapToObj(this::instance).toList(),
                Optional.of(NODE_ID_LABEL),
                Optional.of(new NodeTemplate(shape.allocatable(), Map.of("role", "scalable"))),
                OptionalInt.of(shape.nodes() + 1000));
    }

    List<Node> nodes() {
        return IntStream.range(0, shape.nodes())
                .mapToObj(number -> node(number, shape.servers(number)))
                .toList();
    }

    private Instance instance(int number) {
        return new Instance(
                shape.machineId(number),
                Optional.of(shape.providerId(number)),
                Optional.of(shape.nodeName(number)),
                Instance.State.RUNNING,
                "",
                created());
    }

    /** Returns a new node with so many servers. */
    Node node(int number, int servers) {
        return new Node(
                shape.nodeName(number),
                "6f1b3e0a-0000-4000-8000-%012x".formatted(number),
                "1",
                created(),
                labels(number),
                Optional.of(shape.providerId(number)),
                false,
                false,
                new Node.Readiness(true, Optional.of(created().plusSeconds(90))),
                Set.of(),
                Set.of(),
                shape.allocatable(),
                load(servers),
                Node.Marks.NONE,
                Optional.empty(),
                Optional.empty());
    }

    private Instant created() {
        return start.minus(Duration.ofDays(1));
    }

    private Map<String, String> labels(int number) {
        return Map.of(
                "role",
                "scalable",
                NODE_ID_LABEL,
                shape.machineId(number),
                "doks.digitalocean.com/node-pool",
                "servers",
                "doks.digitalocean.com/node-pool-id",
                "3a6ac2b1-1e45-4d6c-9d61-26b7a6c3b0de",
                "kubernetes.io/hostname",
                shape.nodeName(number),
                "kubernetes.io/os",
                "linux",
                "kubernetes.io/arch",
                "amd64",
                "node.kubernetes.io/instance-type",
                "s-32vcpu-64gb",
                "topology.kubernetes.io/region",
                "fra1");
    }

    private static NodeLoad load(int servers) {
        Resources daemons = Resources.of(Map.of(
                Resources.CPU, PoolShape.DAEMONS * PoolShape.DAEMON_CPU, Resources.PODS, (long) PoolShape.DAEMONS));
        Resources used = daemons.plus(
                Resources.of(Map.of(Resources.CPU, servers * PoolShape.SERVER_CPU, Resources.PODS, (long) servers)));
        return new NodeLoad(servers, used, daemons, Optional.empty());
    }
}
