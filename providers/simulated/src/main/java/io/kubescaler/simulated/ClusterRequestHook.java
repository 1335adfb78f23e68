package io.kubescaler.simulated;

import io.kubescaler.control.ClusterException;

/** Looks at each request that reaches the API server of a simulated cluster, before it is carried out. */
@FunctionalInterface
public interface ClusterRequestHook {
    /** Lets every request pass. */
    ClusterRequestHook NONE = (request, node) -> {};

    /**
     * Lets the request pass, or makes it fail.
     *
     * @param request what is asked for: {@code readNode}, {@code findNode}, {@code findFurtherNode},
     *     {@code readLoad}, {@code cordon}, {@code uncordon}, {@code mark} or {@code markDeleting}
     * @param node the name of the node that it is about; for {@code findNode} and {@code findFurtherNode} the id of the
     *     instance
     * @throws ClusterException to make it fail
     */
    void before(String request, String node) throws ClusterException;
}
