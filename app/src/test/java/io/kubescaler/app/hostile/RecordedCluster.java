package io.kubescaler.app.hostile;

import io.kubescaler.control.Cluster;
import io.kubescaler.control.ClusterException;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.MachineIdentity;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.PoolIdentities;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.ServersFound.CarriedLabel;
import io.kubescaler.plan.Mark;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** Keeps what a controller observed last, so that its decisions can be judged by what it knew. For one simulation. */
final class RecordedCluster implements Cluster {
    private final Cluster cluster;
    private final LongSupplier knownUntil;
    private final Runnable decides;
    private long observedUntilNanos;
    private Reading<ClusterState> observed = Reading.unreadable("nothing was observed yet");

    /**
     * @param knownUntil until when all that happened is known to the replica, on the clock of the simulation
     * @param decides told that a pass observes: it has asked the cloud before, and decides next
     */
    RecordedCluster(Cluster cluster, LongSupplier knownUntil, Runnable decides) {
        this.decides = decides;
        this.cluster = cluster;
        this.knownUntil = knownUntil;
    }

    /** Returns until when what was observed last is true, on the clock of the simulation. */
    long observedUntilNanos() {
        return observedUntilNanos;
    }

    Reading<ClusterState> observed() {
        return observed;
    }

    @Override
    public Reading<ClusterState> observe() {
        decides.run();
        observed = cluster.observe();
        observedUntilNanos = knownUntil.getAsLong();
        return observed;
    }

    @Override
    public boolean hasNode(MachineIdentity machine) {
        return cluster.hasNode(machine);
    }

    @Override
    public List<Node> nodesOutside(PoolIdentities machines) {
        return cluster.nodesOutside(machines);
    }

    @Override
    public Optional<Node> readNode(String name) throws ClusterException {
        return cluster.readNode(name);
    }

    @Override
    public Optional<Node> findNode(MachineIdentity machine) throws ClusterException {
        return cluster.findNode(machine);
    }

    @Override
    public Optional<Node> findFurtherNode(MachineIdentity machine, Predicate<Node> passOver) throws ClusterException {
        return cluster.findFurtherNode(machine, passOver);
    }

    @Override
    public NodeLoad readLoad(String nodeName) throws ClusterException {
        return cluster.readLoad(nodeName);
    }

    @Override
    public List<CarriedLabel> readLabels(List<Node> nodes, LabelSelector selector) throws ClusterException {
        return cluster.readLabels(nodes, selector);
    }

    @Override
    public void cordon(Node node, Instant cordonedAt, Optional<Instant> emptySince) throws ClusterException {
        cluster.cordon(node, cordonedAt, emptySince);
    }

    @Override
    public void uncordon(Node node) throws ClusterException {
        cluster.uncordon(node);
    }

    @Override
    public void mark(Node node, Mark mark) throws ClusterException {
        cluster.mark(node, mark);
    }

    @Override
    public void markDeleting(Node node, Instant deletingAt) throws ClusterException {
        cluster.markDeleting(node, deletingAt);
    }
}
