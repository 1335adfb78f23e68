package io.kubescaler.app.observe;

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
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** A cluster whose requests to the API server are counted and timed, by how they ended. Thread-safe. */
public final class MeteredCluster implements Cluster {
    private final Cluster cluster;
    private final CallMeter meter;

    /**
     * Wraps the cluster of one pool.
     *
     * @param nanoTime a clock that never jumps, in nanoseconds
     */
    public MeteredCluster(Cluster cluster, String pool, MeterRegistry registry, LongSupplier nanoTime) {
        this.cluster = cluster;
        this.meter = new CallMeter(
                registry,
                MetricNames.CLUSTER_CALL_DURATION,
                "How long reads and writes of the cluster took, watching aside, by how they ended",
                pool,
                nanoTime);
    }

    /** A call that asks the API server. */
    @FunctionalInterface
    private interface Call<T> {
        T call() throws ClusterException;
    }

    /** A call that changes something. */
    @FunctionalInterface
    private interface Change {
        void make() throws ClusterException;
    }

    @Override
    public Reading<ClusterState> observe() {
        return cluster.observe();
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
        return metered("read-node", () -> cluster.readNode(name));
    }

    @Override
    public Optional<Node> findNode(MachineIdentity machine) throws ClusterException {
        return metered("find-node", () -> cluster.findNode(machine));
    }

    @Override
    public Optional<Node> findFurtherNode(MachineIdentity machine, Predicate<Node> passOver) throws ClusterException {
        return metered("find-further-node", () -> cluster.findFurtherNode(machine, passOver));
    }

    @Override
    public NodeLoad readLoad(String nodeName) throws ClusterException {
        return metered("read-load", () -> cluster.readLoad(nodeName));
    }

    @Override
    public List<CarriedLabel> readLabels(List<Node> nodes, LabelSelector selector) throws ClusterException {
        return metered("read-labels", () -> cluster.readLabels(nodes, selector));
    }

    @Override
    public void cordon(Node node, Instant cordonedAt, Optional<Instant> emptySince) throws ClusterException {
        change("cordon", () -> cluster.cordon(node, cordonedAt, emptySince));
    }

    @Override
    public void uncordon(Node node) throws ClusterException {
        change("uncordon", () -> cluster.uncordon(node));
    }

    @Override
    public void mark(Node node, Mark mark) throws ClusterException {
        change("mark", () -> cluster.mark(node, mark));
    }

    @Override
    public void markDeleting(Node node, Instant deletingAt) throws ClusterException {
        change("mark-deleting", () -> cluster.markDeleting(node, deletingAt));
    }

    private void change(String operation, Change change) throws ClusterException {
        metered(operation, () -> {
            change.make();
            return CallMeter.DONE;
        });
    }

    private <T> T metered(String operation, Call<T> call) throws ClusterException {
        long begun = meter.begin();
        String result = "broken";
        try {
            T value = call.call();
            result = CallMeter.DONE;
            return value;
        } catch (ClusterException failed) {
            result = failed.kind().name().toLowerCase(Locale.ROOT);
            throw failed;
        } finally {
            meter.ended(operation, result, begun);
        }
    }
}
