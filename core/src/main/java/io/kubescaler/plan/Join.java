package io.kubescaler.plan;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolDescription;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which node is which instance: by identity and never by count. It follows from the identities of the nodes and from
 * what the cloud says, so it holds for as long as these do not change. Immutable and thread-safe.
 *
 * @param instanceIdLabel the node label whose value is the instance's id; empty when the cloud sets none
 * @param pairs the machines: those with a node by its name, then those without by instance id
 * @param listed ids of all instances
 * @param joined the UIDs of the nodes of the instances that have one, by instance id
 */
record Join(Optional<String> instanceIdLabel, List<Pair> pairs, Set<String> listed, Map<String, String> joined) {
    /** The position of a machine's node when it has none. */
    static final int NO_NODE = -1;

    /**
     * A node, an instance, or both that are one machine.
     *
     * @param position where its node stands in the list of nodes; {@link #NO_NODE} when there is none
     * @param instance the instance; empty when the cloud does not list the node
     * @param doubt why it is not certain that they are one machine; empty when it is
     */
    record Pair(int position, Optional<Instance> instance, Optional<String> doubt) {}

    static Join of(List<Node> nodes, PoolDescription cloud) {
        List<Pair> pairs = new Joiner(cloud).join(nodes);
        Map<String, String> joined = new HashMap<>();
        for (Pair pair : pairs) {
            if (pair.position() != NO_NODE && pair.instance().isPresent()) {
                joined.put(
                        pair.instance().get().id(), nodes.get(pair.position()).uid());
            }
        }
        Set<String> listed = cloud.instances().stream().map(Instance::id).collect(Collectors.toUnmodifiableSet());
        return new Join(cloud.instanceIdLabel(), pairs, listed, Map.copyOf(joined));
    }

    /** Returns whether two nodes are joined in the same way: what one is joined with, the other would be in its stead. */
    boolean holdsFor(Node one, Node other) {
        return one.uid().equals(other.uid())
                && one.name().equals(other.name())
                && one.providerId().equals(other.providerId())
                && instanceIdLabel
                        .map(it -> Objects.equals(
                                one.labels().get(it), other.labels().get(it)))
                        .orElse(true);
    }
}
