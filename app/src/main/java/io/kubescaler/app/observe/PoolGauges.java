package io.kubescaler.app.observe;

import io.kubescaler.plan.Condition;
import io.kubescaler.plan.NodeReport;
import io.kubescaler.plan.NodeState;
import io.kubescaler.plan.Plan;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What one pool stands at, by its last pass. What that pass could not know is NaN. Thread-safe once made. */
final class PoolGauges {
    private final MeterRegistry registry;
    private final Tags pool;
    private final List<Meter> meters = new ArrayList<>();
    private volatile Optional<Plan> shown = Optional.empty();

    PoolGauges(MeterRegistry registry, String pool) {
        this.registry = registry;
        this.pool = Tags.of("pool", pool);
        observed(MetricNames.POOL_SIZE, "Nodes that the cloud has been asked for", Plan::size);
        observed(MetricNames.SLOTS_FREE, "Slots that stand free", Plan::free);
        observed(
                MetricNames.SLOTS_REQUIRED,
                "Slots that are needed: the buffer and the unplaced servers",
                Plan::required);
        observed(
                MetricNames.SLOTS_UPCOMING,
                "Slots that are coming: on nodes that boot, are ordered, or may yet get what they lack",
                Plan::upcoming);
        observed(
                MetricNames.SLOTS_PER_NEW_NODE,
                "Slots that a new node will have",
                plan -> plan.slotsPerNewNode().isPresent()
                        ? plan.slotsPerNewNode().getAsLong()
                        : Double.NaN);
        observed(MetricNames.SERVERS, "Live servers on the nodes", PoolGauges::servers);
        observed(
                MetricNames.SERVERS_UNPLACED,
                "Servers that are on no node yet and could be on one of the pool",
                Plan::unplaced);
        meters.add(Gauge.builder(
                        MetricNames.OLDEST_WAITING_SERVER,
                        this,
                        gauges -> gauges.read(known(PoolGauges::oldestWaiting)))
                .description("How long the server has waited for a node that waits longest; 0 when none does")
                .baseUnit("seconds")
                .tags(this.pool)
                .register(registry));
        for (NodeState state : NodeState.values()) {
            add(
                    MetricNames.NODES,
                    "Nodes, and instances without one, by what they are to the scaler",
                    this.pool.and("state", state.word()),
                    known(plan -> nodes(plan, state)));
        }
        for (Condition condition : Condition.values()) {
            add(
                    MetricNames.CONDITION,
                    "1 for the condition that the pool is in, 0 for the others",
                    this.pool.and("condition", condition.word()),
                    plan -> plan.condition() == condition ? 1 : 0);
        }
        add(
                MetricNames.GROWTH_FAILURES,
                "Failures of growth in a row, for which it pauses",
                this.pool,
                plan -> plan.history().growth().failures());
        meters.add(Gauge.builder(MetricNames.LAST_PASS, this, gauges -> gauges.read(PoolGauges::time))
                .description("When the last pass was made")
                .baseUnit("seconds")
                .tags(this.pool)
                .register(registry));
    }

    /** Shows another pass from now on. */
    void show(Plan plan) {
        shown = Optional.of(plan);
    }

    /** Takes the gauges out of the registry. */
    void remove() {
        meters.forEach(registry::remove);
    }

    private void observed(String name, String description, ToDoubleFunction<Plan> value) {
        add(name, description, pool, known(value));
    }

    private void add(String name, String description, Tags tags, ToDoubleFunction<Plan> value) {
        meters.add(Gauge.builder(name, this, gauges -> gauges.read(value))
                .description(description)
                .tags(tags)
                .register(registry));
    }

    private double read(ToDoubleFunction<Plan> value) {
        Optional<Plan> plan = shown;
        return plan.isPresent() ? value.applyAsDouble(plan.get()) : Double.NaN;
    }

    // a pass that could not read one side has zeros there that are not true
    private static ToDoubleFunction<Plan> known(ToDoubleFunction<Plan> value) {
        return plan -> plan.condition().isReadable() ? value.applyAsDouble(plan) : Double.NaN;
    }

    private static double servers(Plan plan) {
        return plan.nodes().stream().mapToInt(NodeReport::servers).sum();
    }

    private static double nodes(Plan plan, NodeState state) {
        return plan.nodes().stream().filter(node -> node.state() == state).count();
    }

    private static double oldestWaiting(Plan plan) {
        return plan.waitingSince()
                .map(since -> Math.max(0, Duration.between(since, plan.now()).toMillis()) / 1000.0)
                .orElse(0.0);
    }

    private static double time(Plan plan) {
        return plan.now().toEpochMilli() / 1000.0;
    }
}
