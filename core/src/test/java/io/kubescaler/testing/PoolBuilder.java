package io.kubescaler.testing;

import io.kubescaler.model.Instance;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import io.kubescaler.model.Node.Marks;
import io.kubescaler.model.Node.Readiness;
import io.kubescaler.model.NodeAffinity;
import io.kubescaler.model.NodeConstraints;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.NodeTemplate;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Resources;
import io.kubescaler.model.ServersFound;
import io.kubescaler.model.ServersFound.CarriedLabel;
import io.kubescaler.model.Taint;
import io.kubescaler.model.Toleration;
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
import java.util.function.Consumer;

/**
 * Builds snapshots of a pool for tests. Nodes have 4 CPUs and room for 110 pods; a server asks for 1 CPU, so an empty
 * node has 4 slots. One more server is elsewhere in the cluster, so servers have been seen. Every node has a running instance {@code i-NAME} unless told otherwise. For one thread.
 */
public final class PoolBuilder {
    /** The time that snapshots are made at. */
    public static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    /** The label of the servers. */
    public static final LabelSelector SERVER = LabelSelector.parse("app=server");

    private final List<NodeBuilder> nodes = new ArrayList<>();
    private final List<Instance> lone = new ArrayList<>();
    private final List<Pod> unplaced = new ArrayList<>();
    private final List<Pod> otherUnplaced = new ArrayList<>();
    private final Map<String, String> shared = new HashMap<>();
    private ServersFound serversElsewhere = ServersFound.of(1);
    private OptionalInt size = OptionalInt.empty();
    private OptionalInt limit = OptionalInt.empty();
    private Optional<NodeTemplate> template = Optional.empty();
    private Optional<String> instanceIdLabel = Optional.empty();
    private Optional<String> ownNode = Optional.empty();

    /** Returns a policy of minimum 1, maximum 10, buffer 4, expiration 120 s and timeout 15 minutes. */
    public static PoolPolicy policy() {
        return policy(4, 1, 10);
    }

    /** Returns such a policy with other numbers. */
    public static PoolPolicy policy(int buffer, int minimum, int maximum) {
        return new PolicyBuilder().numbers(buffer, minimum, maximum).build();
    }

    /** Adds a Ready node with so many servers. */
    public PoolBuilder node(String name, int servers) {
        return node(name, servers, node -> {});
    }

    /** Adds a node, Ready and with so many servers unless the change says otherwise. */
    public PoolBuilder node(String name, int servers, Consumer<NodeBuilder> change) {
        NodeBuilder node = new NodeBuilder(name, servers);
        change.accept(node);
        nodes.add(node);
        return this;
    }

    /** Adds an instance without a node, of that age. */
    public PoolBuilder instance(String id, Instance.State state, Duration age) {
        lone.add(new Instance(id, Optional.empty(), Optional.empty(), state, "", NOW.minus(age)));
        return this;
    }

    /** Adds an instance without a node. */
    public PoolBuilder instance(Instance instance) {
        lone.add(instance);
        return this;
    }

    /** Sets the node label whose value is an instance's id. */
    public PoolBuilder instanceIdLabel(String label) {
        instanceIdLabel = Optional.of(label);
        return this;
    }

    /** Sets the node that the scaler itself runs on. */
    public PoolBuilder ownNode(String name) {
        ownNode = Optional.of(name);
        return this;
    }

    /** Adds servers that are on no node yet. */
    public PoolBuilder unplaced(int count) {
        for (int i = 0; i < count; i++) {
            unplaced.add(server("waiting-" + unplaced.size(), Optional.empty(), Map.of()));
        }
        return this;
    }

    /** Adds one server that is on no node yet and has that nodeSelector. */
    public PoolBuilder unplaced(Map<String, String> nodeSelector) {
        unplaced.add(server("waiting-" + unplaced.size(), Optional.empty(), nodeSelector));
        return this;
    }

    /** Adds one server that is on no node yet: of 1 CPU and just created, unless the change says otherwise. */
    public PoolBuilder unplaced(Consumer<ServerBuilder> change) {
        ServerBuilder server = new ServerBuilder("waiting-" + unplaced.size());
        change.accept(server);
        unplaced.add(server.build());
        return this;
    }

    /** Adds a pod that is on no node yet and would keep its node, and is no server of the pool. */
    public PoolBuilder otherUnplaced(Consumer<ServerBuilder> change) {
        ServerBuilder pod = new ServerBuilder("other-" + otherUnplaced.size());
        change.accept(pod);
        otherUnplaced.add(pod.build());
        return this;
    }

    /** Takes away the one server elsewhere in the cluster: there are those of the pool's nodes and the waiting ones alone. */
    public PoolBuilder noServerElsewhere() {
        serversElsewhere = ServersFound.of(0);
        return this;
    }

    /** Has pods on the pool's nodes carry these labels, and no server elsewhere in the cluster. */
    public PoolBuilder carried(List<CarriedLabel> labels) {
        serversElsewhere = ServersFound.of(0).withCarried(labels);
        return this;
    }

    /** Has other pools select a node too. */
    public PoolBuilder shared(String node, String pools) {
        shared.put(node, pools);
        return this;
    }

    /** Sets the size that the cloud was asked for; otherwise it is the number of instances not being deleted. */
    public PoolBuilder size(int asked) {
        size = OptionalInt.of(asked);
        return this;
    }

    /** Sets the most that the cloud will give. */
    public PoolBuilder limit(int most) {
        limit = OptionalInt.of(most);
        return this;
    }

    /** Sets what the cloud says a new node will be, but for its taints. */
    public PoolBuilder template(Resources allocatable) {
        template = Optional.of(new NodeTemplate(allocatable, Map.of("role", "scalable")));
        return this;
    }

    /** Sets what the cloud says a new node will be, with its taints. */
    public PoolBuilder template(Resources allocatable, Set<Taint> taints) {
        template = Optional.of(new NodeTemplate(allocatable, Map.of("role", "scalable"), Optional.of(taints)));
        return this;
    }

    /** Returns a server pod of 1 CPU. */
    public static Pod server(String name, Optional<String> nodeName, Map<String, String> nodeSelector) {
        ServerBuilder server = new ServerBuilder(name);
        server.nodeName = nodeName;
        server.nodeSelector = nodeSelector;
        return server.build();
    }

    /** Builds one server. */
    public static final class ServerBuilder {
        private final String name;
        private Optional<String> nodeName = Optional.empty();
        private Map<String, String> nodeSelector = Map.of();
        private Optional<NodeAffinity> affinity = Optional.empty();
        private List<Toleration> tolerations = List.of();
        private Resources requests = Resources.cpu(1000);
        private Instant since = NOW;
        private boolean gated;
        private boolean terminating;
        private String schedulerSays = "";

        private ServerBuilder(String name) {
            this.name = name;
        }

        /** Asking for so much, and for one pod. */
        public ServerBuilder requests(Resources resources) {
            requests = resources;
            return this;
        }

        /** For nodes with that label alone. */
        public ServerBuilder nodeSelector(String key, String value) {
            nodeSelector = Map.of(key, value);
            return this;
        }

        /** With a required node affinity of one term with one requirement. */
        public ServerBuilder affinity(String key, String operator, String... values) {
            return affinity(new NodeAffinity(List.of(new NodeAffinity.Term(
                    List.of(new NodeAffinity.Requirement(key, operator, List.of(values))), List.of()))));
        }

        /** With that required node affinity. */
        public ServerBuilder affinity(NodeAffinity required) {
            affinity = Optional.of(required);
            return this;
        }

        /** Tolerating taints of that key. */
        public ServerBuilder tolerating(String key) {
            tolerations = List.of(Toleration.ofKey(key));
            return this;
        }

        /** Created so long ago. */
        public ServerBuilder waitingFor(Duration duration) {
            since = NOW.minus(duration);
            return this;
        }

        /** Behind a scheduling gate. */
        public ServerBuilder gated() {
            gated = true;
            return this;
        }

        /** With a deletion timestamp. */
        public ServerBuilder terminating() {
            terminating = true;
            return this;
        }

        /** Of which the scheduler has said why it is on no node. */
        public ServerBuilder schedulerSays(String words) {
            schedulerSays = words;
            return this;
        }

        private Pod build() {
            return new Pod(
                    "default",
                    name,
                    "uid-" + name,
                    nodeName,
                    SERVER.requiredLabels(),
                    new Pod.Waiting(
                            new NodeConstraints(nodeSelector, affinity, tolerations),
                            Optional.of(since),
                            gated,
                            schedulerSays),
                    requests.with(Resources.PODS, 1),
                    Pod.Owner.OTHER,
                    terminating,
                    Optional.empty(),
                    Optional.empty());
        }
    }

    /** Returns what the cloud says. */
    public PoolDescription cloud() {
        List<Instance> instances = new ArrayList<>(lone);
        nodes.forEach(node -> node.instance().ifPresent(instances::add));
        int listed = (int) instances.stream()
                .filter(instance -> instance.state() != Instance.State.DELETING)
                .count();
        return new PoolDescription(size.orElse(listed), instances, instanceIdLabel, template, limit);
    }

    /** Returns what Kubernetes says. */
    public ClusterState cluster() {
        List<Node> built = nodes.stream().map(NodeBuilder::build).toList();
        int here = built.stream().mapToInt(node -> node.load().servers()).sum() + unplaced.size();
        ServersFound found = new ServersFound(serversElsewhere.pods() + here, serversElsewhere.carried());
        return new ClusterState(built, unplaced, otherUnplaced, found, shared, ownNode);
    }

    /** Returns the snapshot. */
    public PoolSnapshot build() {
        return new PoolSnapshot(Reading.known(cloud()), Reading.known(cluster()));
    }

    /** Builds one node. */
    public static final class NodeBuilder {
        private final String name;
        private final int servers;
        private final Map<String, String> labels = new HashMap<>(Map.of("role", "scalable"));
        private final Set<Taint> taints = new HashSet<>();
        private final Set<String> pressures = new HashSet<>();
        private Instant createdAt = NOW.minus(Duration.ofHours(1));
        private Optional<Instant> machineCreatedAt = Optional.empty();
        private boolean unschedulable;
        private boolean beingDeleted;
        private boolean ready = true;
        private Optional<Instant> readyChangedAt = Optional.of(createdAt.plusSeconds(60));
        private Resources allocatable = Resources.of(Map.of("cpu", 4000L, "pods", 110L));
        private Resources daemons = Resources.NONE;
        private Resources other = Resources.NONE;
        private Optional<String> protector = Optional.empty();
        private Optional<Instant> cordonedAt = Optional.empty();
        private Optional<Instant> emptySince = Optional.empty();
        private Optional<Instant> deletingAt = Optional.empty();
        private String incarnation = "";
        private boolean keep;
        private Optional<String> cordonedBy = Optional.empty();
        private Optional<String> unreadable = Optional.empty();
        private Optional<String> unreadablePod = Optional.empty();
        private Optional<Instance.State> instance = Optional.of(Instance.State.RUNNING);
        private Optional<String> providerId;

        private NodeBuilder(String name, int servers) {
            this.name = name;
            this.servers = servers;
            providerId = Optional.of("test://" + name);
        }

        /** With another provider ID than {@code test://NAME}, or with none. */
        public NodeBuilder providerId(Optional<String> id) {
            providerId = id;
            return this;
        }

        /** Created so long ago. */
        public NodeBuilder age(Duration age) {
            createdAt = NOW.minus(age);
            return this;
        }

        /** On a machine that was created so long ago, where that is not when its node was. */
        public NodeBuilder machineAge(Duration age) {
            machineCreatedAt = Optional.of(NOW.minus(age));
            return this;
        }

        /** Not Ready, and never was. */
        public NodeBuilder neverReady() {
            ready = false;
            readyChangedAt = Optional.of(createdAt.plusSeconds(1));
            return this;
        }

        /** Not Ready since so long ago, Ready before. */
        public NodeBuilder unreadyFor(Duration since) {
            ready = false;
            readyChangedAt = Optional.of(NOW.minus(since));
            return this;
        }

        /** Ready since so long ago. */
        public NodeBuilder readyFor(Duration since) {
            readyChangedAt = Optional.of(NOW.minus(since));
            return this;
        }

        /** Unschedulable without our mark. */
        public NodeBuilder cordonedByPerson() {
            unschedulable = true;
            return this;
        }

        /** Set unschedulable by that field manager last. */
        public NodeBuilder cordonedBy(String manager) {
            unschedulable = true;
            cordonedBy = Optional.of(manager);
            return this;
        }

        /** With a part that cannot be read. */
        public NodeBuilder unreadable(String what) {
            unreadable = Optional.of(what);
            return this;
        }

        /** With a pod that cannot be read, beside the servers and counted among them. */
        public NodeBuilder unreadablePod(String pod) {
            unreadablePod = Optional.of(pod);
            return this;
        }

        /** Set aside by us so long ago. */
        public NodeBuilder cordonedFor(Duration since) {
            unschedulable = true;
            cordonedAt = Optional.of(NOW.minus(since));
            return this;
        }

        /** Set aside by us so long ago, and empty since then. */
        public NodeBuilder expiredFor(Duration since) {
            return cordonedFor(since).emptyFor(since);
        }

        /** Empty since so long ago, by our mark. */
        public NodeBuilder emptyFor(Duration since) {
            emptySince = Optional.of(NOW.minus(since));
            return this;
        }

        /** Marked as being deleted by us so long ago. */
        public NodeBuilder deletingFor(Duration since) {
            deletingAt = Optional.of(NOW.minus(since));
            return this;
        }

        /** Made schedulable again by a person. */
        public NodeBuilder schedulable() {
            unschedulable = false;
            return this;
        }

        /** With a deletion timestamp. */
        public NodeBuilder beingDeleted() {
            beingDeleted = true;
            return this;
        }

        /** With a taint of that key, which keeps pods out. */
        public NodeBuilder taint(String key) {
            return taint(Taint.noSchedule(key));
        }

        /** With a taint. */
        public NodeBuilder taint(Taint taint) {
            taints.add(taint);
            return this;
        }

        /** With that condition True. */
        public NodeBuilder pressure(String condition) {
            pressures.add(condition);
            return this;
        }

        /** With that label. */
        public NodeBuilder label(String key, String value) {
            labels.put(key, value);
            return this;
        }

        /** Annotated to be kept. */
        public NodeBuilder keep() {
            keep = true;
            return this;
        }

        /** Another node object of the same name, as when its machine registers anew. */
        public NodeBuilder anew() {
            incarnation = "-anew";
            return this;
        }

        /** With a pod that must not be disrupted. */
        public NodeBuilder doNotDisrupt(String pod) {
            protector = Optional.of(pod);
            return this;
        }

        /** With other allocatable resources. */
        public NodeBuilder allocatable(Resources resources) {
            allocatable = resources;
            return this;
        }

        /** With DaemonSet pods that ask for so much. */
        public NodeBuilder daemons(Resources resources) {
            daemons = resources;
            return this;
        }

        /** With other people's pods that ask for so much. */
        public NodeBuilder other(Resources resources) {
            other = resources;
            return this;
        }

        /** With an instance in that state. */
        public NodeBuilder instance(Instance.State state) {
            instance = Optional.of(state);
            return this;
        }

        /** Not listed by the cloud. */
        public NodeBuilder withoutInstance() {
            instance = Optional.empty();
            return this;
        }

        private Optional<Instance> instance() {
            return instance.map(state -> new Instance(
                    "i-" + name,
                    Optional.of("test://" + name),
                    Optional.of(name),
                    state,
                    "",
                    machineCreatedAt.orElse(createdAt)));
        }

        private Node build() {
            Resources used =
                    daemons.plus(other).plus(Resources.of(Map.of("cpu", 1000L * servers, "pods", (long) servers)));
            return new Node(
                    name,
                    "uid-" + name + incarnation,
                    "1",
                    createdAt,
                    labels,
                    providerId,
                    unschedulable,
                    beingDeleted,
                    new Readiness(ready, readyChangedAt),
                    pressures,
                    taints,
                    allocatable,
                    new NodeLoad(
                            servers + (unreadablePod.isPresent() ? 1 : 0), used, daemons, protector, unreadablePod),
                    new Marks(cordonedAt, emptySince, deletingAt, keep),
                    cordonedBy,
                    unreadable);
        }
    }
}
