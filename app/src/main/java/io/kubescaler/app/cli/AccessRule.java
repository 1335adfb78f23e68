package io.kubescaler.app.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One thing that the scaler must be allowed to do on the cluster.
 *
 * @param group the API group; empty for the core one
 * @param resource the resource, in plural
 * @param verb what is done
 * @param namespace where; empty for the whole cluster
 * @param essential whether scaling fails without it; Events are a help only
 */
record AccessRule(String group, String resource, String verb, Optional<String> namespace, boolean essential) {
    // Events about nodes go where the kubelet's go
    private static final String NODE_EVENTS = "default";

    /**
     * Returns all that is needed.
     *
     * @param leaseNamespace where the Lease is; empty without leader election
     * @param ownNamespace the namespace of our own pod; empty outside a cluster
     * @param dryRun whether nothing is changed
     */
    static List<AccessRule> all(Optional<String> leaseNamespace, Optional<String> ownNamespace, boolean dryRun) {
        List<AccessRule> rules = new ArrayList<>();
        for (String verb : List.of("get", "list", "watch")) {
            rules.add(new AccessRule("", "nodes", verb, Optional.empty(), true));
        }
        if (!dryRun) {
            rules.add(new AccessRule("", "nodes", "patch", Optional.empty(), true));
        }
        for (String verb : List.of("list", "watch")) {
            rules.add(new AccessRule("", "pods", verb, Optional.empty(), true));
        }
        for (String verb : List.of("get", "create", "update")) {
            leaseNamespace.ifPresent(namespace ->
                    rules.add(new AccessRule("coordination.k8s.io", "leases", verb, Optional.of(namespace), true)));
        }
        for (String verb : List.of("create", "patch")) {
            rules.add(new AccessRule("events.k8s.io", "events", verb, Optional.of(NODE_EVENTS), false));
            ownNamespace
                    .filter(namespace -> !namespace.equals(NODE_EVENTS))
                    .ifPresent(namespace ->
                            rules.add(new AccessRule("events.k8s.io", "events", verb, Optional.of(namespace), false)));
        }
        return rules;
    }

    /** Returns the rule as people say it, such as {@code patch nodes}. */
    String text() {
        return verb + " " + resource + (group.isEmpty() ? "" : "." + group)
                + namespace.map(name -> " in the namespace " + name).orElse("");
    }
}
