package io.kubescaler.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.TypeLiteral;
import io.kubescaler.app.config.Settings;
import io.kubescaler.app.config.Settings.HttpSettings;
import io.kubescaler.app.config.Settings.LeaderElectionSettings;
import io.kubescaler.app.config.Settings.LogSettings;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.app.observe.FirstDecision;
import io.kubescaler.app.observe.Metrics;
import io.kubescaler.app.observe.ObserveModule;
import io.kubescaler.app.observe.PassHistory;
import io.kubescaler.app.observe.PassLog;
import io.kubescaler.app.observe.PassMetrics;
import io.kubescaler.app.observe.TestPasses;
import io.kubescaler.control.Leadership;
import io.kubescaler.control.PassListener;
import io.kubescaler.kubernetes.client.KubernetesSettings;
import io.kubescaler.kubernetes.lease.LeaseListener;
import io.kubescaler.kubernetes.lease.LeaseStatus;
import io.kubescaler.kubernetes.lease.LeaseStatus.Role;
import io.kubescaler.kubernetes.lease.LeaseTiming;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.testing.PoolBuilder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WiringTest {
    private final Injector injector = Guice.createInjector(new ObserveModule(), new HttpModule(), new AbstractModule() {
        @Override
        protected void configure() {
            bind(Settings.class).toInstance(settings());
            bind(Leadership.class).toInstance(Leadership.ALWAYS);
            bind(Health.class).toInstance(new Health(List.of(), List.of()));
        }
    });

    @Test
    void tellsLogMetricsAndHistoryOfEachPass() {
        try (Metrics metrics = injector.getInstance(Metrics.class)) {
            Set<PassListener> listeners = injector.getInstance(Key.get(new TypeLiteral<Set<PassListener>>() {}));

            assertThat(listeners)
                    .hasExactlyElementsOfTypes(
                            PassLog.class, PassMetrics.class, PassHistory.class, FirstDecision.class);
            listeners.forEach(listener -> listener.passed(TestPasses.idle()));
            assertThat(injector.getInstance(PassHistory.class).last("games")).isPresent();
            assertThat(shown(metrics)).contains("kubescaler_slots_free{pool=\"games\"} 5.0", "kubescaler_leader 1.0");
        }
    }

    @Test
    void showsNoPoolAnyMoreWhenTheLeaseIsLost() {
        try (Metrics metrics = injector.getInstance(Metrics.class)) {
            injector.getInstance(PassMetrics.class).passed(TestPasses.idle());
            LeaseStatus leader = new LeaseStatus(Role.LEADER, Optional.of("me"), "this replica holds the lease");
            LeaseStatus standby = new LeaseStatus(Role.STANDBY, Optional.of("other"), "other holds the lease");
            injector.getInstance(Key.get(new TypeLiteral<Set<LeaseListener>>() {}))
                    .forEach(listener -> listener.changed(leader, standby));

            assertThat(shown(metrics)).doesNotContain("kubescaler_slots_free");
        }
    }

    @Test
    void makesOneServer() throws Exception {
        try (Metrics metrics = injector.getInstance(Metrics.class);
                HttpServer server = injector.getInstance(HttpServer.class)) {
            server.start();

            assertThat(server).isSameAs(injector.getInstance(HttpServer.class));
            assertThat(server.port()).isPositive();
            assertThat(metrics).isSameAs(injector.getInstance(Metrics.class));
        }
    }

    private static String shown(Metrics metrics) {
        return metrics.expose(Optional.empty()).text();
    }

    private static Settings settings() {
        ProviderContext context =
                new ProviderContext(Optional.empty(), "games", Optional.empty(), Map.of(), "test", Clock.systemUTC());
        return new Settings(
                List.of(new PoolSettings(PoolBuilder.policy(), "simulated", context)),
                new KubernetesSettings(Optional.empty(), Optional.empty(), Optional.empty()),
                new LeaderElectionSettings(
                        Optional.empty(),
                        Optional.empty(),
                        new LeaseTiming(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(5))),
                new HttpSettings(true, "127.0.0.1", 0),
                new LogSettings(LogSettings.Format.PLAIN, "info"),
                Duration.ofSeconds(10),
                Path.of("target", "state"),
                false);
    }
}
