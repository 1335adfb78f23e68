package io.kubescaler.app.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.app.config.Settings;
import io.kubescaler.kubernetes.client.ClientFactory;
import io.kubescaler.kubernetes.client.ConnectionException;
import java.nio.file.Path;

/** Makes what reaches the cluster. */
final class Connections {
    private Connections() {}

    /** Returns the factory of clients for the cluster that the settings mean. */
    static ClientFactory factory(Settings settings, Surroundings surroundings) {
        return new ClientFactory(
                settings.kubernetes(),
                surroundings.environment(),
                surroundings.inCluster(),
                Path.of(System.getProperty("user.home")));
    }

    /** Returns the client for everything but the lease. */
    static KubernetesClient client(ClientFactory factory) throws CommandException {
        try {
            return factory.create();
        } catch (ConnectionException e) {
            throw CommandException.failed(String.valueOf(e.getMessage()), e);
        }
    }
}
