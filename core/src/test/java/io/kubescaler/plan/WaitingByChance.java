package io.kubescaler.plan;

import io.kubescaler.model.Node;
import io.kubescaler.model.Pod;
import io.kubescaler.model.Resources;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** Servers of any size and for any nodes that wait, made by chance. */
final class WaitingByChance {
    private final Random random;
    private final int count;

    private WaitingByChance(Random random) {
        this.random = random;
        count = random.nextInt(6);
    }

    static WaitingByChance of(Random random) {
        return new WaitingByChance(random);
    }

    /** Has them wait for a node of that pool. */
    void addTo(PoolBuilder pool) {
        for (int i = 0; i < count; i++) {
            pool.unplaced(this::describe);
        }
    }

    private void describe(PoolBuilder.ServerBuilder server) {
        server.waitingFor(Duration.ofSeconds(random.nextInt(250)));
        server.requests(Resources.cpu(
                List.of(200L, 1000L, 1500L, 2000L, 3700L, 4000L, 4500L).get(random.nextInt(7))));
        switch (random.nextInt(6)) {
            case 0 -> server.affinity("role", random.nextBoolean() ? "In" : "NotIn", "scalable", "other");
            case 1 -> server.nodeSelector("disk", random.nextBoolean() ? "nvme" : "tape");
            case 2 -> server.affinity("disk", List.of("Exists", "DoesNotExist").get(random.nextInt(2)));
            case 3 -> server.tolerating("dedicated");
            default -> {}
        }
    }

    /** Returns whether the scheduler would place a server on a node now; by its sight, not by the planner's. */
    static boolean hasRoom(Node node, Pod server) {
        return node.readiness().ready()
                && !node.unschedulable()
                && server.waiting().constraints().select(node.labels(), node.name())
                && server.waiting().constraints().keptOutBy(node.taints()).isEmpty()
                && node.allocatable().timesFits(server.requests(), node.load().used()) > 0;
    }
}
