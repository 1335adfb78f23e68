package io.kubescaler.kubernetes.pool;

import io.kubescaler.kubernetes.objects.Observed;
import io.kubescaler.kubernetes.watch.ListWatch;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.ServersFound;
import io.kubescaler.plan.Fitness;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has been watched of the cluster, and who wants to know of changes. A pool is told of what could alter its plan
 * and of nothing else. Thread-safe.
 */
final class ClusterIndex {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterIndex.class);

    private final PodIndex pods;
    private final NodeIndex nodes = new NodeIndex();
    private final List<PoolPolicy> policies;
    // by name
    private final Map<String, PoolNodes> pools = new HashMap<>();
    private final List<Listener> listeners = new ArrayList<>();
    private final BooleanSupplier reliable;

    private record Listener(LabelSelector selector, LabelSelector servers, Runnable wake) {}

    /**
     * @param pools all pools
     * @param reliable whether what is here may be relied on; while it may not, nobody is told of changes
     */
    ClusterIndex(List<PoolPolicy> pools, BooleanSupplier reliable) {
        policies = List.copyOf(pools);
        pods = new PodIndex(PodSelectors.of(pools));
        this.reliable = reliable;
    }

    /** Has somebody told of changes that could alter the plan of a pool. Called by the watching threads; must not block. */
    synchronized void onChange(PoolPolicy policy, Runnable wake) {
        listeners.add(new Listener(policy.selector(), policy.serverSelector(), wake));
    }

    /** Returns the state of a pool. */
    synchronized ClusterState state(PoolPolicy policy) {
        PoolNodes pool = pools.computeIfAbsent(
                policy.pool(), any -> new PoolNodes(policy.selector(), new Overlap(policy, policies), nodes, pods));
        return new ClusterState(
                        pool.list(),
                        pods.unplaced(policy.serverSelector()),
                        ServersFound.of(pods.servers(policy.serverSelector())),
                        pool.shared())
                .withOtherUnplaced(pods.otherUnplaced(policy.serverSelector()));
    }

    /** Returns the version to write a node at; see {@link NodeIndex#currentVersion}. */
    synchronized String currentVersion(Node node) {
        return nodes.currentVersion(node);
    }

    /**
     * Returns whether there is such a node, or one that may be it and may host servers, whatever its labels.
     *
     * @param such whether a node is the one that is looked for; it is without its load
     * @param maybe whether it may be
     */
    synchronized boolean hasNode(Predicate<Node> such, Predicate<Node> maybe) {
        return nodes.any(node ->
                such.test(node) || (maybe.test(node) && Fitness.mayHostServers(node.withLoad(pods.load(node.name())))));
    }

    /**
     * Returns some of all watched nodes, without their loads.
     *
     * @param such which in any case
     * @param maybe which if they host servers or protected pods
     */
    synchronized List<Node> nodes(Predicate<Node> such, Predicate<Node> maybe) {
        return nodes.all(node ->
                such.test(node) || (maybe.test(node) && pods.load(node.name()).keepsNode()));
    }

    /** Takes the answer to a read of our own. */
    void read(Node node) {
        tell(changed(node));
    }

    /** Takes the answer to a write of our own. */
    void wrote(Node base, Node result) {
        synchronized (this) {
            nodes.wrote(base, result);
        }
        tell(changed(result));
    }

    private synchronized List<Runnable> changed(Node node) {
        return concerned(nodes.answered(node));
    }

    /** Returns where the watch keeps the pods. */
    ListWatch.Store<Pod> podStore() {
        return new PodStore();
    }

    /** Returns where the watch keeps the nodes. */
    ListWatch.Store<Node> nodeStore() {
        return new NodeStore();
    }

    // tells everybody, once all of it may be relied on
    private void tellAll() {
        List<Runnable> all;
        synchronized (this) {
            all = concerned(listener -> true);
        }
        tell(all);
    }

    private List<Runnable> concerned(Predicate<Listener> concerns) {
        return listeners.stream().filter(concerns).map(Listener::wake).toList();
    }

    private List<Runnable> concerned(NodeIndex.Change change) {
        nameUnreadable(
                change.before().flatMap(Node::unreadable),
                change.after().flatMap(Node::unreadable),
                what -> LOG.warn(
                        "node {} is left alone until it can be read: {}",
                        change.after().orElseThrow().name(),
                        what));
        change.before().or(change::after).ifPresent(node -> nodeChanged(node.name()));
        return change.isOne() ? concerned(listener -> change.concerns(listener.selector())) : List.of();
    }

    private List<Runnable> concerned(PodIndex.Change change) {
        nameUnreadable(
                change.before().flatMap(Pod::unreadable),
                change.after().flatMap(Pod::unreadable),
                what -> LOG.warn(
                        "pod {} counts as a server until it can be read: {}",
                        change.after().orElseThrow().key(),
                        what));
        if (change.isOne()) {
            change.before().flatMap(Pod::nodeName).ifPresent(this::nodeChanged);
            change.after().flatMap(Pod::nodeName).ifPresent(this::nodeChanged);
        }
        return change.isOne()
                ? concerned(listener -> concerns(change.before(), listener) || concerns(change.after(), listener))
                : List.of();
    }

    // once, and not with each list
    private static void nameUnreadable(Optional<String> before, Optional<String> after, Consumer<String> name) {
        after.filter(what -> !after.equals(before)).ifPresent(name);
    }

    private boolean concerns(Optional<Pod> pod, Listener listener) {
        if (pod.isEmpty()) {
            return false;
        }
        return pod.get()
                .nodeName()
                .map(name -> nodes.get(name)
                        .filter(node -> listener.selector().matches(node.labels()))
                        .isPresent())
                .orElseGet(() -> pod.get().isServer(listener.servers()));
    }

    private void nodeChanged(String name) {
        pools.values().forEach(pool -> pool.changed(name));
    }

    private void allChanged() {
        pools.values().forEach(PoolNodes::allChanged);
    }

    // outside the lock: who is woken may look at the state at once
    private void tell(List<Runnable> wakes) {
        if (!wakes.isEmpty() && reliable.getAsBoolean()) {
            wakes.forEach(Runnable::run);
        }
    }

    private final class PodStore implements ListWatch.Store<Pod> {
        @Override
        public void startList() {
            synchronized (ClusterIndex.this) {
                pods.startList();
            }
        }

        @Override
        public void upsert(Observed<Pod> pod) {
            List<Runnable> wakes;
            synchronized (ClusterIndex.this) {
                wakes = concerned(pods.upsert(pod));
            }
            tell(wakes);
        }

        @Override
        public void delete(Observed<Pod> pod) {
            List<Runnable> wakes;
            synchronized (ClusterIndex.this) {
                wakes = concerned(pods.delete(pod));
            }
            tell(wakes);
        }

        @Override
        public void endList() {
            synchronized (ClusterIndex.this) {
                pods.endList();
                allChanged();
            }
        }

        @Override
        public void announce() {
            tellAll();
        }
    }

    private final class NodeStore implements ListWatch.Store<Node> {
        @Override
        public void startList() {
            synchronized (ClusterIndex.this) {
                nodes.startList();
            }
        }

        @Override
        public void upsert(Observed<Node> node) {
            List<Runnable> wakes;
            synchronized (ClusterIndex.this) {
                wakes = concerned(nodes.upsert(node.value().orElseThrow()));
            }
            tell(wakes);
        }

        @Override
        public void delete(Observed<Node> node) {
            List<Runnable> wakes;
            synchronized (ClusterIndex.this) {
                wakes = concerned(nodes.delete(node));
            }
            tell(wakes);
        }

        @Override
        public void endList() {
            synchronized (ClusterIndex.this) {
                nodes.endList();
                allChanged();
            }
        }

        @Override
        public void announce() {
            tellAll();
        }
    }
}
