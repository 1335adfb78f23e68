package io.kubescaler.kubernetes.lease;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.kubescaler.kubernetes.objects.Versions;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A version of the lease and when this process first saw it. Thread-safe as long as nobody changes the lease.
 *
 * @param atNanos when, on the monotonic clock of this process
 * @param setBack whether a newer version, or a lease with another UID, was seen before: the API server was restored from a
 *     backup, or somebody created the lease anew. Its former holder may still act, and its annotations are out of date
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
        return isSameLease(other)
                && Versions.compare(version(), other.getMetadata().getResourceVersion()) > 0;
    }

    /** Returns whether that is a version of the same lease, not of one that was made anew. */
    boolean isSameLease(Lease other) {
        return Objects.equals(lease.getMetadata().getUid(), other.getMetadata().getUid());
    }

    /** Returns its annotations. */
    Map<String, String> annotations() {
        return Optional.ofNullable(lease.getMetadata().getAnnotations()).orElse(Map.of());
    }

    /** Returns what tells a term of its holder from all others; after a backup the number of transitions alone does not. */
    String term() {
        String acquired = spec().map(LeaseSpec::getAcquireTime)
                .map(at -> at.toInstant().toString())
                .orElse("");
        return lease.getMetadata().getUid() + "/" + transitions() + "/" + acquired;
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
        // the last holder may have stated a longer one than the backup does
        duration = setBack && unstated.compareTo(duration) > 0 ? unstated : duration;
        Duration left = duration.minusNanos(nowNanos - atNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private Optional<LeaseSpec> spec() {
        return Optional.ofNullable(lease.getSpec());
    }
}
