package io.kubescaler.app.observe;

import io.kubescaler.control.PassListener;
import io.kubescaler.control.PassRecord;
import io.kubescaler.kubernetes.lease.LeaseListener;
import io.kubescaler.kubernetes.lease.LeaseStatus;
import io.kubescaler.kubernetes.lease.LeaseStatus.Role;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells how long after its start the program came to its first decision for each pool: the end of the first pass that
 * could read both the cluster and the cloud. On a replica that stood by first, how long after it took over. Thread-safe.
 */
public final class FirstDecision implements PassListener, LeaseListener {
    private static final Logger LOG = LoggerFactory.getLogger(FirstDecision.class);

    private final MeterRegistry registry;
    private final Supplier<Duration> uptime;
    private final Set<String> decided = ConcurrentHashMap.newKeySet();
    private volatile boolean stoodBy;
    private volatile Optional<Duration> tookOverAt = Optional.empty();

    /** @param uptime how long ago the program was started, on a clock that never jumps */
    public FirstDecision(MeterRegistry registry, Supplier<Duration> uptime) {
        this.registry = registry;
        this.uptime = uptime;
    }

    @Override
    public void changed(LeaseStatus before, LeaseStatus after) {
        if (after.role() == Role.STANDBY) {
            stoodBy = true;
        } else if (after.role() == Role.LEADER && stoodBy) {
            tookOverAt = Optional.of(uptime.get());
        }
    }

    @Override
    public void passed(PassRecord pass) {
        String pool = pass.plan().pool();
        if (pass.plan().condition().isReadable() && decided.add(pool)) {
            Optional<Duration> tookOver = tookOverAt;
            Duration after = uptime.get().minus(tookOver.orElse(Duration.ZERO));
            LOG.info(
                    "pool {}: first decision {} ms after {}",
                    pool,
                    after.toMillis(),
                    tookOver.isPresent() ? "taking over" : "the start");
            Gauge.builder(MetricNames.FIRST_DECISION, () -> after.toMillis() / 1000.0)
                    .description(
                            "How long after its start, or after it took over from another replica, the program came to its first decision")
                    .baseUnit("seconds")
                    .tag("pool", pool)
                    .register(registry);
        }
    }
}
