package io.kubescaler.app.config;

import io.kubescaler.kubernetes.client.InCluster;
import java.util.Optional;

/** Whether this process agrees with others, by a Lease, on which of them acts. A value; thread-safe. */
public sealed interface Election {
    /**
     * It does.
     *
     * @param namespace where the Lease is
     */
    record ByLease(String namespace) implements Election {}

    /** It acts alone, and there is nobody else, as far as it has been told. */
    record Alone() implements Election {}

    /**
     * It has to, and does not know where: it must not start.
     *
     * @param why what is missing and what to do about it, as a clause that follows the key of the namespace
     */
    record Impossible(String why) implements Election {}

    /**
     * Decides. In a cluster there may be another replica, so there is an election unless the settings say otherwise;
     * elsewhere only when they ask for it. The Lease is in the namespace that is set, else in the pod's own. A kubeconfig
     * has no say in it: two replicas may have different ones.
     *
     * @param enabled {@code leader-election.enabled}; empty when it is not set
     * @param namespace {@code leader-election.namespace}; empty when it is not set
     * @param inCluster the cluster that the process runs in; empty outside of one
     */
    static Election of(Optional<Boolean> enabled, Optional<String> namespace, Optional<InCluster> inCluster) {
        if (!enabled.orElse(inCluster.isPresent())) {
            return new Alone();
        }
        return namespace
                .or(() -> inCluster.flatMap(InCluster::namespace))
                .<Election>map(ByLease::new)
                .orElseGet(() -> new Impossible(why(inCluster)));
    }

    private static String why(Optional<InCluster> inCluster) {
        String where = inCluster
                .map(cluster -> ("is not set, and this process runs in a cluster (KUBERNETES_SERVICE_HOST = %s) without"
                                + " knowing its namespace: neither a mounted service account nor POD_NAMESPACE tells")
                        .formatted(cluster.host()))
                .orElse("is not set, and this process runs outside a cluster, where it has no namespace of its own");
        String remedies = inCluster.isPresent()
                ? "set it, the same for all replicas, or mount the token (automountServiceAccountToken: true), or set"
                        + " POD_NAMESPACE by the downward API"
                : "set it, the same for all replicas";
        return where + "; without a Lease two replicas would both act: " + remedies
                + "; a single process that acts alone needs leader-election.enabled = false";
    }
}
