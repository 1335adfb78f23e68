package io.kubescaler.simulated;

import io.kubescaler.control.PassListener;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassSchedule;
import io.kubescaler.control.PoolController;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.plan.NodeReport;
import io.kubescaler.plan.Plan;
import io.kubescaler.simulated.SimulationClock.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Has a controller make its passes on simulated time, by the schedule of production: soon after what happens in the
 * cluster, a moment after a pass that was held up, and on every tick. A pass takes no simulated time.
 *
 * <p>Safe for use by several threads.
 */
public final class PassDriver implements ClusterListener {
    private final SimulationClock clock;
    private final PoolController controller;
    private final PoolPolicy policy;
    private final PassSchedule schedule;
    private final Ticks ticks;
    private final List<PassListener> listeners;
    private Optional<Event> armed = Optional.empty();
    private long armedNanos;
    private boolean quiet;

    /** Which ticks make a pass. */
    public enum Ticks {
        /** Every one, as in production. */
        ALL,
        /**
         * Only those that can find something to do: none while nothing waits for time to pass and the cluster stands
         * still. The history is the same, and comes far sooner, unless somebody changes the cloud by hand.
         */
        THAT_MATTER
    }

    /**
     * @param tick the longest time between two passes; above 0
     * @param policy what the controller was made with
     * @param listeners told of every pass, in this order
     */
    public PassDriver(
            SimulationClock clock,
            PoolController controller,
            PoolPolicy policy,
            Duration tick,
            Ticks ticks,
            List<PassListener> listeners) {
        this.clock = clock;
        this.controller = controller;
        this.policy = policy;
        this.ticks = ticks;
        this.listeners = List.copyOf(listeners);
        schedule = new PassSchedule(tick, clock.nanos());
    }

    /** Begins: the first pass is due at once. Call once, and have the cluster tell this driver what happens. */
    public void start() {
        clock.locked(this::arm);
    }

    @Override
    public void changed() {
        clock.locked(() -> {
            leaveOutTicks();
            schedule.event(clock.nanos());
            arm();
        });
    }

    private void pass() {
        armed = Optional.empty();
        schedule.begin(clock.nanos());
        PassRecord record = controller.pass();
        if (record.unfinished()) {
            schedule.retry(clock.nanos());
        }
        quiet = ticks == Ticks.THAT_MATTER && isQuiet(record.plan());
        listeners.forEach(listener -> listener.passed(record));
        arm();
    }

    private void arm() {
        long due = schedule.dueAtNanos();
        // nothing but a tick is that far off
        boolean leftOut = quiet && due - clock.nanos() > PassSchedule.RETRY.toNanos();
        boolean armedInTime = armed.isPresent() && armedNanos <= due;
        if (leftOut || armedInTime) {
            return;
        }
        armed.ifPresent(Event::cancel);
        armedNanos = due;
        armed = Optional.of(clock.atNanos(due, this::pass));
    }

    // the ticks that were not made would have been due meanwhile: the next one keeps its place among them
    private void leaveOutTicks() {
        while (quiet && armed.isEmpty() && schedule.dueAtNanos() <= clock.nanos()) {
            schedule.begin(schedule.dueAtNanos());
        }
    }

    private boolean isQuiet(Plan plan) {
        return plan.actions().isEmpty()
                && plan.marks().isEmpty()
                && plan.history().unlisted().isEmpty()
                && !plan.history().growth().pausedAt(plan.now())
                && plan.history()
                        .surplusSince()
                        .map(since -> delayOver(since, plan))
                        .orElse(true)
                && plan.nodes().stream().allMatch(PassDriver::waitsForNothing);
    }

    private boolean delayOver(Instant surplusSince, Plan plan) {
        return !surplusSince.plus(policy.cordonDelay()).isAfter(plan.now());
    }

    private static boolean waitsForNothing(NodeReport node) {
        return switch (node.state()) {
            case ACTIVE, HELD -> true;
            case CORDONED -> node.servers() > 0;
            case BOOTING, UNREADY, DELETING -> false;
        };
    }
}
