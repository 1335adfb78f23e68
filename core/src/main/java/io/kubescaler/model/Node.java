package io.kubescaler.model;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One machine of a pool as Kubernetes reports it, with what its pods add up to. Immutable and thread-safe.
 *
 * @param name its name
 * @param uid its UID: another machine of the same name has another one
 * @param resourceVersion the version that this was read at; writes carry it, so that they fail on a node that changed
 * @param createdAt when the Node object was created
 * @param labels all its labels
 * @param providerId {@code spec.providerID}, such as {@code digitalocean://123}; empty until the cloud sets it
 * @param unschedulable {@code spec.unschedulable}: it is cordoned, by whomever
 * @param beingDeleted whether the Node object has a deletion timestamp
 * @param readiness its Ready condition
 * @param pressures the names of the conditions of trouble that are True: {@code DiskPressure}, {@code MemoryPressure},
 *     {@code PIDPressure}, {@code NetworkUnavailable}
 * @param taints its taints
 * @param allocatable what pods may use of it, {@link Resources#PODS} included
 * @param load what its pods add up to
 * @param marks our own annotations on it
 * @param cordonedBy the field manager that last set {@code spec.unschedulable}, by {@code metadata.managedFields}; empty
 *     when it is schedulable, or when that is not known
 * @param unreadable the first part of it that could not be read, and what is wrong with it: it is left alone; empty when
 *     all could
 */
public record Node(
        String name,
        String uid,
        String resourceVersion,
        Instant createdAt,
        Map<String, String> labels,
        Optional<String> providerId,
        boolean unschedulable,
        boolean beingDeleted,
        Readiness readiness,
        Set<String> pressures,
        Set<Taint> taints,
        Resources allocatable,
        NodeLoad load,
        Marks marks,
        Optional<String> cordonedBy,
        Optional<String> unreadable) {

    /** The field manager that the scaler's own writes name. */
    public static final String FIELD_MANAGER = "kubescaler";

    public Node {
        labels = Map.copyOf(labels);
        providerId = providerId.filter(id -> !id.isEmpty());
        pressures = Set.copyOf(pressures);
        taints = Set.copyOf(taints);
    }

    /**
     * The Ready condition of a node.
     *
     * @param ready whether its status is True
     * @param changedAt when the status last changed; empty when the node has no such condition yet
     */
    public record Readiness(boolean ready, Optional<Instant> changedAt) {}

    /**
     * The scaler's own annotations on a node: all that it remembers of it.
     *
     * @param cordonedAt {@code kubescaler.io/cordoned-at}: when the scaler cordoned it; empty when it did not
     * @param emptySince {@code kubescaler.io/empty-since}: since when the cordoned node has had no server
     * @param deletingAt {@code kubescaler.io/deleting-at}: when the scaler set out to delete it
     * @param keep {@code kubescaler.io/keep} is {@code "true"}: a person protects it
     */
    public record Marks(
            Optional<Instant> cordonedAt, Optional<Instant> emptySince, Optional<Instant> deletingAt, boolean keep) {
        /** No annotations of ours. */
        public static final Marks NONE = new Marks(Optional.empty(), Optional.empty(), Optional.empty(), false);

        /** Returns whether one of the three that the scaler itself writes is there. */
        public boolean any() {
            return cordonedAt.isPresent() || emptySince.isPresent() || deletingAt.isPresent();
        }
    }

    /**
     * Returns whether it is unschedulable and it was the scaler who made it so: it carries our annotation, and nobody else
     * has set it unschedulable since, as far as is known.
     */
    public boolean cordonedByUs() {
        return unschedulable && marks.cordonedAt().isPresent() && !isCordonedByOther();
    }

    /** Returns whether it is unschedulable and is known to have been made so by somebody else, whatever annotations say. */
    public boolean isCordonedByOther() {
        return unschedulable
                && cordonedBy.filter(it -> !it.equals(FIELD_MANAGER)).isPresent();
    }

    /** Returns whether it is unschedulable and is known to have been made so by the scaler, whatever annotations say. */
    public boolean isCordonedByScaler() {
        return unschedulable && cordonedBy.filter(FIELD_MANAGER::equals).isPresent();
    }

    /** Returns this node with another load. */
    public Node withLoad(NodeLoad other) {
        return with(resourceVersion, other);
    }

    /** Returns this node with another version. */
    public Node withResourceVersion(String other) {
        return with(other, load);
    }

    private Node with(String otherVersion, NodeLoad otherLoad) {
        return new Node(
                name,
                uid,
                otherVersion,
                createdAt,
                labels,
                providerId,
                unschedulable,
                beingDeleted,
                readiness,
                pressures,
                taints,
                allocatable,
                otherLoad,
                marks,
                cordonedBy,
                unreadable);
    }
}
