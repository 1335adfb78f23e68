package io.kubescaler.app.cli;

import com.google.inject.AbstractModule;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.kubernetes.client.ClientFactory;

/**
 * Binds the {@link ClientFactory} and the main {@link KubernetesClient}. Both are made before the injector, so that what
 * is wrong with the settings is told in plain words; whoever made the client closes it, after all that uses it.
 */
public final class ClientModule extends AbstractModule {
    private final ClientFactory factory;
    private final KubernetesClient client;

    /** Takes what is to be bound. */
    public ClientModule(ClientFactory factory, KubernetesClient client) {
        this.factory = factory;
        this.client = client;
    }

    @Override
    protected void configure() {
        bind(ClientFactory.class).toInstance(factory);
        bind(KubernetesClient.class).toInstance(client);
    }
}
