package io.kubescaler.app.kubernetes.lease;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.kubescaler.app.kubernetes.Versions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A version of the lease and when this process first saw it. Thread-safe as long as nobody changes the lease.
 *
 * @param atNanos when, on the monotonic clock of this process
 * @param setBack whether a newer version had been seen before: the API server was set back to a backup, and whoever held the
 *     lease by then may go on for a while, whoever held it in the backup
 */
record Sighting(Lease lease, long atNanos, boolean setBack) {
    /** Returns who holds it; empty for nobody. */
    Optional<String> holder() {
        return spec().map(LeaseSpec::getHolderIdentity).filter(name -> !name.isEmpty());
    }

    /** Returns its resource version, which changes with every renewal. */
    String version() {
        return lease.getMetadata().getResourceVersion();
    }

    /** Returns whether it is a newer version than that one; never of a lease that was made anew. */
    boolean isNewerThan(Lease other) {
        ObjectMeta theirs = other.getMetadata();
        return Objects.equals(lease.getMetadata().getUid(), theirs.getUid())
                && Versions.compare(version(), theirs.getResourceVersion()) > 0;
    }

    /** Returns its annotations. */
    Map<String, String> annotations() {
        return Optional.ofNullable(lease.getMetadata().getAnnotations()).orElse(Map.of());
    }

    /** Returns what tells a term of its holder from all others. */
    String term() {
        return lease.getMetadata().getUid() + "/" + transitions();
    }

    /** Returns how often it has gone from one holder to another. */
    int transitions() {
        return spec().map(LeaseSpec::getLeaseTransitions).orElse(0);
    }

    /**
     * Returns how long others than its holder must leave it alone: from when this process saw it change.
     *
     * @param identity who asks
     * @param unstated how long a lease lasts that does not say so itself
     */
    Duration untilFree(String identity, Duration unstated, long nowNanos) {
        if (!setBack && holder().filter(name -> !name.equals(identity)).isEmpty()) {
            return Duration.ZERO;
        }
        int stated = spec().map(LeaseSpec::getLeaseDurationSeconds).orElse(0);
        Duration duration = stated > 0 ? Duration.ofSeconds(stated) : unstated;
        // that of a backup is not that of the last holder
        duration = setBack && unstated.compareTo(duration) > 0 ? unstated : duration;
        Duration left = duration.minusNanos(nowNanos - atNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private Optional<LeaseSpec> spec() {
        return Optional.ofNullable(lease.getSpec());
    }
}
