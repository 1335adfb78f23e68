package io.kubescaler.app.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Times calls of one kind, by operation and by how they ended. Thread-safe. */
final class CallMeter {
    /** How a call ended that threw nothing. */
    static final String DONE = "done";

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30)
    };

    private final MeterRegistry registry;
    private final String name;
    private final String description;
    private final String pool;
    private final LongSupplier nanoTime;

    CallMeter(MeterRegistry registry, String name, String description, String pool, LongSupplier nanoTime) {
        this.registry = registry;
        this.name = name;
        this.description = description;
        this.pool = pool;
        this.nanoTime = nanoTime;
    }

    /** Returns the time at which a call begins, for {@link #ended}. */
    long begin() {
        return nanoTime.getAsLong();
    }

    /** Counts a call that began at that time. */
    void ended(String operation, String result, long begun) {
        Timer.builder(name)
                .description(description)
                .tags(Tags.of("pool", pool, "operation", operation, "result", result))
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(nanoTime.getAsLong() - begun, TimeUnit.NANOSECONDS);
    }

    /** Returns a class name as a label value, such as {@code rate-limited}. */
    static String word(Class<?> type) {
        return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }
}
