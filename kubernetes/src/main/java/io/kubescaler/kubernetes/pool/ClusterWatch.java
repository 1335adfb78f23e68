package io.kubescaler.kubernetes.pool;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.control.Cluster;
import io.kubescaler.control.TwoClocks;
import io.kubescaler.kubernetes.client.ApiServer;
import io.kubescaler.kubernetes.objects.Interner;
import io.kubescaler.kubernetes.objects.NodeReader;
import io.kubescaler.kubernetes.objects.PodReader;
import io.kubescaler.kubernetes.watch.ListWatch;
import io.kubescaler.kubernetes.watch.WatchTiming;
import io.kubescaler.model.Node;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.model.PoolPolicy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Watches the pods and nodes of a cluster for all pools together, and gives each pool its view of it. Owns two threads,
 * {@code watch-pods} and {@code watch-nodes}. Thread-safe.
 */
public final class ClusterWatch implements AutoCloseable {
    /**
     * The longest time in which one of the threads may rightly do nothing but wait, with {@link WatchTiming#DEFAULT}: for
     * a list in one piece, or for as long as the API server asks it to.
     */
    public static final Duration LONGEST_STEP = Duration.ofSeconds(300);

    private static final String LIVE = "status.phase!=Succeeded,status.phase!=Failed";

    private final ClusterIndex index;
    private final NodeRequests requests;
    private final ListWatch<Pod> pods;
    private final ListWatch<Node> nodes;

    /**
     * @param client how to reach the cluster; must stay open for as long as this and is not closed by it
     * @param pools the pools; at least one
     * @param timing the times of watching
     * @param clock the wall clock, for what the API server says in dates, and for times when the machine is suspended
     * @param nanoTime a clock that never jumps, in nanoseconds, such as {@link System#nanoTime}
     * @param random numbers from 0 to below 1, for the jitter of pauses
     */
    public ClusterWatch(
            KubernetesClient client,
            List<PoolPolicy> pools,
            WatchTiming timing,
            InstantSource clock,
            LongSupplier nanoTime,
            DoubleSupplier random) {
        ApiServer server = ApiServer.of(client, clock);
        TwoClocks clocks = new TwoClocks(nanoTime, clock);
        PodSelectors selectors = PodSelectors.of(pools);
        index = new ClusterIndex(pools, this::isReliable);
        requests = new NodeRequests(server, selectors, nanoTime);
        pods = new ListWatch<>(
                server,
                new ListWatch.Source("pods", "/api/v1/pods", Map.of("fieldSelector", LIVE)),
                new PodReader(selectors.keys(), new Interner(Interner.DEFAULT_CAPACITY)),
                index.podStore(),
                timing,
                clocks,
                random);
        nodes = new ListWatch<>(
                server,
                // all of them: a node that loses the labels of its pool must not look as if it had gone
                new ListWatch.Source("nodes", "/api/v1/nodes", Map.of()),
                new NodeReader(new Interner(Interner.DEFAULT_CAPACITY)),
                index.nodeStore(),
                timing,
                clocks,
                random);
    }

    /** Starts watching. Call once. */
    public void start() {
        nodes.start();
        pods.start();
    }

    /** Returns the cluster as a pool sees it, where it is not known which node this process runs on. */
    public Cluster cluster(PoolPolicy pool) {
        return cluster(pool, Optional.empty());
    }

    /**
     * Returns the cluster as a pool sees it.
     *
     * @param ownNode the name of the node that this process runs on; empty when it is not known
     */
    public Cluster cluster(PoolPolicy pool, Optional<String> ownNode) {
        return new KubernetesCluster(pool, index, this::standing, requests, ownNode);
    }

    /**
     * Has somebody told of every change that could alter the plan of a pool. Heartbeats of nodes and pods elsewhere are
     * none.
     *
     * @param wake called by the watching threads, and by whoever writes through {@link #cluster}; must not block
     */
    public void onChange(PoolPolicy pool, Runnable wake) {
        index.onChange(pool, wake);
    }

    /** Returns why the cluster cannot be relied on as it was watched, as a sentence; empty when it can. */
    public Optional<String> whyUnreadable() {
        return nodes.freshness().whyNot().or(() -> pods.freshness().whyNot());
    }

    /** Returns how old the last news of pods is; empty before the first list was complete. */
    public Optional<Duration> podsAge() {
        return pods.freshness().age();
    }

    /** Returns how old the last news of nodes is; empty before the first list was complete. */
    public Optional<Duration> nodesAge() {
        return nodes.freshness().age();
    }

    /** Returns how long ago the one of both threads that stands still the longest did anything. */
    public Duration sinceLastStep() {
        Duration sincePods = pods.sinceLastStep();
        Duration sinceNodes = nodes.sinceLastStep();
        return sincePods.compareTo(sinceNodes) > 0 ? sincePods : sinceNodes;
    }

    /** Ends both threads and their requests, within 10 s. What was observed counts as unreadable from then on. */
    @Override
    public void close() {
        pods.close();
        nodes.close();
    }

    private boolean isReliable() {
        return nodes.freshness().isReliable() && pods.freshness().isReliable();
    }

    private KubernetesCluster.Standing standing() {
        return new KubernetesCluster.Standing(
                whyUnreadable(), nodes.freshness().lists() + pods.freshness().lists());
    }
}
