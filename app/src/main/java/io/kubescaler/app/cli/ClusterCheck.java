package io.kubescaler.app.cli;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kubescaler.app.config.Settings;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.app.kubernetes.client.ApiErrors;
import io.kubescaler.app.kubernetes.client.ClientFactory;
import io.kubescaler.app.kubernetes.client.ConnectionException;
import io.kubescaler.app.kubernetes.client.InCluster;
import io.kubescaler.app.kubernetes.client.Reachability;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.provider.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks, by reading alone, whether the cluster can be reached, lets us do our work and has the pools' nodes. */
final class ClusterCheck {
    private final Settings settings;
    private final ClientFactory factory;

    ClusterCheck(Settings settings, ClientFactory factory) {
        this.settings = settings;
        this.factory = factory;
    }

    /** Looks; what cannot be looked at is a finding, too. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        try (KubernetesClient client = factory.create()) {
            findings.add(Finding.ok(
                    "cluster", "%s answers with %s".formatted(client.getMasterUrl(), Reachability.versionOf(client))));
            rules(findings).forEach(rule -> findings.add(permission(client, rule)));
            settings.pools().forEach(pool -> findings.add(nodes(client, pool)));
        } catch (ConnectionException e) {
            findings.add(Finding.error("cluster", String.valueOf(e.getMessage())));
        }
        return findings;
    }

    private List<AccessRule> rules(List<Finding> findings) {
        Optional<String> own = factory.inCluster().map(InCluster::namespace);
        boolean elects = settings.leaderElection().isOn(factory.inCluster().isPresent());
        Optional<String> lease = settings.leaderElection().namespace().or(() -> own);
        if (elects && lease.isEmpty()) {
            findings.add(Finding.error(
                    "lease",
                    "leader election is on and no namespace is known; set leader-election.namespace, the same for all"
                            + " replicas"));
        }
        return AccessRule.all(elects ? lease : Optional.empty(), own, settings.dryRun());
    }

    private static Finding permission(KubernetesClient client, AccessRule rule) {
        String what = "permission to " + rule.text();
        SelfSubjectAccessReview review = new SelfSubjectAccessReviewBuilder()
                .withNewSpec()
                .withNewResourceAttributes()
                .withGroup(rule.group())
                .withResource(rule.resource())
                .withVerb(rule.verb())
                .withNamespace(rule.namespace().orElse(null))
                .endResourceAttributes()
                .endSpec()
                .build();
        try {
            SelfSubjectAccessReview answer =
                    client.authorization().v1().selfSubjectAccessReview().create(review);
            if (Boolean.TRUE.equals(answer.getStatus().getAllowed())) {
                return Finding.ok(what, "granted");
            }
            String message = "missing; grant it to the service account or user that the scaler runs as";
            return rule.essential() ? Finding.error(what, message) : Finding.warning(what, message);
        } catch (KubernetesClientException e) {
            return Finding.warning(what, "could not be looked at: " + ApiErrors.describe(e));
        }
    }

    private static Finding nodes(KubernetesClient client, PoolSettings pool) {
        PoolPolicy policy = pool.policy();
        String what = "nodes of the pool " + policy.pool();
        try {
            List<Node> nodes = client.nodes()
                    .withLabelSelector(policy.selector().toString())
                    .list()
                    .getItems();
            String message = "%d match %s".formatted(nodes.size(), policy.selector());
            return nodes.isEmpty() && policy.minimum() > 0
                    ? Finding.warning(what, message + "; check node-selector against `kubectl get nodes --show-labels`")
                    : Finding.ok(what, message);
        } catch (KubernetesClientException e) {
            return Finding.error(what, "cannot be listed: " + ApiErrors.describe(e));
        }
    }
}
