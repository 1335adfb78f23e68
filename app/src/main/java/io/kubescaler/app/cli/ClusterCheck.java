package io.kubescaler.app.cli;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kubescaler.app.config.Settings;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.kubernetes.client.ApiErrors;
import io.kubescaler.kubernetes.client.ClientFactory;
import io.kubescaler.kubernetes.client.ConnectionException;
import io.kubescaler.kubernetes.client.Reachability;
import io.kubescaler.kubernetes.events.OwnPod;
import io.kubescaler.model.Count;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.provider.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks, and changes nothing, whether the cluster can be reached, lets us do our work and has what we need of it. */
final class ClusterCheck {
    private final Settings settings;
    private final ClientFactory factory;
    private final Optional<OwnPod> ownPod;
    // once the cluster answers; what else is to be looked at is one more line here
    private final List<Look> looks = List.of(this::permissions, this::lease, this::nodes);

    /** Looks at one thing. */
    @FunctionalInterface
    private interface Look {
        List<Finding> at(KubernetesClient client);
    }

    /** @param ownPod the pod of this process, as {@code run} would take it for the subject of Events */
    ClusterCheck(Settings settings, ClientFactory factory, Optional<OwnPod> ownPod) {
        this.settings = settings;
        this.factory = factory;
        this.ownPod = ownPod;
    }

    /** Looks; what cannot be looked at is a finding, too. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        try (KubernetesClient client = factory.create()) {
            findings.add(Finding.ok(
                    "cluster", "%s answers with %s".formatted(client.getMasterUrl(), Reachability.versionOf(client))));
            looks.forEach(look -> findings.addAll(look.at(client)));
        } catch (ConnectionException e) {
            findings.add(Finding.error("cluster", String.valueOf(e.getMessage())));
        }
        return findings;
    }

    private List<Finding> permissions(KubernetesClient client) {
        return AccessRule.all(settings.leaderElection().lease(), ownPod.map(OwnPod::namespace), settings.dryRun())
                .stream()
                .map(rule -> permission(client, rule))
                .toList();
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
                .withName(rule.name().orElse(null))
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

    private List<Finding> lease(KubernetesClient client) {
        return List.of(settings.leaderElection()
                .lease()
                .map(lease -> LeaseCheck.finding(client, lease))
                .orElseGet(() -> Finding.ok(
                        "lease", "none: this process acts alone, and a second one for the same pools would act too")));
    }

    private List<Finding> nodes(KubernetesClient client) {
        return settings.pools().stream().map(pool -> nodes(client, pool)).toList();
    }

    private static Finding nodes(KubernetesClient client, PoolSettings pool) {
        PoolPolicy policy = pool.policy();
        String what = "nodes of the pool " + policy.pool();
        try {
            List<Node> nodes = client.nodes()
                    .withLabelSelector(policy.selector().toString())
                    .list()
                    .getItems();
            String message = "%s %s".formatted(Count.of(nodes.size(), "matches", "match"), policy.selector());
            return nodes.isEmpty() && policy.minimum() > 0
                    ? Finding.warning(what, message + "; check node-selector against `kubectl get nodes --show-labels`")
                    : Finding.ok(what, message);
        } catch (KubernetesClientException e) {
            return Finding.error(what, "cannot be listed: " + ApiErrors.describe(e));
        }
    }
}
