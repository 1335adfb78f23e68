package io.kubescaler.control;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Instance.State;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.MachineIdentity;
import io.kubescaler.model.Node;
import io.kubescaler.model.Node.Marks;
import io.kubescaler.model.Node.Readiness;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolIdentities;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Resources;
import io.kubescaler.model.ServersFound;
import io.kubescaler.model.ServersFound.CarriedLabel;
import io.kubescaler.plan.Fitness;
import io.kubescaler.plan.Mark;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.testing.MovingClock;
import io.kubescaler.testing.PoolBuilder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A cluster and its cloud in memory, small enough to see through: nodes of 4 slots, servers put where a test says.
 * Machines become Ready when the test says so. Remembers every write, and every server that died of a deletion.
 */
final class FakeWorld implements Cluster, NodePoolProvider {
    final Map<String, Node> nodes = new TreeMap<>();
    final Map<String, Instance> instances = new TreeMap<>();
    final Map<String, Integer> servers = new HashMap<>();
    final List<String> calls = new ArrayList<>();
    final List<String> killed = new ArrayList<>();
    /** Thrown by the cloud's next calls of that name; stays until removed. */
    final Map<String, ProviderException> cloudErrors = new HashMap<>();
    /** Thrown by the cluster's next calls of that name; stays until removed. */
    final Map<String, ClusterException> clusterErrors = new HashMap<>();
    /** Runs right before a call of that name is answered, once. */
    final Map<String, Runnable> before = new HashMap<>();
    /** Machines whose deletion the cloud takes and does not carry out. */
    final Set<String> stubborn = new HashSet<>();
    /** Nodes of the pool that the watch has not told of yet. */
    final Map<String, Node> unwatched = new TreeMap<>();
    /** Nodes of the cluster that do not match the selector. */
    final Map<String, Node> strangers = new TreeMap<>();

    boolean strangersAreWatched;
    final List<String> lookedFor = new ArrayList<>();

    Optional<String> unreadable = Optional.empty();
    /** The node label that holds the id of an instance. */
    Optional<String> instanceIdLabel = Optional.empty();
    /** Thrown by each observation, as nothing that a cluster does is. */
    Optional<RuntimeException> defect = Optional.empty();

    int size;
    int unplaced;
    /** Servers on nodes of other pools: with one, servers have been seen. */
    int serversElsewhere = 1;
    /** The labels that the pods on the nodes carry. */
    List<CarriedLabel> carried = List.of();

    // what a write of ours made of which version
    private final Map<String, Node> ownWrites = new HashMap<>();

    Instant now = PoolBuilder.NOW;
    private int ordered;
    private int version = 1;
    private Duration wallAhead = Duration.ZERO;

    /** Adds a Ready node with so many servers. */
    FakeWorld node(String name, int count) {
        return node(name, count, node -> {});
    }

    /** Adds a node, Ready unless the change says otherwise, with so many servers. */
    FakeWorld node(String name, int count, Consumer<PoolBuilder.NodeBuilder> change) {
        PoolBuilder one = new PoolBuilder().node(name, count, change);
        Node node = one.cluster().nodes().get(0);
        nodes.put(name, bumped(node));
        one.cloud().instances().forEach(instance -> instances.put(instance.id(), instance));
        servers.put(name, count);
        size++;
        return this;
    }

    /** Changes a node as somebody else would: its resourceVersion moves on. */
    void change(String name, UnaryOperator<Node> by) {
        nodes.computeIfPresent(name, (key, node) -> bumped(by.apply(node)));
    }

    /** Has every ordered machine join and become Ready. */
    void boot() {
        instances.replaceAll((id, instance) -> {
            if (instance.state() != State.BOOTING) {
                return instance;
            }
            Node node = new PoolBuilder().node(id, 0).cluster().nodes().get(0);
            nodes.put(
                    id,
                    new Node(
                            id,
                            "uid-" + id,
                            "1",
                            now,
                            node.labels(),
                            node.providerId(),
                            false,
                            false,
                            new Readiness(true, Optional.of(now)),
                            node.pressures(),
                            node.taints(),
                            node.allocatable(),
                            NodeLoad.EMPTY,
                            Marks.NONE,
                            Optional.empty(),
                            Optional.empty()));
            return new Instance(
                    id, Optional.of("test://" + id), Optional.of(id), State.RUNNING, "", instance.createdAt());
        });
    }

    // ---- the cluster

    @Override
    public Reading<ClusterState> observe() {
        defect.ifPresent(it -> {
            throw it;
        });
        if (unreadable.isPresent()) {
            return Reading.unreadable(unreadable.get());
        }
        List<Pod> waiting = new ArrayList<>();
        for (int i = 0; i < unplaced; i++) {
            waiting.add(PoolBuilder.server("waiting-" + i, Optional.empty(), Map.of()));
        }
        int live = servers.values().stream().mapToInt(Integer::intValue).sum() + unplaced + serversElsewhere;
        return Reading.known(new ClusterState(
                nodes.values().stream().map(this::loaded).toList(), waiting, ServersFound.of(live), Map.of()));
    }

    @Override
    public List<Node> nodesOutside(PoolIdentities machines) {
        return strangersAreWatched
                ? strangers.values().stream()
                        .filter(node -> machines.claim(node)
                                || (node.providerId().isEmpty()
                                        && loaded(node).load().keepsNode()))
                        .toList()
                : List.of();
    }

    @Override
    public boolean hasNode(MachineIdentity machine) {
        lookedFor.add(machine.instance().id());
        return strangers.containsKey(machine.instance().id()) && strangersAreWatched;
    }

    @Override
    public Optional<Node> readNode(String name) throws ClusterException {
        cluster("readNode", name);
        return Optional.ofNullable(nodes.get(name)).map(this::loaded);
    }

    @Override
    public Optional<Node> findNode(MachineIdentity machine) throws ClusterException {
        cluster("findNode", machine.instance().id());
        return Optional.ofNullable(strangers.get(machine.instance().id())).map(this::loaded);
    }

    @Override
    public Optional<Node> findFurtherNode(MachineIdentity machine, Predicate<Node> passOver) throws ClusterException {
        cluster("findFurtherNode", machine.instance().id());
        Stream<Node> ofThePool = Stream.concat(nodes.values().stream(), unwatched.values().stream())
                .map(this::loaded)
                .filter(node -> machine.is(node) || (machine.mayBe(node) && !machine.isOlder(node)))
                .filter(Fitness::mayHostServers);
        Stream<Node> outside = strangers.values().stream()
                .map(this::loaded)
                .filter(node -> machine.is(node)
                        ? Fitness.mayHostServers(node)
                        : machine.mayBeOutside(node) && node.load().keepsNode());
        return Stream.concat(ofThePool, outside)
                .filter(node -> !passOver.test(node))
                .findFirst();
    }

    @Override
    public NodeLoad readLoad(String nodeName) throws ClusterException {
        cluster("readLoad", nodeName);
        return load(nodeName, NodeLoad.EMPTY);
    }

    @Override
    public List<CarriedLabel> readLabels(List<Node> some, LabelSelector selector) throws ClusterException {
        cluster("readLabels", selector.toString());
        return carried;
    }

    @Override
    public void cordon(Node node, Instant cordonedAt, Optional<Instant> emptySince) throws ClusterException {
        cluster("cordon", node.name());
        write(
                node,
                Optional.of(true),
                old -> new Marks(Optional.of(cordonedAt), emptySince, Optional.empty(), old.keep()));
    }

    @Override
    public void uncordon(Node node) throws ClusterException {
        cluster("uncordon", node.name());
        write(node, Optional.of(false), FakeWorld::cleared);
    }

    @Override
    public void mark(Node node, Mark mark) throws ClusterException {
        cluster("mark " + mark.kind(), node.name());
        write(node, Optional.empty(), old -> switch (mark.kind()) {
            case SET_EMPTY_SINCE -> new Marks(old.cordonedAt(), mark.at(), old.deletingAt(), old.keep());
            case CLEAR_EMPTY_SINCE -> new Marks(old.cordonedAt(), Optional.empty(), old.deletingAt(), old.keep());
            case CLEAR_DELETING -> new Marks(old.cordonedAt(), old.emptySince(), Optional.empty(), old.keep());
            case CLEAR_ALL -> cleared(old);
        });
    }

    private static Marks cleared(Marks old) {
        return new Marks(Optional.empty(), Optional.empty(), Optional.empty(), old.keep());
    }

    @Override
    public void markDeleting(Node node, Instant deletingAt) throws ClusterException {
        cluster("markDeleting", node.name());
        write(
                node,
                Optional.of(true),
                old -> new Marks(
                        node.cordonedByUs() ? old.cordonedAt() : Optional.of(deletingAt),
                        old.emptySince(),
                        Optional.of(deletingAt),
                        old.keep()));
    }

    // on what is there now: what we wrote since the node was read does not stand in the way
    private void write(Node node, Optional<Boolean> unschedulable, UnaryOperator<Marks> marks) throws ClusterException {
        Node current = nodes.get(node.name());
        if (current == null) {
            throw new ClusterException(ClusterException.Kind.GONE, "node %s is gone".formatted(node.name()));
        }
        Node known = node;
        while (ownWrites.containsKey(versionOf(known))) {
            known = ownWrites.get(versionOf(known));
        }
        if (!current.resourceVersion().equals(known.resourceVersion())) {
            throw new ClusterException(ClusterException.Kind.CONFLICT, "node %s changed".formatted(node.name()));
        }
        Node written =
                bumped(with(current, unschedulable.orElse(current.unschedulable()), marks.apply(current.marks())));
        ownWrites.put(versionOf(current), written);
        nodes.put(node.name(), written);
    }

    private static String versionOf(Node node) {
        return node.uid() + "/" + node.resourceVersion();
    }

    static Node with(Node node, boolean unschedulable, Marks marks) {
        return new Node(
                node.name(),
                node.uid(),
                node.resourceVersion(),
                node.createdAt(),
                node.labels(),
                node.providerId(),
                unschedulable,
                node.beingDeleted(),
                node.readiness(),
                node.pressures(),
                node.taints(),
                node.allocatable(),
                node.load(),
                marks,
                Optional.empty(),
                Optional.empty());
    }

    private Node bumped(Node node) {
        return node.withResourceVersion(String.valueOf(++version));
    }

    private Node loaded(Node node) {
        return node.withLoad(load(node.name(), node.load()));
    }

    private NodeLoad load(String name, NodeLoad other) {
        int count = servers.getOrDefault(name, 0);
        Resources used = Resources.of(Map.of("cpu", 1000L * count, "pods", (long) count));
        return new NodeLoad(count, used, Resources.NONE, other.protector());
    }

    // ---- the cloud

    @Override
    public PoolDescription describe() throws ProviderException {
        cloud("describe");
        return described();
    }

    /** Reads even while only reads must wait. */
    @Override
    public PoolDescription describeForOrder() throws ProviderException {
        boolean kept =
                cloudErrors.get("describe") instanceof ProviderException.RateLimited limited && limited.readsOnly();
        if (!kept) {
            return describe();
        }
        calls.add("describe for an order");
        return described();
    }

    private PoolDescription described() {
        return new PoolDescription(
                size, List.copyOf(instances.values()), instanceIdLabel, Optional.empty(), OptionalInt.empty());
    }

    @Override
    public void grow(int wanted) throws ProviderException {
        cloud("grow " + wanted);
        if (wanted < size) {
            throw new ProviderException.InvalidRequest("the pool has %d nodes; %d is less".formatted(size, wanted));
        }
        while (size < wanted) {
            String id = "new-" + ++ordered;
            instances.put(id, new Instance(id, Optional.empty(), Optional.empty(), State.BOOTING, "", now));
            size++;
        }
    }

    @Override
    public List<Deletion> delete(List<String> instanceIds) {
        List<Deletion> results = new ArrayList<>();
        for (String id : instanceIds) {
            try {
                cloud("delete " + id);
                Instance gone = stubborn.contains(id) ? null : instances.remove(id);
                if (gone != null) {
                    size--;
                    gone.nodeName().ifPresent(this::lose);
                }
                results.add(Deletion.done(id));
            } catch (ProviderException error) {
                results.add(Deletion.failed(id, error));
            }
        }
        return results;
    }

    private void lose(String node) {
        nodes.remove(node);
        if (servers.getOrDefault(node, 0) > 0) {
            killed.add(node);
        }
        servers.remove(node);
    }

    @Override
    public List<Finding> preflight(int maximum) {
        return List.of();
    }

    @Override
    public void close() {
        calls.add("close");
    }

    // ---- what every call does

    private void cloud(String call) throws ProviderException {
        calls.add(call);
        runBefore(call);
        ProviderException error = cloudErrors.get(call);
        if (error != null) {
            throw error;
        }
    }

    private void cluster(String call, String node) throws ClusterException {
        calls.add(call + " " + node);
        runBefore(call + " " + node);
        ClusterException error = clusterErrors.get(call + " " + node);
        if (error != null) {
            throw error;
        }
    }

    private void runBefore(String call) {
        Optional.ofNullable(before.remove(call)).ifPresent(Runnable::run);
    }

    /** Returns the calls that change something, and forgets all calls. */
    List<String> writes() {
        List<String> writes = calls.stream()
                .filter(call -> !call.startsWith("describe") && !call.startsWith("read") && !call.startsWith("find"))
                .toList();
        calls.clear();
        return writes;
    }

    /** Lets time pass. */
    void pass(Duration time) {
        now = now.plus(time);
    }

    /** Sets the wall clock forward by so much; the one that never jumps goes on. */
    void setWallClock(Duration by) {
        wallAhead = wallAhead.plus(by);
    }

    /** Returns the times of a controller in this world, whose cloud is read every 10 s. */
    PoolController.Timing timing() {
        LongSupplier nanoTime = () -> Duration.between(PoolBuilder.NOW, now).toNanos();
        Clock wall = new MovingClock(now, () -> nanoTime.getAsLong() + wallAhead.toNanos());
        return new PoolController.Timing(wall, nanoTime, Duration.ofSeconds(10));
    }
}
