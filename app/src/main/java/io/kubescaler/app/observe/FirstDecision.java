package io.kubescaler.app.observe;

import io.kubescaler.control.PassListener;
import io.kubescaler.control.PassRecord;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how long after its start the program came to its first decision for each pool: the end of the first pass that
 * could read both the cluster and the cloud. On a replica that stood by first, its waiting is part of it. Thread-safe.
 */
public final class FirstDecision implements PassListener {
    private static final Logger LOG = LoggerFactory.getLogger(FirstDecision.class);

    private final MeterRegistry registry;
    private final Supplier<Duration> uptime;
    private final Set<String> decided = ConcurrentHashMap.newKeySet();

    /** @param uptime how long ago the program was started, on a clock that never jumps */
    public FirstDecision(MeterRegistry registry, Supplier<Duration> uptime) {
        this.registry = registry;
        this.uptime = uptime;
    }

    @Override
    public void passed(PassRecord pass) {
        String pool = pass.plan().pool();
        if (pass.plan().condition().isReadable() && decided.add(pool)) {
            Duration after = uptime.get();
            LOG.info("pool {}: first decision {} ms after the start", pool, after.toMillis());
            Gauge.builder(MetricNames.FIRST_DECISION, () -> after.toMillis() / 1000.0)
                    .description("How long after its start the program came to its first decision")
                    .baseUnit("seconds")
                    .tag("pool", pool)
                    .register(registry);
        }
    }
}
