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
 * look at the node, past a cordon that somebody ignored or took away.
 */
final class NoServerDies extends Watcher {
    private final Map<String, Look> looks = new HashMap<>();
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
    void deleting(Replica replica, String machine) {
        Optional<Node> node = world.nodeOf(machine);
        node.ifPresent(anew -> checkUnseen(replica, machine, anew));
        if (node.isEmpty() || !world.cloud().machines().contains(machine)) {
            return;
        }
        String name = node.get().name();
        List<Pod> there = world.podsOn(name).stream()
                .filter(pod -> pod.isServer(Scenario.SERVER)
                        || Scenario.PROTECTED.matches(pod.labels())
                        || pod.doNotDisrupt().isPresent())
                .toList();
        Optional<Look> look = Optional.ofNullable(looks.get(replica.identity() + " " + name));
        if (look.isEmpty()) {
            violation("machine %s of node %s is deleted without a live look at its pods".formatted(machine, name));
        }
        for (Pod pod : there) {
            if (look.filter(seen -> seen.pods().contains(pod.uid())).isPresent() || isLateBinding(pod)) {
                violation("machine %s is deleted and pod %s is on its node %s".formatted(machine, pod.key(), name));
            } else {
                unavoidable++;
                world.history().note("pod %s came to node %s behind the last look".formatted(pod.key(), name));
            }
        }
    }

    // by the clock that it was decided with, which may be wrong, and by the right one
    private void checkUnseen(Replica replica, String machine, Node anew) {
        Duration age = Duration.between(anew.createdAt(), replica.wallTime());
        world.unseenSinceNanos(machine)
                .filter(since -> age.compareTo(Scenario.PROVISIONING_TIMEOUT) < 0
                        && world.clock().nanos() - since < Scenario.PROVISIONING_TIMEOUT.toNanos())
                .ifPresent(since -> violation("machine %s is deleted %d s after it registered anew as node %s"
                        .formatted(machine, age.toSeconds(), anew.name())));
    }

    private static boolean isLateBinding(Pod pod) {
        return pod.name().startsWith("late-");
    }
}
