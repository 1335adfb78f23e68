package io.kubescaler.control;

import io.kubescaler.model.Node;
import io.kubescaler.model.Sightings;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Remembers since when this process has seen nodes set aside, and marked for deletion. Each begins anew when the node is
 * another one, or the mark is. For one thread.
 */
final class SightedNodes {
    private final LongSupplier nanoTime;
    private Map<String, Seen> seen = Map.of();
    // those of the last pass, and the positions of those that are set aside or marked for deletion
    private List<Node> nodes = List.of();
    private final BitSet noteworthy = new BitSet();
    private OptionalLong startNanos = OptionalLong.empty();

    private record Seen(
            String uid,
            boolean unschedulable,
            Optional<Instant> cordonedAt,
            long setAsideNanos,
            Optional<Instant> deletingAt,
            long deletingNanos) {}

    SightedNodes(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Forgets all, since somebody else may have acted in between. */
    void forget() {
        seen = Map.of();
    }

    /**
     * Takes in the nodes as a pass finds them. Those that are still the same objects, in the same order, are not looked at
     * again: there may be thousands, and passes come with every change of a pod.
     *
     * @param elsewhere ids of the machines without a fit node in the pool that have, or may have, one outside of it
     * @param cloudAge how long ago the cloud was asked for what it says
     */
    Sightings see(List<Node> nodesNow, Set<String> elsewhere, Duration cloudAge) {
        long now = nanoTime.getAsLong();
        startNanos = OptionalLong.of(startNanos.orElse(now));
        Map<String, Seen> current = new HashMap<>();
        Map<String, Duration> setAside = new HashMap<>();
        Map<String, Duration> deleting = new HashMap<>();
        takeIn(nodesNow);
        for (int i = noteworthy.nextSetBit(0); i >= 0; i = noteworthy.nextSetBit(i + 1)) {
            Node node = nodes.get(i);
            Seen latest = seeOne(node, now);
            current.put(node.name(), latest);
            if (node.unschedulable()) {
                setAside.put(node.name(), Duration.ofNanos(now - latest.setAsideNanos()));
            }
            if (latest.deletingAt().isPresent()) {
                deleting.put(node.name(), Duration.ofNanos(now - latest.deletingNanos()));
            }
        }
        seen = current;
        return new Sightings(
                Optional.of(Duration.ofNanos(now - startNanos.getAsLong())), elsewhere, cloudAge, setAside, deleting);
    }

    @SuppressWarnings("ReferenceEquality")
    private void takeIn(List<Node> nodesNow) {
        if (nodesNow.size() != nodes.size()) {
            nodes = List.of();
            noteworthy.clear();
        }
        for (int i = 0; i < nodesNow.size(); i++) {
            Node node = nodesNow.get(i);
            if (nodes.isEmpty() || node != nodes.get(i)) {
                noteworthy.set(
                        i, node.unschedulable() || node.marks().deletingAt().isPresent());
            }
        }
        nodes = nodesNow;
    }

    private Seen seeOne(Node node, long now) {
        Optional<Instant> cordonedAt = node.marks().cordonedAt();
        Optional<Instant> deletingAt = node.marks().deletingAt();
        Optional<Seen> before =
                Optional.ofNullable(seen.get(node.name())).filter(it -> it.uid().equals(node.uid()));
        return new Seen(
                node.uid(),
                node.unschedulable(),
                cordonedAt,
                before.filter(it -> it.unschedulable() == node.unschedulable())
                        .filter(it -> it.cordonedAt().equals(cordonedAt))
                        .map(Seen::setAsideNanos)
                        .orElse(now),
                deletingAt,
                before.filter(it -> it.deletingAt().equals(deletingAt))
                        .map(Seen::deletingNanos)
                        .orElse(now));
    }
}
