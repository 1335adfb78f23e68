package io.kubescaler.kubernetes.pool;

import io.kubescaler.control.Cluster;
import io.kubescaler.control.ClusterException;
import io.kubescaler.kubernetes.client.Deadline;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.MachineIdentity;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.PoolIdentities;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.ServersFound.CarriedLabel;
import io.kubescaler.plan.Fitness;
import io.kubescaler.plan.Mark;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The cluster as one pool sees it: observed by watching, checked and written to by single requests. Thread-safe. */
final class KubernetesCluster implements Cluster {
    private final PoolPolicy policy;
    private final ClusterIndex index;
    private final Supplier<Standing> standing;
    private final NodeApi requests;
    private final Optional<String> ownNode;

    /**
     * @param standing whether what was watched may be relied on
     * @param ownNode the name of the node that this process runs on; empty when it is not known
     */
    KubernetesCluster(
            PoolPolicy policy,
            ClusterIndex index,
            Supplier<Standing> standing,
            NodeApi requests,
            Optional<String> ownNode) {
        this.ownNode = ownNode;
        this.policy = policy;
        this.index = index;
        this.standing = standing;
        this.requests = requests;
    }

    /**
     * Whether what was watched may be relied on.
     *
     * @param whyNot why not, as a sentence; empty when it may
     * @param lists how often all has been listed anew
     */
    record Standing(Optional<String> whyNot, long lists) {}

    @Override
    public Reading<ClusterState> observe() {
        Standing before = standing.get();
        ClusterState state = index.state(policy).withOwnNode(ownNode);
        Standing after = standing.get();
        if (after.whyNot().isPresent()) {
            return Reading.unreadable(after.whyNot().get());
        }
        return before.lists() == after.lists()
                ? Reading.known(state)
                : Reading.unreadable("the cluster was being listed anew");
    }

    @Override
    public boolean hasNode(MachineIdentity machine) {
        return index.hasNode(
                node -> MachineSearch.isMachine(node, machine), node -> machine.mayBeOutside(node, policy.selector()));
    }

    @Override
    public List<Node> nodesOutside(PoolIdentities machines) {
        return index.nodes(
                node -> machines.claim(node) && !policy.selector().matches(node.labels()),
                node -> node.providerId().isEmpty()
                        && !Fitness.isUninitialized(node)
                        && !policy.selector().matches(node.labels()));
    }

    @Override
    public Optional<Node> readNode(String name) throws ClusterException {
        Deadline deadline = requests.deadline();
        Optional<Node> node = requests.node(name, deadline);
        return node.isPresent() ? Optional.of(loaded(node.get(), deadline)) : Optional.empty();
    }

    @Override
    public Optional<Node> findNode(MachineIdentity machine) throws ClusterException {
        Deadline deadline = requests.deadline();
        Optional<Node> found = new MachineSearch(requests, machine, policy.selector()).find(deadline);
        return found.isPresent() ? Optional.of(loaded(found.get(), deadline)) : Optional.empty();
    }

    @Override
    public Optional<Node> findFurtherNode(MachineIdentity machine, Predicate<Node> passOver) throws ClusterException {
        Deadline deadline = requests.deadline();
        for (Node node : new MachineSearch(requests, machine, policy.selector()).further(passOver, deadline)) {
            if (mayHost(node, machine, deadline)) {
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    private boolean mayHost(Node node, MachineIdentity machine, Deadline deadline) throws ClusterException {
        boolean counts = machine.is(node) || policy.selector().matches(node.labels());
        if (counts && Fitness.mayHostServers(node)) {
            return true;
        }
        NodeLoad load = requests.load(node.name(), deadline);
        return counts ? Fitness.mayHostServers(node.withLoad(load)) : load.keepsNode();
    }

    @Override
    public NodeLoad readLoad(String nodeName) throws ClusterException {
        return requests.load(nodeName, requests.deadline());
    }

    @Override
    public List<CarriedLabel> readLabels(List<Node> nodes, LabelSelector selector) throws ClusterException {
        Deadline deadline = requests.deadline();
        NearestLabels labels = new NearestLabels(selector);
        for (Node node : NearestLabels.mostTelling(nodes)) {
            requests.pods(node.name(), deadline).forEach(labels::add);
        }
        return labels.found();
    }

    @Override
    public void cordon(Node node, Instant cordonedAt, Optional<Instant> emptySince) throws ClusterException {
        write(node, NodePatch.cordon(cordonedAt, emptySince));
    }

    @Override
    public void uncordon(Node node) throws ClusterException {
        write(node, NodePatch.uncordon());
    }

    @Override
    public void mark(Node node, Mark mark) throws ClusterException {
        write(node, NodePatch.mark(mark));
    }

    @Override
    public void markDeleting(Node node, Instant deletingAt) throws ClusterException {
        write(node, NodePatch.deleting(deletingAt, node.cordonedByUs()));
    }

    private void write(Node node, NodePatch patch) throws ClusterException {
        index.wrote(node, requests.patch(node.name(), index.currentVersion(node), patch));
    }

    // the node first: once it is seen unschedulable, no pod can come that the list of its pods lacks
    private Node loaded(Node node, Deadline deadline) throws ClusterException {
        index.read(node);
        return node.withLoad(requests.load(node.name(), deadline));
    }
}
