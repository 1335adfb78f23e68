package io.kubescaler.app.hostile;

import io.kubescaler.control.PassRecord;
import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * I13: while the cloud cannot be read, a node that we have cordoned and that has room for a waiting server is uncordoned, by
 * what the cloud said last when that is recent. Counts on its own, from the observations and not from the plan.
 */
final class NodesComeBackWithoutTheCloud extends Watcher {
    // a minute less than production allows, for what passes between a look and the pass
    private static final Duration RECENT = Duration.ofMinutes(9);
    private static final Duration UNEVEN = Duration.ofSeconds(1);

    // by process and term
    private final Map<String, Good> lastGood = new HashMap<>();

    /** The last pass in which the cloud was readable, on the clock of the simulation and on the wall clock of the process. */
    private record Good(PoolDescription cloud, long nanos, Instant wall) {}

    NodesComeBackWithoutTheCloud(World world) {
        super(world, "I13");
    }

    @Override
    void passed(Replica replica, PassRecord record) {
        String term = replica.identity() + " " + replica.term();
        Condition condition = record.plan().condition();
        if (condition.isReadable()) {
            replica.cloud()
                    .decidedBy()
                    .ifPresent(cloud ->
                            lastGood.put(term, new Good(cloud, world.clock().nanos(), replica.wallTime())));
        } else if (condition == Condition.CLOUD_UNREADABLE
                && replica.pools().size() == 1
                && replica.cluster().observed() instanceof Known<ClusterState> known) {
            Optional.ofNullable(lastGood.get(term))
                    .filter(good -> isRecent(good, replica))
                    .ifPresent(good -> check(replica, record, known.value(), good.cloud()));
        }
    }

    private void check(Replica replica, PassRecord record, ClusterState cluster, PoolDescription cloud) {
        Set<String> comingBack = record.plan().actions().stream()
                .filter(Action.Uncordon.class::isInstance)
                .map(Action::target)
                .collect(Collectors.toSet());
        for (Pod server : cluster.unplaced()) {
            boolean helped = cluster.nodes().stream()
                    .anyMatch(node -> Rooms.takes(node, server)
                            || Rooms.hasJustCome(node, record.plan().now())
                            || (comingBack.contains(node.name()) && Rooms.wouldTake(node, server)));
            if (Rooms.isOfThePool(server) && !helped) {
                cluster.nodes().stream()
                        .filter(node -> isUsable(node, cloud) && Rooms.wouldTake(node, server))
                        .findFirst()
                        .ifPresent(node ->
                                violation("%s leaves node %s cordoned while the cloud is away and server %s waits"
                                        .formatted(replica.identity(), node.name(), server.name())));
            }
        }
    }

    private boolean isRecent(Good good, Replica replica) {
        Duration passed = Duration.ofNanos(world.clock().nanos() - good.nanos());
        Duration byWall = Duration.between(good.wall(), replica.wallTime());
        // a wall clock that was set says nothing of how old an answer is
        return passed.compareTo(RECENT) < 0 && byWall.minus(passed).abs().compareTo(UNEVEN) < 0;
    }

    private static boolean isUsable(Node node, PoolDescription cloud) {
        return node.cordonedByUs()
                && node.marks().deletingAt().isEmpty()
                && !node.marks().keep()
                && !node.beingDeleted()
                && node.unreadable().isEmpty()
                && node.taints().isEmpty()
                && cloud.instances().stream()
                                .filter(it -> it.id().equals(World.machineOf(node)))
                                .filter(it -> it.state() == Instance.State.RUNNING)
                                .count()
                        == 1;
    }
}
