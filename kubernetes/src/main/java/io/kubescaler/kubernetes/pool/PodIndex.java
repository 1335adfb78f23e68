package io.kubescaler.kubernetes.pool;

import io.kubescaler.kubernetes.objects.Observed;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PodSelectors;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The live pods of the cluster, by node. What the pods of a node add up to is worked out when asked for and kept until
 * one of them changes, so that a change costs no more than the pods of its node. Not thread-safe.
 */
final class PodIndex {
    private final PodSelectors selectors;
    // how many pods each server selector matches
    private final Map<LabelSelector, Integer> servers = new HashMap<>();
    // by UID: it is held by the pod anyway, and a pod made anew under the same name is another one
    private final Map<String, Pod> pods = new HashMap<>();
    private final Map<String, NodePods> byNode = new HashMap<>();
    private final Map<String, Pod> unplaced = new HashMap<>();
    private Set<String> unlisted = Set.of();

    PodIndex(PodSelectors selectors) {
        this.selectors = selectors;
    }

    /** What became of a pod: before and after, empty where it was not there. */
    record Change(Optional<Pod> before, Optional<Pod> after) {
        /** Returns whether there is any difference. */
        boolean isOne() {
            return !before.equals(after);
        }
    }

    private static final class NodePods {
        private final List<Pod> pods = new ArrayList<>();
        private Optional<NodeLoad> load = Optional.empty();
    }

    /** All pods follow; until {@link #endList}, those of before stay. */
    void startList() {
        unlisted = new HashSet<>(pods.keySet());
    }

    /** Removes the pods that have not come since {@link #startList}. */
    void endList() {
        unlisted.forEach(uid -> replace(uid, Optional.empty()));
        unlisted = Set.of();
    }

    /** Takes a pod as it is now; one that has ended is removed. */
    Change upsert(Observed<Pod> pod) {
        if (!unlisted.isEmpty()) {
            unlisted.remove(pod.uid());
        }
        return replace(pod.uid(), pod.value());
    }

    /** Removes a pod. */
    Change delete(Observed<Pod> pod) {
        return replace(pod.uid(), Optional.empty());
    }

    /** Returns what the pods of a node add up to. */
    NodeLoad load(String node) {
        NodePods there = byNode.get(node);
        if (there == null) {
            return NodeLoad.EMPTY;
        }
        NodeLoad load = there.load.orElseGet(() -> NodeLoad.of(there.pods, selectors));
        there.load = Optional.of(load);
        return load;
    }

    /** Returns the servers that are on no node and are not terminating. */
    List<Pod> unplaced(LabelSelector servers) {
        return unplaced.values().stream()
                .filter(pod -> pod.isServer(servers) && !pod.terminating())
                .toList();
    }

    /** Returns the pods that are on no node, are no such servers, and would keep the node that they come to. */
    List<Pod> otherUnplaced(LabelSelector servers) {
        return unplaced.values().stream()
                .filter(pod -> !pod.isServer(servers) && !pod.terminating() && NodeLoad.keepsNode(pod, selectors))
                .toList();
    }

    /** Returns how many pods are servers of that selector, one of those of the pools; terminating ones included. */
    int servers(LabelSelector selector) {
        return servers.getOrDefault(selector, 0);
    }

    /** Returns how many pods there are. */
    int size() {
        return pods.size();
    }

    private Change replace(String uid, Optional<Pod> after) {
        Optional<Pod> before = Optional.ofNullable(pods.get(uid));
        Change change = new Change(before, after);
        if (change.isOne()) {
            before.ifPresent(this::remove);
            after.ifPresent(this::add);
        }
        return change;
    }

    private void add(Pod pod) {
        pods.put(pod.uid(), pod);
        countServers(pod, 1);
        pod.nodeName()
                .ifPresentOrElse(
                        name -> {
                            NodePods there = byNode.computeIfAbsent(name, any -> new NodePods());
                            there.pods.add(pod);
                            there.load = Optional.empty();
                        },
                        () -> unplaced.put(pod.uid(), pod));
    }

    private void countServers(Pod pod, int by) {
        for (LabelSelector selector : selectors.servers()) {
            if (pod.isServer(selector)) {
                servers.merge(selector, by, Integer::sum);
            }
        }
    }

    // the same object is in all places
    @SuppressWarnings("ReferenceEquality")
    private void remove(Pod pod) {
        pods.remove(pod.uid());
        countServers(pod, -1);
        unplaced.remove(pod.uid());
        pod.nodeName()
                .ifPresent(name -> byNode.computeIfPresent(name, (any, there) -> {
                    there.pods.removeIf(one -> one == pod);
                    there.load = Optional.empty();
                    return there.pods.isEmpty() ? null : there;
                }));
    }
}
