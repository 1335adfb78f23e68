package io.kubescaler.kubernetes.pool;

import io.kubescaler.control.ClusterException;
import io.kubescaler.kubernetes.client.Deadline;
import io.kubescaler.model.Identity;
import io.kubescaler.model.Instance;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import java.util.List;
import java.util.Optional;
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
    private final Instance instance;
    private final Optional<String> idLabel;
    private final LabelSelector selector;

    /**
     * @param idLabel the node label whose value is an instance's id; empty when the cloud sets none
     * @param selector the labels of the pool's nodes
     */
    MachineSearch(NodeApi requests, Instance instance, Optional<String> idLabel, LabelSelector selector) {
        this.selector = selector;
        this.requests = requests;
        this.instance = instance;
        this.idLabel = idLabel;
    }

    /** Returns its node without a load; empty when no node of the cluster is that machine. */
    Optional<Node> find(Deadline deadline) throws ClusterException {
        Optional<Node> named = byName(deadline);
        if (named.isPresent()) {
            return named;
        }
        Optional<Node> labelled = byLabel(deadline);
        return labelled.isPresent() ? labelled : first(requests.nodes(Optional.empty(), this::isMachine, deadline));
    }

    private Optional<Node> byName(Deadline deadline) throws ClusterException {
        Optional<String> name = instance.nodeName().filter(text -> !text.isEmpty());
        return name.isPresent() ? requests.node(name.get(), deadline) : Optional.empty();
    }

    private Optional<Node> byLabel(Deadline deadline) throws ClusterException {
        Optional<String> carriers = idLabel.filter(
                        label -> LABEL_VALUE.matcher(instance.id()).matches())
                .map(label -> label + "=" + instance.id());
        return carriers.isPresent() ? first(requests.nodes(carriers, this::isMachine, deadline)) : Optional.empty();
    }

    private boolean isMachine(Node node) {
        return isMachine(node, instance, idLabel, selector);
    }

    /** Returns whether a node is, or may be, that machine. */
    static boolean isMachine(Node node, Instance instance, Optional<String> idLabel, LabelSelector selector) {
        boolean sameName = instance.nodeName().filter(node.name()::equals).isPresent();
        boolean sameProviderId =
                instance.providerId().isPresent() && instance.providerId().equals(node.providerId());
        boolean sameLabel = idLabel.map(
                        label -> instance.id().equals(node.labels().get(label)))
                .orElse(false);
        boolean mayBeOfThePool = selector.matches(node.labels()) && !Identity.differ(node, instance, idLabel);
        return sameName || sameProviderId || sameLabel || mayBeOfThePool || mayBeUnread(node, instance, idLabel);
    }

    // a node of which a part cannot be read may be any machine, unless what can be read says otherwise
    private static boolean mayBeUnread(Node node, Instance instance, Optional<String> idLabel) {
        boolean otherProviderId =
                node.providerId().isPresent() && instance.providerId().isPresent();
        boolean otherLabel =
                idLabel.filter(label -> node.labels().containsKey(label)).isPresent();
        return node.unreadable().isPresent() && !otherProviderId && !otherLabel;
    }

    private static Optional<Node> first(List<Node> nodes) {
        return nodes.stream().findFirst();
    }
}
