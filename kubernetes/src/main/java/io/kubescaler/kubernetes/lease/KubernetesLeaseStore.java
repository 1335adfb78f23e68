package io.kubescaler.kubernetes.lease;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.kubescaler.control.ClusterException;
import io.kubescaler.kubernetes.client.ApiErrors;
import java.util.Optional;
import java.util.function.Supplier;

/** The Lease on a real API server. Thread-safe. */
final class KubernetesLeaseStore implements LeaseStore {
    private final KubernetesClient client;
    private final String namespace;
    private final String name;

    KubernetesLeaseStore(KubernetesClient client, String namespace, String name) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
    }

    @Override
    public Optional<Lease> read() throws ClusterException {
        return Optional.ofNullable(request(
                "reading",
                () -> client.leases().inNamespace(namespace).withName(name).get()));
    }

    @Override
    public Lease create(Lease lease) throws ClusterException {
        Lease named = new LeaseBuilder(lease)
                .editOrNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build();
        return request("creating", () -> client.resource(named).create());
    }

    @Override
    public Lease replace(Lease lease) throws ClusterException {
        return request("renewing", () -> client.resource(lease).update());
    }

    @Override
    public String description() {
        return namespace + "/" + name;
    }

    private <T> T request(String doing, Supplier<T> request) throws ClusterException {
        try {
            return request.get();
        } catch (KubernetesClientException failure) {
            throw ApiErrors.translate(doing + " lease " + description(), failure);
        }
    }
}
