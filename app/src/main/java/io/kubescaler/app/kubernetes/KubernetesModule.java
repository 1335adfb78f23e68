package io.kubescaler.app.kubernetes;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.app.config.Settings;
import io.kubescaler.app.config.Settings.PoolSettings;
import java.util.Random;

/**
 * Provides the one {@link ClusterWatch} of all pools, not started yet. Whoever starts it closes it, before the client.
 * Needs {@link Settings} and the main {@link KubernetesClient}.
 */
public final class KubernetesModule extends AbstractModule {
    @Provides
    @Singleton
    ClusterWatch clusterWatch(Settings settings, KubernetesClient client) {
        return new ClusterWatch(
                client,
                settings.pools().stream().map(PoolSettings::policy).toList(),
                WatchTiming.DEFAULT,
                System::nanoTime,
                new Random()::nextDouble);
    }
}
