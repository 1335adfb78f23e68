package io.kubescaler.simulated;

import io.kubescaler.control.Cluster;
import io.kubescaler.control.ClusterException;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import io.kubescaler.model.Node.Marks;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PodSelectors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A Kubernetes cluster in memory: nodes, pods, and a scheduler that places the pods as the kube-scheduler would. What is
 * done here is done by the cluster itself, by its users or by a person; the scaler works through {@link #forPool}.
 *
 * <p>Nodes are named by their names; a name that is not there is an {@link IllegalArgumentException}. Safe for use by
 * several threads.
 */
public final class SimulatedCluster {
    private static final String PERSON = "kubectl-cordon";

    private final SimulationClock clock;
    private final PodSelectors selectors;
    private final Map<String, ClusterNode> nodes = new LinkedHashMap<>();
    private final Map<String, ClusterPod> pods = new HashMap<>();
    private final Map<String, ClusterPod> unplaced = new LinkedHashMap<>();
    private final Map<LabelSelector, Integer> serverCounts = new HashMap<>();
    private final Scheduler scheduler;
    private final List<SimulatedPoolView> views = new ArrayList<>();
    private final List<ClusterListener> listeners = new ArrayList<>();
    private final List<PodDeath> deaths = new ArrayList<>();
    private ClusterRequestHook hook = ClusterRequestHook.NONE;
    private Optional<String> unreadable = Optional.empty();
    private Map<String, String> labelsOfNewNodes = Map.of();
    private long revision;
    private long identities;

    /** A pod and what it was made from. */
    private record ClusterPod(PodSpec spec, Pod pod, long createdNanos) {}

    /** @param selectors which pods are servers, and which keep their node beside these */
    public SimulatedCluster(SimulationClock clock, PodSelectors selectors, Randomness randomness) {
        this.clock = clock;
        this.selectors = selectors;
        scheduler = new Scheduler(nodes.values(), randomness.stream("scheduler-ties"));
    }

    /** Returns the cluster as the scaler of one pool sees it. */
    public Cluster forPool(LabelSelector selector, LabelSelector serverSelector) {
        return clock.locked(() -> {
            SimulatedPoolView view = new SimulatedPoolView(this, selector, serverSelector);
            views.add(view);
            return view;
        });
    }

    /** Tells somebody of the nodes and pods that are there, and of what happens from now on. */
    public void listen(ClusterListener listener) {
        clock.locked(() -> {
            listeners.add(listener);
            nodes.values().forEach(node -> listener.nodeWritten(node.snapshot(selectors)));
            pods.values().forEach(entry -> listener.podWritten(entry.pod()));
        });
    }

    /** Lets somebody look at each request of the scaler's, and make it fail. */
    public void hookRequests(ClusterRequestHook requestHook) {
        clock.locked(() -> {
            hook = requestHook;
        });
    }

    /** Makes what is watched unreliable for that reason, or reliable again when empty. */
    public void setUnreadable(Optional<String> why) {
        clock.locked(() -> {
            unreadable = why;
            tellChanged();
        });
    }

    // ---- nodes ----

    /** Gives nodes that join from now on these labels, in place of their own of the same keys. */
    public void labelNewNodes(Map<String, String> labels) {
        clock.locked(() -> {
            labelsOfNewNodes = Map.copyOf(labels);
        });
    }

    /** Adds a node that is not Ready yet, with its daemons. */
    public void addNode(NodeSpec spec) {
        clock.locked(() -> {
            Map<String, String> labels = new HashMap<>(spec.labels());
            labels.putAll(labelsOfNewNodes);
            ClusterNode node = new ClusterNode(spec.labelled(labels), identity("node"), clock.now());
            if (nodes.putIfAbsent(spec.name(), node) != null) {
                throw new IllegalArgumentException("there is a node %s already".formatted(spec.name()));
            }
            for (PodSpec daemon : spec.daemons()) {
                PodSpec named = daemon.named(daemon.name() + "-" + spec.name());
                Pod pod = named.bound(identity("pod"), spec.name(), false);
                store(new ClusterPod(named, pod, clock.nanos()));
                node.put(pod);
            }
            views.forEach(SimulatedPoolView::membersChanged);
            written(node);
        });
    }

    /** Removes a node, and with it every pod on it; does nothing when there is none of that name. */
    public void removeNode(String name) {
        clock.locked(() -> {
            ClusterNode node = nodes.remove(name);
            if (node == null) {
                return;
            }
            scheduler.nodeGone(node);
            views.forEach(SimulatedPoolView::membersChanged);
            for (Pod pod : List.copyOf(node.pods())) {
                pods.remove(pod.key());
                countServers(pod, -1);
                listeners.forEach(listener -> listener.podRemoved(pod));
                if (pod.owner() == Pod.Owner.OTHER) {
                    PodDeath death = new PodDeath(pod, name, clock.now());
                    deaths.add(death);
                    listeners.forEach(listener -> listener.died(death));
                }
            }
            Node removed = node.snapshot(selectors);
            listeners.forEach(listener -> listener.nodeRemoved(removed));
            tellChanged();
        });
    }

    /** Makes a node Ready or not; nothing changes when it is so already. */
    public void setReady(String name, boolean ready) {
        clock.locked(() -> {
            if (existing(name).ready() != ready) {
                changeNode(name, node -> node.setReady(ready, clock.now()));
            }
        });
    }

    /** Makes every node Ready. */
    void allReady() {
        List.copyOf(nodes.keySet()).forEach(name -> setReady(name, true));
    }

    /** Gives a node a condition of trouble, such as {@code DiskPressure}, or takes it away. */
    public void setPressure(String name, String pressure, boolean present) {
        changeNode(name, node -> node.setPressure(pressure, present));
    }

    /** Gives a node a taint that keeps pods out, or takes it away. */
    public void setTaint(String name, String key, boolean present) {
        changeNode(name, node -> node.setTaint(key, present));
    }

    /** Sets a label of a node. */
    public void setLabel(String name, String key, String value) {
        changeNode(name, node -> {
            node.setLabel(key, value);
            views.forEach(SimulatedPoolView::membersChanged);
        });
    }

    /** Sets what machine a node says it is; empty when it does not tell. */
    public void setProviderId(String name, Optional<String> providerId) {
        changeNode(name, node -> node.setProviderId(providerId));
    }

    /** Cordons or uncordons a node as a person would: without a word of why. */
    public void setUnschedulable(String name, boolean unschedulable) {
        changeNode(name, node -> node.setUnschedulable(unschedulable, PERSON));
    }

    /** Makes a part of a Node object unreadable, for what is said, or all of it readable again when empty. */
    public void setNodeUnreadable(String name, Optional<String> what) {
        changeNode(name, node -> node.setUnreadable(what));
    }

    /** Annotates a node to be kept, or no more, as a person would. */
    public void setKeep(String name, boolean keep) {
        changeNode(name, node -> {
            Marks marks = node.marks();
            node.setMarks(new Marks(marks.cordonedAt(), marks.emptySince(), marks.deletingAt(), keep));
        });
    }

    /**
     * Changes a Node object that has this version still, as a conditional write does. No hook looks at it.
     *
     * @param unschedulable what it becomes; empty when it stays as it is
     * @return the node as it is afterwards, with its load
     * @throws ClusterException when there is no such node, or it has another version
     */
    public Node write(String name, String resourceVersion, Optional<Boolean> unschedulable, UnaryOperator<Marks> marks)
            throws ClusterException {
        synchronized (clock) {
            ClusterNode stored = node(name)
                    .orElseThrow(() -> new ClusterException(
                            ClusterException.Kind.GONE, "there is no node %s any more".formatted(name)));
            if (!stored.resourceVersion().equals(resourceVersion)) {
                throw new ClusterException(
                        ClusterException.Kind.CONFLICT,
                        "node %s has changed: it was read at version %s and is at %s"
                                .formatted(name, resourceVersion, stored.resourceVersion()));
            }
            unschedulable.ifPresent(value -> stored.setUnschedulable(value, Node.FIELD_MANAGER));
            stored.setMarks(marks.apply(stored.marks()));
            written(stored);
            return stored.snapshot(selectors);
        }
    }

    /** Returns whether there is a node of that name. */
    public boolean hasNode(String name) {
        return clock.locked(() -> nodes.containsKey(name));
    }

    /** Returns what a node was made from. */
    public NodeSpec spec(String name) {
        return clock.locked(() -> existing(name).spec);
    }

    /** Returns how many nodes there are. */
    public int nodeCount() {
        return clock.locked(nodes::size);
    }

    // ---- pods ----

    /**
     * Creates a pod, which is placed at once where it finds room and waits for some otherwise.
     *
     * @throws IllegalArgumentException when there is one of that name
     */
    public void createPod(PodSpec spec) {
        clock.locked(() -> {
            Pod pod = spec.waiting(identity("pod"), clock.now());
            ClusterPod entry = new ClusterPod(spec, pod, clock.nanos());
            requireNew(spec);
            store(entry);
            unplaced.put(spec.key(), entry);
            scheduler.submit(spec);
            schedule();
        });
    }

    /**
     * Creates a pod on a node of its creator's choice, whether or not that is cordoned or full: what a binding that was
     * underway does, or a pod that names its node.
     *
     * @throws IllegalArgumentException when there is one of that name
     */
    public void bindPod(PodSpec spec, String nodeName) {
        clock.locked(() -> {
            requireNew(spec);
            ClusterNode node = existing(nodeName);
            Pod pod = spec.bound(identity("pod"), nodeName, false);
            store(new ClusterPod(spec, pod, clock.nanos()));
            node.put(pod);
            views.forEach(view -> view.changed(node));
            scheduler.nodeChanged(node);
            schedule();
        });
    }

    /**
     * Deletes a pod, as its user would. One that runs goes on occupying its node while it terminates.
     *
     * @param key {@code namespace/name}; of a pod that is gone already, nothing is done
     * @param grace how long it terminates; zero is at once
     */
    public void deletePod(String key, Duration grace) {
        clock.locked(() -> {
            ClusterPod entry = pods.get(key);
            if (entry == null || entry.pod().terminating()) {
                return;
            }
            Optional<ClusterNode> node = nodeOf(entry.pod());
            if (node.isEmpty() || grace.isZero()) {
                forget(entry);
                return;
            }
            Pod terminating = entry.spec().bound(entry.pod().uid(), node.get().name(), true);
            ClusterPod ending = new ClusterPod(entry.spec(), terminating, entry.createdNanos());
            store(ending);
            node.get().put(terminating);
            views.forEach(view -> view.changed(node.get()));
            clock.after(grace, () -> {
                // another pod may go by that name by then
                ClusterPod there = pods.get(key);
                if (there != null && there.pod().uid().equals(ending.pod().uid())) {
                    forget(there);
                }
            });
            tellChanged();
        });
    }

    /**
     * Makes a part of a pod that is on a node unreadable, for what is said, or all of it readable again when empty; does
     * nothing when there is no such pod on a node.
     */
    public void setPodUnreadable(String key, Optional<String> what) {
        clock.locked(() -> {
            ClusterPod entry = pods.get(key);
            if (entry == null || nodeOf(entry.pod()).isEmpty()) {
                return;
            }
            ClusterNode node = nodeOf(entry.pod()).get();
            Pod changed = entry.pod().withUnreadable(what);
            store(new ClusterPod(entry.spec(), changed, entry.createdNanos()));
            node.put(changed);
            views.forEach(view -> view.changed(node));
            tellChanged();
        });
    }

    /** Returns a pod by {@code namespace/name}; empty when it is gone. */
    public Optional<Pod> pod(String key) {
        return clock.locked(() -> Optional.ofNullable(pods.get(key)).map(ClusterPod::pod));
    }

    /** Returns how many pods wait for room. */
    public int unplacedCount() {
        return clock.locked(unplaced::size);
    }

    /** Returns every live dedicated server that died because its node went, in the order of their deaths. */
    public List<PodDeath> killedServers() {
        return clock.locked(() -> deaths.stream()
                .filter(death -> selectors.servers().stream().anyMatch(death.pod()::isServer))
                .toList());
    }

    // ---- for the views of pools ----

    SimulationClock clock() {
        return clock;
    }

    PodSelectors selectors() {
        return selectors;
    }

    /** Returns how many pods are servers of that selector, wherever they are. */
    int servers(LabelSelector servers) {
        return serverCounts.getOrDefault(servers, 0);
    }

    private void countServers(Pod pod, int by) {
        for (LabelSelector servers : selectors.servers()) {
            if (pod.isServer(servers)) {
                serverCounts.merge(servers, by, Integer::sum);
            }
        }
    }

    /** Brings a clock that follows the wall up to date, and lets the hook look at the request. */
    void admit(String request, String node) throws ClusterException {
        clock.locked(() -> {});
        hook.before(request, node);
    }

    Optional<String> unreadable() {
        return unreadable;
    }

    Collection<ClusterNode> nodes() {
        return nodes.values();
    }

    Optional<ClusterNode> node(String name) {
        return Optional.ofNullable(nodes.get(name));
    }

    List<Pod> unplaced(LabelSelector servers) {
        if (unplaced.isEmpty()) {
            return List.of();
        }
        return unplaced.values().stream()
                .map(ClusterPod::pod)
                .filter(pod -> pod.isServer(servers))
                .toList();
    }

    /** Takes note that a Node object was written: it has a new version, and pods may find room now. */
    void written(ClusterNode node) {
        node.written(++revision);
        Node present = node.snapshot(selectors);
        listeners.forEach(listener -> listener.nodeWritten(present));
        views.forEach(view -> view.changed(node));
        scheduler.nodeChanged(node);
        schedule();
    }

    // ---- how it works ----

    private void changeNode(String name, Consumer<ClusterNode> change) {
        clock.locked(() -> {
            ClusterNode node = existing(name);
            change.accept(node);
            written(node);
        });
    }

    private ClusterNode existing(String name) {
        return node(name).orElseThrow(() -> new IllegalArgumentException("there is no node " + name));
    }

    private void forget(ClusterPod entry) {
        String key = entry.spec().key();
        pods.remove(key);
        countServers(entry.pod(), -1);
        if (unplaced.remove(key) != null) {
            scheduler.withdraw(entry.spec());
        }
        nodeOf(entry.pod()).ifPresent(node -> {
            node.remove(entry.pod());
            views.forEach(view -> view.changed(node));
            scheduler.nodeChanged(node);
        });
        listeners.forEach(listener -> listener.podRemoved(entry.pod()));
        schedule();
    }

    private void schedule() {
        for (var next = scheduler.next(); next.isPresent(); next = scheduler.next()) {
            bind(next.get().pod(), next.get().node());
        }
        tellChanged();
    }

    private void bind(PodSpec spec, ClusterNode node) {
        ClusterPod waiting = unplaced.remove(spec.key());
        if (waiting == null) {
            throw new IllegalStateException("pod %s was scheduled and does not wait".formatted(spec.key()));
        }
        Pod bound = spec.bound(waiting.pod().uid(), node.name(), false);
        store(new ClusterPod(spec, bound, waiting.createdNanos()));
        node.put(bound);
        views.forEach(view -> view.changed(node));
        scheduler.nodeChanged(node);
        Duration waited = Duration.ofNanos(clock.nanos() - waiting.createdNanos());
        listeners.forEach(listener -> listener.placed(bound, waited));
    }

    private void requireNew(PodSpec spec) {
        if (pods.containsKey(spec.key())) {
            throw new IllegalArgumentException("there is a pod %s already".formatted(spec.key()));
        }
    }

    private void store(ClusterPod entry) {
        ClusterPod before = pods.put(entry.spec().key(), entry);
        if (before != null) {
            countServers(before.pod(), -1);
        }
        countServers(entry.pod(), 1);
        listeners.forEach(listener -> listener.podWritten(entry.pod()));
    }

    private Optional<ClusterNode> nodeOf(Pod pod) {
        return pod.nodeName().flatMap(this::node);
    }

    private void tellChanged() {
        listeners.forEach(ClusterListener::changed);
    }

    private String identity(String kind) {
        identities++;
        return kind + "-" + identities;
    }
}
