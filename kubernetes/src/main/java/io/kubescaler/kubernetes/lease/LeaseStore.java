package io.kubescaler.kubernetes.lease;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.kubescaler.control.ClusterException;
import java.util.Optional;

/** One Lease object on the API server. Every call is a single bounded request. */
interface LeaseStore {
    /** Reads it with a quorum read; empty when there is none. */
    Optional<Lease> read() throws ClusterException;

    /** Creates it; a conflict when there is one already. */
    Lease create(Lease lease) throws ClusterException;

    /** Replaces it; a conflict unless it still has the resource version that the argument carries. */
    Lease replace(Lease lease) throws ClusterException;

    /** Returns how to call it in messages: namespace and name. */
    String description();
}
