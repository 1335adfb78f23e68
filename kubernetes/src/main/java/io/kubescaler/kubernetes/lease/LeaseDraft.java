package io.kubescaler.kubernetes.lease;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;

/**
 * Words the Lease objects that one process writes; sends nothing. Thread-safe.
 *
 * @param identity what this process, and no other, writes as holder
 * @param leaseDuration for how long others shall leave the lease alone
 * @param clock the wall clock: what the lease shows to people
 * @param ours the names of our annotations; they are removed from a lease that was restored from a backup
 */
record LeaseDraft(String identity, Duration leaseDuration, InstantSource clock, Set<String> ours) {
    private static final int RELEASED_SECONDS = 1;

    /**
     * Returns a first lease, held by this process.
     *
     * @param annotations what it says beside
     */
    Lease fresh(Map<String, String> annotations) {
        return new LeaseBuilder()
                .withNewMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withHolderIdentity(identity)
                .withLeaseDurationSeconds(seconds())
                .withAcquireTime(now())
                .withRenewTime(now())
                .withLeaseTransitions(0)
                .endSpec()
                .build();
    }

    /** Returns the lease renewed when this process holds it, else taken by it; one that was set back begins a new term. */
    Lease claimed(Sighting current) {
        LeaseBuilder claim = new LeaseBuilder(current.lease())
                .editOrNewSpec()
                .withHolderIdentity(identity)
                .withLeaseDurationSeconds(seconds())
                .withRenewTime(now())
                .endSpec();
        if (current.setBack()) {
            ours.forEach(
                    name -> claim.editMetadata().removeFromAnnotations(name).endMetadata());
        }
        if (current.setBack() || current.holder().filter(identity::equals).isEmpty()) {
            claim.editSpec()
                    .withAcquireTime(now())
                    .withLeaseTransitions(current.transitions() + 1)
                    .endSpec();
        }
        return claim.build();
    }

    /** Returns the lease renewed, with an annotation set. */
    Lease annotated(Sighting current, String name, String value) {
        return new LeaseBuilder(claimed(current))
                .editMetadata()
                .addToAnnotations(name, value)
                .endMetadata()
                .build();
    }

    /** Returns the lease held by nobody. */
    Lease freed(Sighting current) {
        return new LeaseBuilder(current.lease())
                .editSpec()
                .withHolderIdentity("")
                .withLeaseDurationSeconds(RELEASED_SECONDS)
                .withRenewTime(now())
                .endSpec()
                .build();
    }

    private ZonedDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atZone(ZoneOffset.UTC);
    }

    /** Rounds up: others may wait longer than this process counts on, never shorter. */
    private int seconds() {
        return Math.toIntExact(leaseDuration.plusNanos(999_999_999).toSeconds());
    }
}
