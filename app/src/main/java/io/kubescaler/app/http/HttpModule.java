package io.kubescaler.app.http;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import io.kubescaler.app.config.Settings;
import io.kubescaler.app.observe.Metrics;
import io.kubescaler.app.observe.PassHistory;

/**
 * Provides the {@link HttpServer}, to be started and closed by whoever made the injector. Needs {@link Settings},
 * {@link Health} and what {@code ObserveModule} binds.
 */
public final class HttpModule extends AbstractModule {
    @Provides
    @Singleton
    HttpServer server(Settings settings, Health health, PassHistory history, Metrics metrics) {
        return new HttpServer(
                settings.http(),
                settings.pools().stream().map(pool -> pool.policy().pool()).toList(),
                health,
                history,
                metrics);
    }
}
