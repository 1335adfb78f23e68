package io.kubescaler.app.hostile;

import io.kubescaler.model.Node;
import io.kubescaler.simulated.NodeSpec;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Nodes that do not tell which machine they are, and machines that run under another name than that of their node. For one
 * simulation.
 */
final class OtherNames {
    // more of them would be a fault of the whole cluster
    private static final int MOST_RENAMED = 2;

    private final World world;
    private final Repairs repairs;
    private final SplittableRandom random;
    // nodes whose machines run under another name meanwhile, and other names that are over
    private final Set<String> renamed = new HashSet<>();
    private final Set<String> retired = new HashSet<>();
    private int anonymous;
    private long anonymousUntilNanos;

    OtherNames(World world, Repairs repairs) {
        this.world = world;
        this.repairs = repairs;
        random = world.randomness().stream("names");
    }

    /** Has machines be told by their provider IDs alone, which new nodes lack, and some machines start anew. */
    void lackProviderIds(Fault fault) {
        anonymous++;
        repairs.later(fault, () -> anonymous--);
        anonymousUntilNanos = world.clock().nanos() + fault.lasts().toNanos();
        for (int i = 0; i < MOST_RENAMED; i++) {
            world.clock().after(Duration.ofMillis(random.nextLong(fault.lasts().toMillis())), this::renameOne);
        }
    }

    /** Returns whether new nodes do not tell their provider IDs. */
    boolean lackProviderIds() {
        return anonymous > 0;
    }

    /** A node was written by a replica: one that has just been found empty could go at once. */
    void nodeWritten(Node before, Node after) {
        if (anonymous > 0
                && before.marks().emptySince().isEmpty()
                && after.marks().emptySince().isPresent()
                && random.nextBoolean()) {
            world.clock().after(Duration.ofMillis(1 + random.nextLong(60_000)), () -> rename(after.name()));
        }
    }

    /** A node has joined the cluster. */
    void nodeJoined(String name) {
        if (anonymous > 0) {
            world.clock().after(Duration.ZERO, () -> withoutProviderId(name));
        }
    }

    private void withoutProviderId(String name) {
        world.node(name).flatMap(Node::providerId).ifPresent(id -> {
            world.cluster().setProviderId(name, Optional.empty());
            // before it is Ready, as usual, or when a person says it some day
            boolean soon = random.nextInt(3) == 0;
            Duration lasts = soon ? World.READY_AFTER.dividedBy(2) : Duration.ofHours(1);
            repairs.later(lasts, repairs.onceMore(name, () -> world.cluster().setProviderId(name, Optional.of(id))));
            if (!soon && random.nextBoolean()) {
                goesDark(name);
            }
        });
    }

    // and is deleted a while later: a person has forced its pods away, which live on unseen
    private void goesDark(String name) {
        Duration dark = World.READY_AFTER.plusSeconds(150 + random.nextLong(900));
        Duration gone = dark.plusSeconds(10 + random.nextLong(1800));
        boolean forgotten = random.nextBoolean();
        world.clock().after(dark, repairs.inTrouble(name, () -> {
            world.othersActed("node %s goes dark, and its pods are forced away".formatted(name));
            boolean servers = hasServers(name);
            forceAway(name);
            if (forgotten) {
                world.replicas().forEach(replica -> replica.kill("after node %s went dark".formatted(name)));
            }
            repairs.later(gone.minus(dark).plusSeconds(1), repairs.onceMore(name, () -> ready(name)));
            world.clock().after(gone.minus(dark), repairs.inTrouble(name, () -> {
                String machine = World.machineOf(world.node(name).orElseThrow());
                world.cluster().removeNode(name);
                if (servers) {
                    world.livesOnUnseen(machine);
                }
            }));
        }));
    }

    private void renameOne() {
        List<Node> nodes = world.journals().nodesNow();
        if (!nodes.isEmpty()) {
            rename(nodes.get(random.nextInt(nodes.size())).name());
        }
    }

    private void rename(String name) {
        Duration lasts = Duration.ofNanos(anonymousUntilNanos - world.clock().nanos());
        if (anonymous > 0 && !lasts.isNegative() && world.cluster().hasNode(name)) {
            NodeSpec spec = world.registeredAnew(name);
            startAnew(
                    name,
                    new NodeSpec(
                            name + "-renamed",
                            spec.labels(),
                            Optional.empty(),
                            spec.taints(),
                            spec.allocatable(),
                            spec.daemons()),
                    lasts);
        }
    }

    /** Has the machine of a node start anew under another name, without the labels of the pool, and get a server there. */
    void leaveThePool(Fault fault, String name) {
        NodeSpec spec = world.registeredAnew(name);
        Map<String, String> labels = new HashMap<>(spec.labels());
        labels.put("pool", "other");
        startAnew(
                name,
                new NodeSpec(
                        name + "-outside",
                        labels,
                        spec.providerId(),
                        spec.taints(),
                        spec.allocatable(),
                        spec.daemons()),
                fault.lasts());
    }

    // every second time the node under the other name is deleted, and what runs there lives on unseen
    private void startAnew(String name, NodeSpec as, Duration lasts) {
        Optional<Node> node = world.node(name).filter(it -> it.providerId().isPresent());
        boolean enough = renamed.size() >= MOST_RENAMED;
        if (world.calm() || node.isEmpty() || enough || !renamed.add(name)) {
            return;
        }
        String other = as.name();
        String machine = World.machineOf(node.get());
        boolean goes = random.nextBoolean();
        world.othersActed("machine %s starts anew, and is node %s from then on".formatted(machine, other));
        world.cluster().setReady(name, false);
        Duration up = Duration.ofMillis(1 + random.nextLong(60_000));
        world.clock().after(up, repairs.inTrouble(name, () -> {
            if (!renamed.contains(name)) {
                return;
            }
            world.cluster().addNode(as);
            world.cluster().setReady(other, true);
            if (!Scenario.SELECTOR.matches(as.labels())) {
                repairs.bind("on-" + other, other);
            }
            goesWithItsMachine(machine, other);
        }));
        if (goes) {
            Duration gone = up.plusMillis(10_000 + random.nextLong(300_000));
            world.clock().after(gone, repairs.inTrouble(other, () -> {
                world.othersActed("node %s is deleted".formatted(other));
                boolean servers = hasServers(other);
                world.cluster().removeNode(other);
                if (servers) {
                    world.livesOnUnseen(machine);
                }
            }));
        }
        repairs.later(lasts, () -> {
            world.othersActed("machine %s is node %s again".formatted(machine, name));
            renamed.remove(name);
            retired.add(other);
            world.podsOn(other).forEach(pod -> world.cluster().deletePod(pod.key(), Duration.ZERO));
            world.cluster().removeNode(other);
            if (world.cluster().hasNode(name)) {
                ready(name);
            }
        });
    }

    private boolean hasServers(String name) {
        return world.podsOn(name).stream().anyMatch(pod -> pod.isServer(Scenario.SERVER));
    }

    /** Has a node go dark; a person forces its pods away, and its servers live on unseen. */
    void forceAway(String name) {
        boolean servers = hasServers(name);
        String machine = World.machineOf(world.node(name).orElseThrow());
        world.cluster().setReady(name, false);
        world.podsOn(name).forEach(pod -> world.cluster().deletePod(pod.key(), Duration.ZERO));
        if (servers) {
            world.livesOnUnseen(machine);
        }
    }

    /** Has a node be Ready, unless its machine runs under another name: a kubelet is alive under one. */
    void ready(String name) {
        if (!renamed.contains(name)) {
            world.cluster().setReady(name, true);
        }
    }

    /** Returns whether a machine may register a node of that name now. */
    boolean mayRegister(String name) {
        return !world.cluster().hasNode(name) && !retired.contains(name);
    }

    private void goesWithItsMachine(String machine, String name) {
        world.clock().after(Duration.ofSeconds(5), () -> {
            if (!world.cloud().machines().contains(machine)) {
                world.cluster().removeNode(name);
            } else if (world.cluster().hasNode(name)) {
                goesWithItsMachine(machine, name);
            }
        });
    }
}
