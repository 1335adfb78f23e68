package io.kubescaler.simulated;

import io.kubescaler.control.Cluster;
import io.kubescaler.control.ClusterException;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.MachineIdentity;
import io.kubescaler.model.Node;
import io.kubescaler.model.Node.Marks;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.PoolIdentities;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.ServersFound;
import io.kubescaler.model.ServersFound.CarriedLabel;
import io.kubescaler.plan.Fitness;
import io.kubescaler.plan.Mark;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** A simulated cluster as the scaler of one pool sees it. Safe for use by several threads. */
final class SimulatedPoolView implements Cluster {
    private final SimulatedCluster cluster;
    private final LabelSelector selector;
    private final LabelSelector serverSelector;
    // the pool's nodes as they were last observed, and where each of them stands
    private Node[] nodes = {};
    private List<Node> observed = List.of();
    private final Map<ClusterNode, Integer> positions = new HashMap<>();
    private final Set<ClusterNode> changed = new HashSet<>();
    private boolean membersKnown;

    SimulatedPoolView(SimulatedCluster cluster, LabelSelector selector, LabelSelector serverSelector) {
        this.cluster = cluster;
        this.selector = selector;
        this.serverSelector = serverSelector;
    }

    @Override
    public Reading<ClusterState> observe() {
        return cluster.clock()
                .locked(() -> cluster.unreadable()
                        .<Reading<ClusterState>>map(Reading::unreadable)
                        .orElseGet(this::state));
    }

    private Reading<ClusterState> state() {
        if (!membersKnown) {
            recallMembers();
        }
        if (!changed.isEmpty()) {
            for (ClusterNode node : changed) {
                Integer position = positions.get(node);
                if (position != null) {
                    nodes[position] = node.snapshot(cluster.selectors());
                }
            }
            changed.clear();
            observed = List.of(nodes);
        }
        return Reading.known(new ClusterState(
                observed,
                cluster.unplaced(serverSelector),
                ServersFound.of(cluster.servers(serverSelector)),
                Map.of()));
    }

    private void recallMembers() {
        positions.clear();
        changed.clear();
        for (ClusterNode node : cluster.nodes()) {
            if (selector.matches(node.labels())) {
                positions.put(node, positions.size());
            }
        }
        nodes = new Node[positions.size()];
        observed = List.of();
        changed.addAll(positions.keySet());
        membersKnown = true;
    }

    /** Nodes came, went or were labelled. */
    void membersChanged() {
        membersKnown = false;
    }

    /** A node or its pods were written. */
    void changed(ClusterNode node) {
        changed.add(node);
    }

    @Override
    public boolean hasNode(MachineIdentity machine) {
        synchronized (cluster.clock()) {
            return snapshots()
                    .anyMatch(node ->
                            machine.is(node) || (machine.mayBeOutside(node, selector) && Fitness.mayHostServers(node)));
        }
    }

    @Override
    public List<Node> nodesOutside(PoolIdentities machines) {
        synchronized (cluster.clock()) {
            return snapshots()
                    .filter(node -> !selector.matches(node.labels()))
                    .filter(node -> machines.claim(node)
                            || (node.providerId().isEmpty()
                                    && !Fitness.isUninitialized(node)
                                    && node.load().keepsNode()))
                    .toList();
        }
    }

    @Override
    public Optional<Node> readNode(String name) throws ClusterException {
        synchronized (cluster.clock()) {
            cluster.admit("readNode", name);
            return cluster.node(name).map(node -> node.snapshot(cluster.selectors()));
        }
    }

    @Override
    public Optional<Node> findNode(MachineIdentity machine) throws ClusterException {
        synchronized (cluster.clock()) {
            cluster.admit("findNode", machine.instance().id());
            return snapshots()
                    .filter(node -> machine.is(node)
                            || (selector.matches(node.labels()) && machine.mayBe(node))
                            || machine.mayBeOutside(node, selector))
                    .findFirst();
        }
    }

    @Override
    public Optional<Node> findFurtherNode(MachineIdentity machine, Predicate<Node> passOver) throws ClusterException {
        synchronized (cluster.clock()) {
            cluster.admit("findFurtherNode", machine.instance().id());
            return snapshots()
                    .filter(node -> !passOver.test(node))
                    .filter(node -> isOrMayBe(node, machine)
                            ? Fitness.mayHostServers(node)
                            : machine.mayBeOutside(node, selector)
                                    && node.load().keepsNode())
                    .findFirst();
        }
    }

    private boolean isOrMayBe(Node node, MachineIdentity machine) {
        return machine.is(node) || (selector.matches(node.labels()) && machine.mayBe(node) && !machine.isOlder(node));
    }

    @Override
    public NodeLoad readLoad(String nodeName) throws ClusterException {
        synchronized (cluster.clock()) {
            cluster.admit("readLoad", nodeName);
            // with a node its pods go too, so that none is ever bound to a name without one
            return cluster.node(nodeName)
                    .map(node -> node.snapshot(cluster.selectors()).load())
                    .orElse(NodeLoad.EMPTY);
        }
    }

    // whoever runs the simulation knows what its pods carry
    @Override
    public List<CarriedLabel> readLabels(List<Node> some, LabelSelector wanted) {
        return List.of();
    }

    @Override
    public void cordon(Node node, Instant cordonedAt, Optional<Instant> emptySince) throws ClusterException {
        write(
                "cordon",
                node,
                Optional.of(true),
                marks -> new Marks(Optional.of(cordonedAt), emptySince, Optional.empty(), marks.keep()));
    }

    @Override
    public void uncordon(Node node) throws ClusterException {
        write("uncordon", node, Optional.of(false), SimulatedPoolView::unmarked);
    }

    @Override
    public void mark(Node node, Mark mark) throws ClusterException {
        write("mark", node, Optional.empty(), marks -> marked(marks, mark));
    }

    @Override
    public void markDeleting(Node node, Instant deletingAt) throws ClusterException {
        write(
                "markDeleting",
                node,
                Optional.of(true),
                marks -> new Marks(
                        Optional.of(marks.cordonedAt().orElse(deletingAt)),
                        marks.emptySince(),
                        Optional.of(deletingAt),
                        marks.keep()));
    }

    private void write(String request, Node read, Optional<Boolean> unschedulable, UnaryOperator<Marks> marks)
            throws ClusterException {
        synchronized (cluster.clock()) {
            cluster.admit(request, read.name());
            boolean another = cluster.node(read.name())
                    .filter(stored -> !stored.uid().equals(read.uid()))
                    .isPresent();
            if (another) {
                throw new ClusterException(
                        ClusterException.Kind.CONFLICT,
                        "the node %s is another one than was read".formatted(read.name()));
            }
            cluster.write(read.name(), read.resourceVersion(), unschedulable, marks);
        }
    }

    private static Marks marked(Marks marks, Mark mark) {
        return switch (mark.kind()) {
            case SET_EMPTY_SINCE -> new Marks(marks.cordonedAt(), mark.at(), marks.deletingAt(), marks.keep());
            case CLEAR_EMPTY_SINCE -> new Marks(marks.cordonedAt(), Optional.empty(), marks.deletingAt(), marks.keep());
            case CLEAR_DELETING -> new Marks(marks.cordonedAt(), marks.emptySince(), Optional.empty(), marks.keep());
            case CLEAR_ALL -> unmarked(marks);
        };
    }

    private static Marks unmarked(Marks marks) {
        return new Marks(Optional.empty(), Optional.empty(), Optional.empty(), marks.keep());
    }

    private Stream<Node> snapshots() {
        return cluster.nodes().stream().map(node -> node.snapshot(cluster.selectors()));
    }
}
