package io.kubescaler.app.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Measures how old the last news of each watch is, on every replica. Stateless. */
public final class DataAge {
    private DataAge() {}

    /**
     * Registers a gauge for each watch; NaN for as long as an age is empty.
     *
     * @param ages what is watched, in the plural, to the age of its last news; answers at once
     */
    public static void register(MeterRegistry registry, Map<String, Supplier<Optional<Duration>>> ages) {
        ages.forEach((what, age) -> Gauge.builder(MetricNames.DATA_AGE, () -> seconds(age.get()))
                .baseUnit("seconds")
                .description("How old the last news of the cluster is")
                .tag("watch", what)
                .register(registry));
    }

    private static double seconds(Optional<Duration> age) {
        return age.map(it -> it.toMillis() / 1000.0).orElse(Double.NaN);
    }
}
