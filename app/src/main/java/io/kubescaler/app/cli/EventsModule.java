package io.kubescaler.app.cli;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.control.PassListener;
import io.kubescaler.kubernetes.events.NodeEvents;
import io.kubescaler.kubernetes.events.OwnPod;
import io.kubescaler.kubernetes.lease.LeaseListener;
import java.util.Map;

/**
 * Provides {@link NodeEvents}, adds it to the {@link PassListener}s and the {@link LeaseListener}s of the
 * {@link Multibinder}s, and leaves its start and end to whoever made the injector. Needs a {@link KubernetesClient}.
 */
public final class EventsModule extends AbstractModule {
    private final Map<String, String> environment;
    private final String instance;

    /**
     * Makes the module.
     *
     * @param environment the environment variables, for {@link OwnPod#of}
     * @param instance the name of this process, at most 128 characters
     */
    public EventsModule(Map<String, String> environment, String instance) {
        this.environment = Map.copyOf(environment);
        this.instance = instance;
    }

    @Override
    protected void configure() {
        Multibinder.newSetBinder(binder(), PassListener.class).addBinding().to(NodeEvents.class);
        Multibinder.newSetBinder(binder(), LeaseListener.class).addBinding().to(NodeEvents.class);
    }

    @Provides
    @Singleton
    NodeEvents events(KubernetesClient client) {
        return new NodeEvents(client, OwnPod.of(environment), instance);
    }
}
