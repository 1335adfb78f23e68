package io.kubescaler.kubernetes.pool;

import io.kubescaler.kubernetes.objects.Observed;
import io.kubescaler.kubernetes.objects.Versions;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The nodes that are watched, without their loads, each at the newest version that was heard of: from the watch, or
 * from the answer to a request of our own. Not thread-safe.
 */
final class NodeIndex {
    private final Map<String, Node> nodes = new HashMap<>();
    // by UID: what version a write of ours made of what version
    private final Map<String, OwnWrite> ownWrites = new HashMap<>();
    private Set<String> unlisted = Set.of();
    private boolean listing;
    // by UID: what a request of ours has told of since the list under way began
    private final Set<String> answered = new HashSet<>();

    /** What became of a node: before and after, empty where it was not there. */
    record Change(Optional<Node> before, Optional<Node> after) {
        /** Returns whether a plan could come out differently; a version alone makes no difference. */
        boolean isOne() {
            return !before.map(node -> node.withResourceVersion(""))
                    .equals(after.map(node -> node.withResourceVersion("")));
        }

        /** Returns whether the node is, or was, one that is selected. */
        boolean concerns(LabelSelector selector) {
            return before.filter(node -> selector.matches(node.labels())).isPresent()
                    || after.filter(node -> selector.matches(node.labels())).isPresent();
        }
    }

    private record OwnWrite(Set<String> bases, String result) {}

    /**
     * All nodes follow; until {@link #endList}, those of before stay. What the list says is newer than all that came
     * before it began, whatever the versions are: an API server that was set back to a backup counts on from there.
     */
    void startList() {
        unlisted = new HashSet<>(nodes.keySet());
        listing = true;
        answered.clear();
    }

    /** Removes the nodes that have not come since {@link #startList}. */
    void endList() {
        unlisted.forEach(this::remove);
        unlisted = Set.of();
        listing = false;
        answered.clear();
    }

    /** Takes a node as it is now, unless a newer version of it is known. */
    Change upsert(Node node) {
        if (!unlisted.isEmpty()) {
            unlisted.remove(node.name());
        }
        return put(node, listing && !answered.contains(node.uid()));
    }

    private Change put(Node node, boolean isNewest) {
        Optional<Node> before = get(node.name());
        boolean older = before.filter(known -> isOlder(node, known)).isPresent();
        if (older && !isNewest) {
            return new Change(before, before);
        }
        nodes.put(node.name(), node);
        // of another node, or of versions that are void
        before.filter(known -> older || !known.uid().equals(node.uid()))
                .ifPresent(known -> ownWrites.remove(known.uid()));
        return new Change(before, Optional.of(node));
    }

    /** Removes a node, unless another one has its name by now. */
    Change delete(Observed<Node> node) {
        Optional<Node> before = get(node.key());
        if (before.filter(known -> known.uid().equals(node.uid())).isEmpty()) {
            return new Change(before, before);
        }
        remove(node.key());
        return new Change(before, Optional.empty());
    }

    /**
     * Takes the answer to a request of our own: newer than what is known, or it changes nothing. It is no word of the
     * list under way: that one may lack the node, and no event will tell so.
     */
    Change answered(Node node) {
        Optional<Node> before = get(node.name());
        if (before.filter(known -> known.uid().equals(node.uid())).isEmpty()) {
            return new Change(before, before);
        }
        if (listing) {
            answered.add(node.uid());
        }
        return put(node, false);
    }

    /** Takes note of a write of our own, which made the second of the first. */
    void wrote(Node base, Node result) {
        Set<String> bases = new HashSet<>(Set.of(base.resourceVersion()));
        OwnWrite earlier = ownWrites.get(base.uid());
        if (earlier != null && earlier.result().equals(currentVersion(base))) {
            bases.addAll(earlier.bases());
        }
        ownWrites.put(base.uid(), new OwnWrite(Set.copyOf(bases), result.resourceVersion()));
    }

    /**
     * Returns the version that a node must have for nobody but ourselves to have changed it since it was read: its own,
     * or what our writes since have made of it.
     */
    String currentVersion(Node node) {
        OwnWrite own = ownWrites.get(node.uid());
        return own != null && own.bases().contains(node.resourceVersion()) ? own.result() : node.resourceVersion();
    }

    /** Returns the node of that name. */
    Optional<Node> get(String name) {
        return Optional.ofNullable(nodes.get(name));
    }

    /** Returns whether there is such a node. */
    boolean any(Predicate<Node> such) {
        return nodes.values().stream().anyMatch(such);
    }

    /** Returns those of the nodes. */
    List<Node> all(Predicate<Node> which) {
        return nodes.values().stream().filter(which).toList();
    }

    private void remove(String name) {
        Node removed = nodes.remove(name);
        if (removed != null) {
            ownWrites.remove(removed.uid());
        }
    }

    private static boolean isOlder(Node node, Node known) {
        return node.uid().equals(known.uid()) && Versions.compare(node.resourceVersion(), known.resourceVersion()) < 0;
    }
}
