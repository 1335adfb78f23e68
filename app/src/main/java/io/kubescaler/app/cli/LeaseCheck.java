package io.kubescaler.app.cli;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kubescaler.kubernetes.client.ApiErrors;
import io.kubescaler.kubernetes.lease.LeaseReference;
import io.kubescaler.provider.Finding;
import java.util.Optional;

/** Looks whether the Lease of the election is there or could be created. Changes nothing. */
final class LeaseCheck {
    private static final String WHAT = "lease";
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private LeaseCheck() {}

    static Finding finding(KubernetesClient client, LeaseReference lease) {
        try {
            return Optional.ofNullable(client.leases()
                            .inNamespace(lease.namespace())
                            .withName(lease.name())
                            .get())
                    .map(present -> Finding.ok(WHAT, held(client, lease, present)))
                    .orElseGet(() -> creation(client, lease));
        } catch (KubernetesClientException e) {
            return notLookedAt(lease, e);
        }
    }

    private static String held(KubernetesClient client, LeaseReference lease, Lease present) {
        return Optional.ofNullable(present.getSpec())
                .map(LeaseSpec::getHolderIdentity)
                .filter(holder -> !holder.isEmpty())
                .map(holder -> "%s at %s is held by %s".formatted(lease, client.getMasterUrl(), holder))
                .orElseGet(() -> "%s at %s is held by nobody".formatted(lease, client.getMasterUrl()));
    }

    // the dry run of a creation tells what reading does not: whether there is such a namespace
    private static Finding creation(KubernetesClient client, LeaseReference lease) {
        Lease wanted = new LeaseBuilder()
                .withNewMetadata()
                .withNamespace(lease.namespace())
                .withName(lease.name())
                .endMetadata()
                .build();
        try {
            client.resource(wanted).dryRun().create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == NOT_FOUND) {
                return Finding.error(
                        WHAT,
                        ("the namespace %s does not exist at %s, so no leader could be elected and nothing would be"
                                        + " done; create it (kubectl create namespace %s) or set"
                                        + " leader-election.namespace to one that exists, the same for all replicas")
                                .formatted(lease.namespace(), client.getMasterUrl(), lease.namespace()));
            }
            if (e.getCode() != CONFLICT) {
                return notLookedAt(lease, e);
            }
        }
        return Finding.ok(WHAT, "%s is not there yet and can be created at %s".formatted(lease, client.getMasterUrl()));
    }

    // a permission that is missing has a finding of its own
    private static Finding notLookedAt(LeaseReference lease, KubernetesClientException failure) {
        return Finding.warning(WHAT, "%s could not be looked at: %s".formatted(lease, ApiErrors.describe(failure)));
    }
}
