package io.kubescaler.kubernetes.lease;

/**
 * Which Lease, of the cluster that is scaled.
 *
 * @param namespace its namespace: {@code leader-election.namespace}, else the pod's own
 * @param name its name: {@code leader-election.lease-name}, default {@code kubescaler}
 */
public record LeaseReference(String namespace, String name) {
    /** Returns how to call it in messages: namespace and name. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
