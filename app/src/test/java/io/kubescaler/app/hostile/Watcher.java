package io.kubescaler.app.hostile;

import io.kubescaler.control.PassRecord;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.simulated.PodDeath;
import java.util.List;

/**
 * Watches over one invariant of the scaling semantics. Is told of everything that replicas do at the moment it takes
 * effect, and reports what must never happen. For one simulation.
 */
abstract class Watcher {
    final World world;
    private final String invariant;

    Watcher(World world, String invariant) {
        this.world = world;
        this.invariant = invariant;
    }

    /** Returns one watcher for each invariant. */
    static List<Watcher> all(World world) {
        return List.of(
                new NoServerDies(world),
                new NeverResizedDown(world),
                new SizeStaysInBounds(world),
                new OthersNodesAreLeftAlone(world),
                new ClocksAreNotRestarted(world),
                new OnlyTheHolderActs(world),
                new NothingBoughtTwice(world),
                new NothingByAnOldPicture(world),
                new OneObjectBlindsNobody(world),
                new EverythingHasAReason(world),
                new NoSecretIsTold(world),
                new OldTroubleStopsNothing(world),
                new GrowthBacksOff(world),
                new NodesComeBackWithoutTheCloud(world),
                new DoesNotFlood(world),
                new TheReserveIsForOrders(world),
                new DeletionsHoldNothingUp(world),
                new NoServerWaitsUnsaid(world),
                new SharedNodesAreLeftAlone(world),
                new OwnNodeGoesLast(world),
                new ComesToRest(world));
    }

    /** Returns how many servers died because somebody put them on a node behind the last look at it. */
    static int unavoidable(List<Watcher> watchers) {
        return watchers.stream()
                .filter(NoServerDies.class::isInstance)
                .map(NoServerDies.class::cast)
                .mapToInt(NoServerDies::unavoidable)
                .sum();
    }

    final void violation(String what) {
        world.history().violation(invariant, what);
    }

    /** A replica read a node live, and has the answer or may still lose it. */
    void nodeRead(Replica replica, String node) {}

    /** A replica read the load of a node live. */
    void loadRead(Replica replica, String node, NodeLoad load) {}

    /** A replica wrote a node. */
    void nodeWritten(Replica replica, Node before, Node after) {}

    /** A replica's order to resize the pool has reached the cloud. */
    void resizing(Replica replica, int before, int wanted) {}

    /** A replica has resized the pool. */
    void resized(Replica replica, int before) {}

    /** A replica's order to delete a machine has reached the cloud. */
    void deleting(Replica replica, String machine) {}

    /** A replica has deleted a machine. */
    void deleted(Replica replica, String machine) {}

    /** A server arrives on a node that was cordoned a moment ago: its binding was under way. */
    void boundLate(String pod, Node node) {}

    /** A server died because its node went. */
    void died(PodDeath death) {}

    /** A replica has ended a pass. */
    void passed(Replica replica, PassRecord record) {}

    /**
     * The second pool of a replica has ended a pass.
     *
     * @param cluster what it looked like to that pool
     */
    void secondPassed(Replica replica, RecordedCluster cluster, PassRecord record) {}

    /** Somebody else changed the pool or a node. */
    void othersActed() {}

    /** Long after everything calmed down. */
    void atRest() {}
}
