package io.kubescaler.app.observe;

import io.kubescaler.control.PassListener;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.model.PoolPolicy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Measures the pools. Counters exist from the start, so that their rates do; what a pool stands at exists only while
 * this replica makes its passes, so that a sum over the replicas counts no pool twice. Thread-safe.
 */
public final class PassMetrics implements PassListener {
    /** Types of actions, as {@code Action.type()} spells them. */
    static final List<String> ACTION_TYPES = List.of("uncordon", "grow", "cordon", "delete");

    private static final Duration[] DURATION_BUCKETS = {
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60)
    };

    private final MeterRegistry registry;
    private final BooleanSupplier makesPasses;
    private final Map<String, PoolGauges> gauges = new TreeMap<>();

    /**
     * Registers what is measured.
     *
     * @param pools the pools that are scaled
     * @param leads whether this replica may act
     * @param dryRun whether it makes passes in any case
     */
    public PassMetrics(MeterRegistry registry, Collection<PoolPolicy> pools, BooleanSupplier leads, boolean dryRun) {
        this.registry = registry;
        this.makesPasses = () -> dryRun || leads.getAsBoolean();
        Gauge.builder(MetricNames.LEADER, leads, now -> now.getAsBoolean() ? 1 : 0)
                .description("1 on the replica that may act, else 0")
                .strongReference(true)
                .register(registry);
        pools.forEach(this::registerPool);
    }

    @Override
    public void passed(PassRecord pass) {
        String pool = pass.plan().pool();
        passes(pool).increment();
        duration(pool).record(pass.took());
        for (Outcome outcome : pass.outcomes()) {
            actions(pool, outcome.action().type(), outcome.result()).increment();
        }
        // the lease may be lost while a pass is under way, and then the pool is another replica's to show
        if (makesPasses.getAsBoolean()) {
            synchronized (gauges) {
                gauges.computeIfAbsent(pool, name -> new PoolGauges(registry, name))
                        .show(pass.plan());
            }
        }
    }

    @Override
    public void failed(String pool, Throwable defect) {
        failedPasses(pool).increment();
    }

    /** Forgets what the pools stand at: this replica no longer makes their passes. */
    public void standDown() {
        synchronized (gauges) {
            gauges.values().forEach(PoolGauges::remove);
            gauges.clear();
        }
    }

    private void registerPool(PoolPolicy policy) {
        String pool = policy.pool();
        constant(MetricNames.POOL_MINIMUM_SIZE, pool, policy.minimum(), "The fewest nodes that the pool may have");
        constant(MetricNames.POOL_MAXIMUM_SIZE, pool, policy.maximum(), "The most nodes that the pool may have");
        constant(MetricNames.SLOTS_BUFFER, pool, policy.buffer(), "Slots that must stand free");
        passes(pool);
        failedPasses(pool);
        duration(pool);
        for (String type : ACTION_TYPES) {
            for (Result result : Result.values()) {
                actions(pool, type, result);
            }
        }
    }

    private void constant(String name, String pool, int value, String description) {
        Gauge.builder(name, () -> value)
                .description(description)
                .tag("pool", pool)
                .register(registry);
    }

    private Counter passes(String pool) {
        return Counter.builder(MetricNames.PASSES)
                .description("Passes that have ended")
                .tag("pool", pool)
                .register(registry);
    }

    private Counter failedPasses(String pool) {
        return Counter.builder(MetricNames.PASSES_FAILED)
                .description("Passes that came to nothing by a defect")
                .tag("pool", pool)
                .register(registry);
    }

    private Timer duration(String pool) {
        return Timer.builder(MetricNames.PASS_DURATION)
                .description("How long passes took, actions included")
                .tag("pool", pool)
                .serviceLevelObjectives(DURATION_BUCKETS)
                .register(registry);
    }

    private Counter actions(String pool, String type, Result result) {
        return Counter.builder(MetricNames.ACTIONS)
                .description("Actions that passes have come to, by how they ended")
                .tags(Tags.of("pool", pool, "type", type, "result", ActionText.word(result)))
                .register(registry);
    }
}
