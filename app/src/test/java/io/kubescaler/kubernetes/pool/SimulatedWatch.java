package io.kubescaler.kubernetes.pool;

import io.kubescaler.control.Cluster;
import io.kubescaler.control.TwoClocks;
import io.kubescaler.kubernetes.objects.Observed;
import io.kubescaler.kubernetes.watch.Freshness;
import io.kubescaler.kubernetes.watch.SimulatedFeed;
import io.kubescaler.kubernetes.watch.SimulatedFeed.Journal;
import io.kubescaler.kubernetes.watch.WatchTiming;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.simulated.ClusterListener;
import io.kubescaler.simulated.SimulationClock;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * The production index, freshness and cluster port of one process, fed from a simulated cluster by watches that can be
 * late, cut, silent or out of date. Its requests go where the caller says. For one simulation.
 */
public final class SimulatedWatch {
    private final ClusterIndex index;
    private final SimulatedFeed<Node> nodes;
    private final SimulatedFeed<Pod> pods;

    /** All that has happened to the objects of a cluster, in the order in which its API server tells of it. */
    public static final class Journals implements ClusterListener {
        final Journal<Node> nodes;
        final Journal<Pod> pods;

        /** @param clock the time at which things happen */
        public Journals(SimulationClock clock) {
            nodes = new Journal<>(clock);
            pods = new Journal<>(clock);
        }

        @Override
        public void nodeWritten(Node node) {
            // a Node object knows nothing of its pods
            nodes.put(node.name(), observed(node.name(), node.uid(), node.withLoad(NodeLoad.EMPTY)));
        }

        @Override
        public void nodeRemoved(Node node) {
            nodes.remove(node.name());
        }

        @Override
        public void podWritten(Pod pod) {
            pods.put(pod.key(), observed(pod.key(), pod.uid(), pod));
        }

        @Override
        public void podRemoved(Pod pod) {
            pods.remove(pod.key());
        }

        /** Returns the Node objects as they are now, without their loads. */
        public List<Node> nodesNow() {
            return nodes.present();
        }

        /** Returns the pods as they are now. */
        public List<Pod> podsNow() {
            return pods.present();
        }

        private static <T> Observed<T> observed(String key, String uid, T value) {
            return new Observed<>(key, uid, "", Optional.of(value));
        }
    }

    /**
     * @param pools what the process was asked of its pools
     * @param conditions what stands in the way of the watches
     * @param nanoTime the monotonic clock of the process
     * @param wall the wall clock of the process
     */
    public SimulatedWatch(
            SimulationClock clock,
            Journals journals,
            List<PoolPolicy> pools,
            SimulatedFeed.Conditions conditions,
            LongSupplier nanoTime,
            InstantSource wall,
            SplittableRandom random) {
        TwoClocks clocks = new TwoClocks(nanoTime, wall);
        Freshness nodesFresh = new Freshness("nodes", clocks, WatchTiming.DEFAULT.freshness());
        Freshness podsFresh = new Freshness("pods", clocks, WatchTiming.DEFAULT.freshness());
        index = new ClusterIndex(pools, () -> nodesFresh.isReliable() && podsFresh.isReliable());
        nodes = new SimulatedFeed<>(
                SimulatedFeed.Kind.NODES,
                clock,
                journals.nodes,
                index.nodeStore(),
                node -> node,
                nodesFresh,
                clocks,
                conditions,
                random.split());
        pods = new SimulatedFeed<>(
                SimulatedFeed.Kind.PODS,
                clock,
                journals.pods,
                index.podStore(),
                SimulatedReading::read,
                podsFresh,
                clocks,
                conditions,
                random.split());
    }

    /** Begins to watch. */
    public void start() {
        nodes.start();
        pods.start();
    }

    /**
     * Returns the cluster as a pool sees it.
     *
     * @param requests where its requests go
     * @param ownNode the name of the node that the process runs on; empty when it runs elsewhere
     */
    public Cluster cluster(PoolPolicy policy, SimulatedNodeApi requests, Optional<String> ownNode) {
        return new KubernetesCluster(policy, index, this::standing, requests, ownNode);
    }

    /** Has somebody told of changes that could alter the plan of a pool. */
    public void onChange(PoolPolicy policy, Runnable wake) {
        index.onChange(policy, wake);
    }

    /** Breaks both connections off. */
    public void cut(boolean versionsGone) {
        nodes.cut(versionsGone);
        pods.cut(versionsGone);
    }

    /** Tells the last news once more, oldest first, as a watch does that goes on from an earlier version. */
    public void replay() {
        nodes.replay();
        pods.replay();
    }

    /** Returns until when all that happened in the cluster is known here, on the clock of the simulation. */
    public long knownUntilNanos() {
        return Math.min(nodes.knownUntilNanos(), pods.knownUntilNanos());
    }

    private KubernetesCluster.Standing standing() {
        return new KubernetesCluster.Standing(
                nodes.freshness().whyNot().or(() -> pods.freshness().whyNot()),
                nodes.freshness().lists() + pods.freshness().lists());
    }
}
