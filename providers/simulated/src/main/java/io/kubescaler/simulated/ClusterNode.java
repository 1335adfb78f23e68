package io.kubescaler.simulated;

import io.kubescaler.model.Node;
import io.kubescaler.model.Node.Marks;
import io.kubescaler.model.Node.Readiness;
import io.kubescaler.model.NodeLoad;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.model.Resources;
import io.kubescaler.model.Taint;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One node of a simulated cluster with its pods. Not thread-safe: guarded by the clock of its cluster. */
final class ClusterNode {
    static final String NOT_READY_TAINT = "node.kubernetes.io/not-ready";

    final NodeSpec spec;
    private final String uid;
    private final Instant createdAt;
    private final Map<String, Pod> pods = new LinkedHashMap<>();
    private String resourceVersion = "0";
    private Optional<String> providerId;
    private boolean unschedulable;
    private Optional<String> cordonedBy = Optional.empty();
    private Optional<String> unreadable = Optional.empty();
    private Readiness readiness;
    // immutable: every snapshot shares them
    private Map<String, String> labels;
    private Set<Taint> taints;
    private Set<String> pressures = Set.of();
    private Marks marks = Marks.NONE;
    private Resources used = Resources.NONE;
    private long scoredCpu;
    private long scoredMemory;
    private Optional<Node> snapshot = Optional.empty();

    ClusterNode(NodeSpec spec, String uid, Instant createdAt) {
        this.spec = spec;
        this.uid = uid;
        this.createdAt = createdAt;
        taints = with(spec.taints(), Taint.noSchedule(NOT_READY_TAINT), true);
        labels = spec.labels();
        providerId = spec.providerId();
        readiness = new Readiness(false, Optional.of(createdAt));
    }

    String name() {
        return spec.name();
    }

    String uid() {
        return uid;
    }

    String resourceVersion() {
        return resourceVersion;
    }

    Map<String, String> labels() {
        return labels;
    }

    Collection<Pod> pods() {
        return pods.values();
    }

    Marks marks() {
        return marks;
    }

    boolean unschedulable() {
        return unschedulable;
    }

    boolean ready() {
        return readiness.ready();
    }

    /** The Node object was written: it has a new version from now on. */
    void written(long newRevision) {
        resourceVersion = Long.toString(newRevision);
        snapshot = Optional.empty();
    }

    void setReady(boolean ready, Instant at) {
        if (ready != readiness.ready()) {
            readiness = new Readiness(ready, Optional.of(at));
        }
        setTaint(NOT_READY_TAINT, !ready);
    }

    void setTaint(String key, boolean present) {
        taints = with(taints, Taint.noSchedule(key), present);
    }

    void setProviderId(Optional<String> other) {
        providerId = other;
    }

    Optional<String> providerId() {
        return providerId;
    }

    void setPressure(String pressure, boolean present) {
        pressures = with(pressures, pressure, present);
    }

    void setLabel(String key, String value) {
        Map<String, String> changed = new HashMap<>(labels);
        changed.put(key, value);
        labels = Map.copyOf(changed);
    }

    private static <T> Set<T> with(Set<T> set, T element, boolean present) {
        Set<T> changed = new HashSet<>(set);
        if (present) {
            changed.add(element);
        } else {
            changed.remove(element);
        }
        return Set.copyOf(changed);
    }

    /** Whoever changes it owns it from then on; to set it once more takes it from nobody. */
    void setUnschedulable(boolean value, String manager) {
        if (value != unschedulable) {
            unschedulable = value;
            cordonedBy = value ? Optional.of(manager) : Optional.empty();
        }
    }

    void setUnreadable(Optional<String> what) {
        unreadable = what;
    }

    void setMarks(Marks value) {
        marks = value;
    }

    void put(Pod pod) {
        Pod before = pods.put(pod.uid(), pod);
        if (before == null) {
            used = used.plus(pod.requests());
            scoredCpu += Scoring.cpu(pod.requests());
            scoredMemory += Scoring.memory(pod.requests());
        }
        snapshot = Optional.empty();
    }

    void remove(Pod pod) {
        if (pods.remove(pod.uid()) != null) {
            used = Resources.NONE;
            for (Pod left : pods.values()) {
                used = used.plus(left.requests());
            }
            scoredCpu -= Scoring.cpu(pod.requests());
            scoredMemory -= Scoring.memory(pod.requests());
        }
        snapshot = Optional.empty();
    }

    /** Returns whether the scheduler may place a pod of that kind here now. */
    boolean takes(PodProfile profile) {
        return !unschedulable
                && pressures.isEmpty()
                && profile.constraints().keptOutBy(taints).isEmpty()
                && profile.constraints().select(labels, name())
                && spec.allocatable().timesFits(profile.requests(), used) >= 1;
    }

    /** Returns how well the scheduler likes to place such a pod here: 0 to 100. */
    int score(PodProfile profile) {
        return Scoring.leastAllocated(
                scoredCpu + Scoring.cpu(profile.requests()),
                scoredMemory + Scoring.memory(profile.requests()),
                spec.allocatable());
    }

    /** Returns the node as a reader sees it now; the same object until something changes. */
    Node snapshot(PodSelectors selectors) {
        if (snapshot.isPresent()) {
            return snapshot.get();
        }
        Node present = new Node(
                name(),
                uid,
                resourceVersion(),
                createdAt,
                labels,
                providerId,
                unschedulable,
                false,
                readiness,
                pressures,
                taints,
                spec.allocatable(),
                NodeLoad.of(pods.values(), selectors),
                marks,
                cordonedBy,
                unreadable);
        snapshot = Optional.of(present);
        return present;
    }
}
