package io.kubescaler.app.observe;

import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Optional;

/** The registry of all metrics, those of the JVM included, and how it is written out. Thread-safe. */
public final class Metrics implements AutoCloseable {
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();

    /** Makes a registry that measures the JVM. */
    public Metrics() {
        garbageCollection.bindTo(registry);
        new JvmInfoMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    /** Returns the registry, for what is measured. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    /**
     * Writes all metrics out.
     *
     * @param accept the {@code Accept} header of who asks; empty, or unknown, for the Prometheus text format
     */
    public Exposition expose(Optional<String> accept) {
        String contentType = accept.filter(header -> header.contains(OPEN_METRICS))
                .map(header -> OPEN_METRICS + "; version=1.0.0; charset=utf-8")
                .orElse("text/plain; version=0.0.4; charset=utf-8");
        return new Exposition(contentType, registry.scrape(contentType));
    }

    /** Lets go of what watches the garbage collection. */
    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }

    private static final String OPEN_METRICS = "application/openmetrics-text";

    /**
     * All metrics, written out.
     *
     * @param contentType the content type that says how
     * @param text the metrics
     */
    public record Exposition(String contentType, String text) {}
}
