package io.kubescaler.simulated;

import io.kubescaler.control.PassListener;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassSchedule;
import io.kubescaler.control.PoolController;
import io.kubescaler.simulated.SimulationClock.Event;
import java.time.Duration;
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
    private final PassSchedule schedule;
    private final List<PassListener> listeners;
    private Optional<Event> armed = Optional.empty();
    private long armedNanos;

    /**
     * @param tick the longest time between two passes; above 0
     * @param listeners told of every pass, in this order
     */
    public PassDriver(SimulationClock clock, PoolController controller, Duration tick, List<PassListener> listeners) {
        this.clock = clock;
        this.controller = controller;
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
        listeners.forEach(listener -> listener.passed(record));
        arm();
    }

    private void arm() {
        long due = schedule.dueAtNanos();
        if (armed.isEmpty() || due < armedNanos) {
            armed.ifPresent(Event::cancel);
            armedNanos = due;
            armed = Optional.of(clock.atNanos(due, this::pass));
        }
    }
}
