package io.kubescaler.simulated;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Places pods as the kube-scheduler does: in the order in which they came, each on the node with the best score among
 * those that take it, one at random among equals; a pod that fits nowhere waits and holds up no pod of another kind.
 *
 * <p>For each kind of pod the nodes that take it are kept in the order of their scores, so that neither a placement nor a
 * change of a node looks at all nodes. Not thread-safe: guarded by the clock of its cluster.
 */
final class Scheduler {
    // more kinds than that, and those nobody waits for are forgotten; they are built anew when needed
    private static final int KINDS_KEPT = 64;

    private final Collection<ClusterNode> nodes;
    private final SplittableRandom ties;
    private final Map<PodProfile, Kind> kinds = new LinkedHashMap<>();
    private long sequence;

    /**
     * @param nodes a view of all nodes of the cluster
     * @param ties decides between nodes that are equally good
     */
    Scheduler(Collection<ClusterNode> nodes, SplittableRandom ties) {
        this.nodes = nodes;
        this.ties = ties;
    }

    /** A pod that was found a node. */
    record Placement(PodSpec pod, ClusterNode node) {}

    void submit(PodSpec pod) {
        kind(PodProfile.of(pod)).waiting.put(pod.key(), new Waiting(pod, sequence++));
    }

    void withdraw(PodSpec pod) {
        kind(PodProfile.of(pod)).waiting.remove(pod.key());
    }

    void nodeChanged(ClusterNode node) {
        kinds.values().forEach(kind -> kind.update(node));
    }

    void nodeGone(ClusterNode node) {
        kinds.values().forEach(kind -> kind.remove(node));
    }

    /** Returns the pod that is placed next, and where; empty when no waiting pod fits anywhere. It waits no more. */
    Optional<Placement> next() {
        Kind first = null;
        long earliest = Long.MAX_VALUE;
        for (Kind kind : kinds.values()) {
            if (!kind.byScore.isEmpty() && !kind.waiting.isEmpty()) {
                long came = kind.waiting.values().iterator().next().sequence;
                if (came < earliest) {
                    earliest = came;
                    first = kind;
                }
            }
        }
        return Optional.ofNullable(first).map(kind -> kind.place(ties));
    }

    private Kind kind(PodProfile profile) {
        Kind present = kinds.get(profile);
        if (present != null) {
            return present;
        }
        if (kinds.size() >= KINDS_KEPT) {
            kinds.values().removeIf(kind -> kind.waiting.isEmpty());
        }
        Kind added = new Kind(profile);
        nodes.forEach(added::update);
        kinds.put(profile, added);
        return added;
    }

    private record Waiting(PodSpec pod, long sequence) {}

    /** The waiting pods of one profile, and the nodes that take such a pod. */
    private static final class Kind {
        private final PodProfile profile;
        private final Map<String, Waiting> waiting = new LinkedHashMap<>();
        private final TreeMap<Integer, Equals> byScore = new TreeMap<>();
        private final Map<ClusterNode, Integer> scores = new HashMap<>();

        Kind(PodProfile profile) {
            this.profile = profile;
        }

        void update(ClusterNode node) {
            remove(node);
            if (node.takes(profile)) {
                int score = node.score(profile);
                scores.put(node, score);
                byScore.computeIfAbsent(score, unused -> new Equals()).add(node);
            }
        }

        void remove(ClusterNode node) {
            Integer score = scores.remove(node);
            if (score != null) {
                Equals equals = byScore.get(score);
                if (equals != null && equals.removeLeavesNone(node)) {
                    byScore.remove(score);
                }
            }
        }

        Placement place(SplittableRandom ties) {
            var pods = waiting.values().iterator();
            PodSpec pod = pods.next().pod();
            pods.remove();
            return new Placement(pod, byScore.lastEntry().getValue().any(ties));
        }
    }

    /** Nodes with the same score; adding, removing and drawing one take the same time however many there are. */
    private static final class Equals {
        private final List<ClusterNode> members = new ArrayList<>();
        private final Map<ClusterNode, Integer> places = new HashMap<>();

        void add(ClusterNode node) {
            places.put(node, members.size());
            members.add(node);
        }

        boolean removeLeavesNone(ClusterNode node) {
            Integer place = places.remove(node);
            ClusterNode last = members.remove(members.size() - 1);
            if (place != null && last != node) {
                members.set(place, last);
                places.put(last, place);
            }
            return members.isEmpty();
        }

        ClusterNode any(SplittableRandom ties) {
            return members.get(members.size() == 1 ? 0 : ties.nextInt(members.size()));
        }
    }
}
