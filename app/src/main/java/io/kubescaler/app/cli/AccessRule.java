package io.kubescaler.app.cli;

import io.kubescaler.kubernetes.lease.LeaseReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One kind of request that the scaler sends to the cluster, as the API server's authorization sees it.
 *
 * @param group the API group; empty for the core one
 * @param resource the resource, in plural
 * @param verb what is done
 * @param namespace where; empty for the whole cluster
 * @param name the one object that it is about; empty for any, and for what has no name yet
 * @param essential whether scaling fails without it; Events are a help only
 */
record AccessRule(
        String group,
        String resource,
        String verb,
        Optional<String> namespace,
        Optional<String> name,
        boolean essential) {
    // Events about nodes go where the kubelet's go
    private static final String NODE_EVENTS = "default";

    /**
     * Returns all that {@code run} sends, with no more and no fewer details than it sends them with: a permission for one
     * name does not answer for all, nor the other way round.
     *
     * @param lease the Lease; empty without leader election
     * @param ownNamespace the namespace of our own pod, where Events are about no node; empty when it is not known
     * @param dryRun whether nothing is changed
     */
    static List<AccessRule> all(Optional<LeaseReference> lease, Optional<String> ownNamespace, boolean dryRun) {
        List<AccessRule> rules = new ArrayList<>();
        for (String verb : List.of("get", "list", "watch")) {
            rules.add(inCluster("nodes", verb));
        }
        if (!dryRun) {
            rules.add(inCluster("nodes", "patch"));
        }
        for (String verb : List.of("list", "watch")) {
            rules.add(inCluster("pods", verb));
        }
        lease.ifPresent(it -> {
            rules.add(onLease(it, "get", Optional.of(it.name())));
            // the name of what is created is in its body, which authorization does not see
            rules.add(onLease(it, "create", Optional.empty()));
            rules.add(onLease(it, "update", Optional.of(it.name())));
        });
        for (String verb : List.of("create", "patch")) {
            rules.add(onEvents(verb, NODE_EVENTS));
            ownNamespace
                    .filter(namespace -> !namespace.equals(NODE_EVENTS))
                    .ifPresent(namespace -> rules.add(onEvents(verb, namespace)));
        }
        return rules;
    }

    private static AccessRule inCluster(String resource, String verb) {
        return new AccessRule("", resource, verb, Optional.empty(), Optional.empty(), true);
    }

    private static AccessRule onLease(LeaseReference lease, String verb, Optional<String> name) {
        return new AccessRule("coordination.k8s.io", "leases", verb, Optional.of(lease.namespace()), name, true);
    }

    private static AccessRule onEvents(String verb, String namespace) {
        return new AccessRule("events.k8s.io", "events", verb, Optional.of(namespace), Optional.empty(), false);
    }

    /** Returns the rule as kubectl writes it, such as {@code update leases.coordination.k8s.io/kubescaler}. */
    String text() {
        return verb + " " + resource + (group.isEmpty() ? "" : "." + group)
                + name.map(it -> "/" + it).orElse("")
                + namespace.map(it -> " in the namespace " + it).orElse("");
    }
}
