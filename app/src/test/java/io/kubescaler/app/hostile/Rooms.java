package io.kubescaler.app.hostile;

import io.kubescaler.model.Node;
import io.kubescaler.model.NodeConstraints;
import io.kubescaler.model.Pod;
import io.kubescaler.model.Resources;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What watchers know of the room that servers take: counted on its own, not as the plan counts. Stateless. */
final class Rooms {
    private static final Resources WHOLE_NODE = Resources.of(Map.of(
            Resources.CPU, Scenario.NODE.get(Resources.CPU) - Scenario.DAEMON.get(Resources.CPU),
            Resources.MEMORY, Scenario.NODE.get(Resources.MEMORY) - Scenario.DAEMON.get(Resources.MEMORY),
            Resources.PODS, Scenario.NODE.get(Resources.PODS) - 1));

    private static final Duration JUST_NOW = Duration.ofMinutes(2);

    private Rooms() {}

    /** Returns how many slots are left on a node beside what is used of it. */
    static long slots(Node node, Resources used) {
        return node.allocatable().timesFits(Scenario.ONE_SERVER, used);
    }

    /** Returns whether a node of the pool would take a server, were it empty. */
    static boolean isOfThePool(Pod server) {
        return !server.waiting().constraints().exclude(Scenario.SELECTOR)
                && WHOLE_NODE.timesFits(server.requests(), Resources.NONE) > 0;
    }

    /** Returns how many slots such servers fill together. */
    static long slots(List<Pod> servers) {
        return servers.stream().mapToLong(Rooms::slots).sum();
    }

    private static long slots(Pod server) {
        long millicores = server.requests().get(Resources.CPU);
        return Math.min(Scenario.SLOTS_PER_NODE, (millicores + 999) / 1000);
    }

    /** Returns how many new nodes servers need that have no room on these, nor on so many empty ones; few, not fewest. */
    static int newNodes(List<Pod> servers, List<Node> takers, long booting) {
        List<Resources> left = new ArrayList<>();
        List<Resources> whole = new ArrayList<>();
        takers.forEach(node -> {
            whole.add(node.allocatable());
            left.add(node.load().used());
        });
        for (long i = 0; i < booting; i++) {
            whole.add(WHOLE_NODE);
            left.add(Resources.NONE);
        }
        int before = whole.size();
        List<Pod> largestFirst = servers.stream()
                .sorted(Comparator.comparingLong((Pod pod) -> pod.requests().get(Resources.CPU))
                        .reversed())
                .toList();
        for (Pod server : largestFirst) {
            int place = 0;
            while (place < whole.size() && whole.get(place).timesFits(server.requests(), left.get(place)) == 0) {
                place++;
            }
            if (place == whole.size()) {
                whole.add(WHOLE_NODE);
                left.add(Resources.NONE);
            }
            left.set(place, left.get(place).plus(server.requests()));
        }
        return whole.size() - before;
    }

    /** Returns whether a node has been Ready for so short a time that an agent may be about to take its taint away. */
    static boolean hasJustCome(Node node, Instant now) {
        return node.readiness().ready()
                && !node.unschedulable()
                && node.taints().stream().noneMatch(taint -> taint.key().equals(Scenario.STARTUP_TAINT))
                && node.readiness()
                        .changedAt()
                        .filter(at -> Duration.between(at, now).compareTo(JUST_NOW) < 0)
                        .isPresent();
    }

    /** Returns whether a server could be placed on a node now. */
    static boolean takes(Node node, Pod server) {
        return !node.unschedulable() && wouldTake(node, server);
    }

    /** Returns whether a server could be placed on a node, were it schedulable. */
    static boolean wouldTake(Node node, Pod server) {
        NodeConstraints constraints = server.waiting().constraints();
        return node.readiness().ready()
                && constraints.select(node.labels(), node.name())
                && constraints.keptOutBy(node.taints()).isEmpty()
                && node.allocatable().timesFits(server.requests(), node.load().used()) > 0;
    }
}
