package io.kubescaler.app.hostile;

import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Pod;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * I1: no machine is deleted that hosts a server, or a pod that is protected or forbids disruption, unless it came there after the last
 * look at the node, past a cordon that somebody ignored or took away. And no deletion is given up that the cloud has carried
 * out, or still will: servers would come to the node, and die with it.
 */
final class NoServerDies extends Watcher {
    private final Map<String, Look> looks = new HashMap<>();
    private final Map<String, Long> givenUpAtNanos = new HashMap<>();
    private final Set<String> carriedOut = new HashSet<>();
    private int unavoidable;

    private record Look(long atNanos, Set<String> pods) {}

    NoServerDies(World world) {
        super(world, "I1");
    }

    int unavoidable() {
        return unavoidable;
    }

    @Override
    void loadRead(Replica replica, String node, NodeLoad load) {
        Set<String> there = world.podsOn(node).stream().map(Pod::uid).collect(Collectors.toCollection(HashSet::new));
        looks.put(replica.identity() + " " + node, new Look(world.clock().nanos(), there));
    }

    @Override
    void nodeWritten(Replica replica, Node before, Node after) {
        if (isGivenUp(before, after)) {
            String machine = World.machineOf(after);
            givenUpAtNanos.put(machine, world.clock().nanos());
            if (carriedOut.contains(machine)) {
                violation(
                        "the deletion of machine %s is given up, and the cloud has carried it out: node %s goes with it"
                                .formatted(machine, after.name()));
            }
        }
    }

    // what a person cordons or uncordons meanwhile is theirs
    private static boolean isGivenUp(Node before, Node after) {
        return before.unschedulable()
                && before.marks().deletingAt().isPresent()
                && after.marks().deletingAt().isEmpty()
                && (after.marks().cordonedAt().isPresent() || !after.unschedulable());
    }

    @Override
    void boundLate(String pod, Node node) {
        if (carriedOut.contains(World.machineOf(node))) {
            violation("machine %s was deleted while pod %s was being bound to its node %s"
                    .formatted(World.machineOf(node), pod, node.name()));
        }
    }

    @Override
    void deleted(Replica replica, String machine) {
        carriedOut.add(machine);
    }

    @Override
    void deleting(Replica replica, String machine) {
        Optional<Node> node = world.nodeOf(machine);
        checkUnseen(machine);
        if (node.isEmpty() || !world.cloud().machines().contains(machine)) {
            return;
        }
        String name = node.get().name();
        checkOtherNodes(machine, name);
        List<Pod> there = keepers(name);
        Optional<Look> look = Optional.ofNullable(looks.get(replica.identity() + " " + name));
        if (look.isEmpty()) {
            violation("machine %s of node %s is deleted without a live look at its pods".formatted(machine, name));
        }
        Optional.ofNullable(givenUpAtNanos.get(machine))
                .filter(at -> look.filter(it -> it.atNanos() < at).isPresent())
                .ifPresent(at -> violation("machine %s is deleted by an order that was given up %d s ago"
                        .formatted(
                                machine,
                                Duration.ofNanos(world.clock().nanos() - at).toSeconds())));
        for (Pod pod : there) {
            if (look.filter(seen -> seen.pods().contains(pod.uid())).isPresent() || isLateBinding(pod)) {
                violation("machine %s is deleted and pod %s is on its node %s".formatted(machine, pod.key(), name));
            } else {
                unavoidable++;
                world.history().note("pod %s came to node %s behind the last look".formatted(pod.key(), name));
            }
        }
    }

    private List<Pod> keepers(String node) {
        return world.podsOn(node).stream()
                .filter(pod -> pod.isServer(Scenario.SERVER)
                        || Scenario.PROTECTED.matches(pod.labels())
                        || pod.doNotDisrupt().isPresent())
                .toList();
    }

    // its kubelet may have registered under another name
    private void checkOtherNodes(String machine, String name) {
        for (Node other : world.journals().nodesNow()) {
            if (World.machineOf(other).equals(machine) && !other.name().equals(name)) {
                keepers(other.name())
                        .forEach(pod -> violation("machine %s of node %s is deleted and pod %s is on its node %s"
                                .formatted(machine, name, pod.key(), other.name())));
            }
        }
    }

    // whatever the clock of the replica says, and whoever led when the Node object went
    private void checkUnseen(String machine) {
        world.unseenSinceNanos(machine)
                .map(since -> Duration.ofNanos(world.clock().nanos() - since))
                .filter(ago -> ago.compareTo(Scenario.PROVISIONING_TIMEOUT) < 0)
                .ifPresent(ago -> violation("machine %s is deleted %d s after its servers were seen last"
                        .formatted(machine, ago.toSeconds())));
    }

    private static boolean isLateBinding(Pod pod) {
        return pod.name().startsWith("late-");
    }
}
