package io.kubescaler.app.observe;

import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import com.google.inject.multibindings.ProvidesIntoSet;
import io.kubescaler.app.config.Settings;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.control.Leadership;
import io.kubescaler.control.PassListener;
import io.kubescaler.kubernetes.lease.LeaseListener;
import io.kubescaler.kubernetes.lease.LeaseStatus.Role;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.time.Duration;

/**
 * Binds what observes the passes: log, metrics, history and first decision, each a {@link PassListener} of a {@link Multibinder}. Needs
 * {@link Settings} and {@link Leadership}. {@link Metrics} is to be closed by whoever made the injector.
 */
public final class ObserveModule extends AbstractModule {
    @Override
    protected void configure() {
        Multibinder<PassListener> listeners = Multibinder.newSetBinder(binder(), PassListener.class);
        listeners.addBinding().to(PassLog.class);
        listeners.addBinding().to(PassMetrics.class);
        listeners.addBinding().to(PassHistory.class);
        listeners.addBinding().to(FirstDecision.class);
        Multibinder.newSetBinder(binder(), LeaseListener.class).addBinding().to(FirstDecision.class);
    }

    @Provides
    @Singleton
    PassLog log() {
        return new PassLog();
    }

    @Provides
    @Singleton
    PassHistory history() {
        return new PassHistory();
    }

    @Provides
    @Singleton
    Metrics metrics() {
        return new Metrics();
    }

    @Provides
    @Singleton
    MeterRegistry registry(Metrics metrics) {
        return metrics.registry();
    }

    @Provides
    @Singleton
    PassMetrics passMetrics(MeterRegistry registry, Settings settings, Provider<Leadership> leadership) {
        return new PassMetrics(
                registry,
                settings.pools().stream().map(PoolSettings::policy).toList(),
                () -> leadership.get().mayAct(),
                settings.dryRun());
    }

    @Provides
    @Singleton
    FirstDecision firstDecision(MeterRegistry registry) {
        RuntimeMXBean process = ManagementFactory.getRuntimeMXBean();
        return new FirstDecision(registry, () -> Duration.ofMillis(process.getUptime()));
    }

    @ProvidesIntoSet
    LeaseListener standDown(Provider<PassMetrics> metrics) {
        return (before, after) -> {
            if (after.role() != Role.LEADER) {
                metrics.get().standDown();
            }
        };
    }
}
