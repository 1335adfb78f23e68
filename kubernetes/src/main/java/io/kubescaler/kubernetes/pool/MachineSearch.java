package io.kubescaler.kubernetes.pool;

import io.kubescaler.control.ClusterException;
import io.kubescaler.kubernetes.client.Deadline;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.MachineIdentity;
import io.kubescaler.model.Node;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Looks for the node of one machine by what the cloud tells of it: the node's name, the label with the machine's id, the
 * provider ID. The cheap questions come first, but only the widest one, which looks at every node for all three, may end
 * with "there is none": a machine is deleted on that word. Immutable and thread-safe.
 */
final class MachineSearch {
    // what Kubernetes takes for a label's value; no node is labelled with anything else
    private static final Pattern LABEL_VALUE = Pattern.compile("[a-zA-Z0-9]([-a-zA-Z0-9_.]{0,61}[a-zA-Z0-9])?");

    private final NodeApi requests;
    private final MachineIdentity machine;
    private final LabelSelector selector;

    /** @param selector the labels of the pool's nodes */
    MachineSearch(NodeApi requests, MachineIdentity machine, LabelSelector selector) {
        this.requests = requests;
        this.machine = machine;
        this.selector = selector;
    }

    /** Returns its node without a load; empty when no node of the cluster is that machine. */
    Optional<Node> find(Deadline deadline) throws ClusterException {
        Optional<Node> named = byName(deadline);
        if (named.isPresent()) {
            return named;
        }
        Optional<Node> labelled = byLabel(deadline);
        return labelled.isPresent() ? labelled : first(requests.nodes(Optional.empty(), this::isOrMayBe, deadline));
    }

    /** Returns the nodes, without their loads, that are or may be that machine under another name. */
    List<Node> further(Predicate<Node> passOver, Deadline deadline) throws ClusterException {
        return requests.nodes(
                Optional.empty(),
                node -> !passOver.test(node)
                        && (machine.is(node)
                                || (selector.matches(node.labels()) && mayBeAnother(node))
                                || machine.mayBeOutside(node, selector)),
                deadline);
    }

    private boolean mayBeAnother(Node node) {
        return mayBeUnread(node, machine) || (machine.mayBe(node) && !machine.isOlder(node));
    }

    private Optional<Node> byName(Deadline deadline) throws ClusterException {
        Optional<String> name = machine.instance().nodeName();
        return name.isPresent() ? requests.node(name.get(), deadline) : Optional.empty();
    }

    private Optional<Node> byLabel(Deadline deadline) throws ClusterException {
        String id = machine.instance().id();
        Optional<String> carriers = machine.pool()
                .idLabel()
                .filter(label -> LABEL_VALUE.matcher(id).matches())
                .map(label -> label + "=" + id);
        return carriers.isPresent() ? first(requests.nodes(carriers, this::isOrMayBe, deadline)) : Optional.empty();
    }

    private boolean isOrMayBe(Node node) {
        return isMachine(node, machine)
                || (selector.matches(node.labels()) && machine.mayBe(node))
                || machine.mayBeOutside(node, selector);
    }

    /** Returns whether a node is that machine, or may be since a part of it cannot be read. */
    static boolean isMachine(Node node, MachineIdentity machine) {
        return machine.is(node) || mayBeUnread(node, machine);
    }

    // a node of which a part cannot be read may be any machine, unless what can be read says otherwise
    private static boolean mayBeUnread(Node node, MachineIdentity machine) {
        boolean otherProviderId =
                node.providerId().isPresent() && machine.instance().providerId().isPresent();
        boolean otherLabel = machine.pool().idOn(node).isPresent();
        return node.unreadable().isPresent() && !otherProviderId && !otherLabel;
    }

    private static Optional<Node> first(List<Node> nodes) {
        return nodes.stream().findFirst();
    }
}
