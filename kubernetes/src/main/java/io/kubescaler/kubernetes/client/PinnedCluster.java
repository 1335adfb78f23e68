package io.kubescaler.kubernetes.client;

import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import java.util.Optional;

/**
 * The cluster that a process works with from its first load on. A kubeconfig that means another one later must not give
 * this cluster's API server the other's credentials. Immutable.
 *
 * @param source where it was read from, as a message names it
 * @param context the kubeconfig's context; empty without a kubeconfig
 * @param server the address that is written there, before a setting replaces it
 */
record PinnedCluster(String source, Optional<String> context, String server) {

    static PinnedCluster of(Config config, String source) {
        Optional<String> context =
                Optional.ofNullable(config.getCurrentContext()).map(NamedContext::getName);
        return new PinnedCluster(source, context, config.getMasterUrl());
    }

    /**
     * Checks that what was read later means the same cluster.
     *
     * @throws ConnectionException when its context or its server is another
     */
    void requireSame(PinnedCluster later) throws ConnectionException {
        if (!context.equals(later.context) || !server.equals(later.server)) {
            throw new ConnectionException(
                    "%s now means %s, and this process works with %s; restart it to change the cluster"
                            .formatted(later.source, later.words(), words()));
        }
    }

    private String words() {
        return context.map(name -> "the context " + name).orElse("no context") + " with the server " + server;
    }
}
