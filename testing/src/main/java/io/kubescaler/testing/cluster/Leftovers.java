package io.kubescaler.testing.cluster;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What tests left in the control plane. No controllers run there, so nothing cleans up after a deletion but this. */
final class Leftovers {
    private static final Set<String> SYSTEM = Set.of("default", "kube-system", "kube-public", "kube-node-lease");
    private static final String BUILT_IN = "kubernetes.io/bootstrapping";

    private final KubernetesClient client;

    Leftovers(KubernetesClient client) {
        this.client = client;
    }

    void remove() {
        client.nodes().withGracePeriod(0).delete();
        List<Namespace> namespaces = client.namespaces().list().getItems();
        namespaces.forEach(namespace -> empty(namespace.getMetadata().getName()));
        namespaces.stream()
                .filter(namespace -> !SYSTEM.contains(namespace.getMetadata().getName()))
                .forEach(this::end);
        client.rbac()
                .clusterRoleBindings()
                .withLabelNotIn(BUILT_IN, "rbac-defaults")
                .delete();
        client.rbac().clusterRoles().withLabelNotIn(BUILT_IN, "rbac-defaults").delete();
    }

    private void empty(String namespace) {
        boolean system = SYSTEM.contains(namespace);
        client.pods().inNamespace(namespace).withGracePeriod(0).delete();
        client.v1().events().inNamespace(namespace).delete();
        if (system) {
            return;
        }
        Stream.<MixedOperation<? extends HasMetadata, ? extends KubernetesResourceList<?>, ? extends Resource<?>>>of(
                        client.leases(),
                        client.secrets(),
                        client.configMaps(),
                        client.serviceAccounts(),
                        client.services(),
                        client.apps().deployments(),
                        client.policy().v1().podDisruptionBudget(),
                        client.rbac().roleBindings(),
                        client.rbac().roles())
                .forEach(kind -> kind.inNamespace(namespace)
                        .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                        .delete());
    }

    /** Deletes a namespace and does the namespace controller's part: takes off the finalizer. */
    private void end(Namespace namespace) {
        String name = namespace.getMetadata().getName();
        client.namespaces().withName(name).delete();
        Namespace current = client.namespaces().withName(name).get();
        if (current != null) {
            client.raw(
                    "/api/v1/namespaces/%s/finalize".formatted(name),
                    "PUT",
                    new NamespaceBuilder(current)
                            .editSpec()
                            .withFinalizers(List.of())
                            .endSpec()
                            .build());
        }
    }
}
