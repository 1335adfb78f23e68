package io.kubescaler.simulated;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The time of a simulation and the events that are to come. Time only ever jumps from event to event: nothing polls, and
 * a quiet month costs nothing.
 *
 * <p>It moves in one of three ways. Virtual: the caller says how far ({@link #advanceTo}). Paced: {@link #run} moves it
 * from event to event, each at its place on the wall clock, sped up by a factor, so that the history is the same as on
 * virtual time. Following: a clock made by {@link #following} catches up with the wall clock whenever it is asked.
 *
 * <p>Events of the same time run in the order in which they were scheduled. Safe for use by several threads: everything
 * that hangs on a clock is guarded by it, see {@link #locked}.
 */
public final class SimulationClock {
    private static final Comparator<Event> ORDER =
            Comparator.comparingLong((Event event) -> event.atNanos).thenComparingLong(event -> event.sequence);

    private final PriorityQueue<Event> events = new PriorityQueue<>(ORDER);
    private final Instant start;
    private final Optional<Pace> pace;
    private long nowNanos;
    private long sequence;
    private boolean advancing;

    private SimulationClock(Instant start, Optional<Pace> pace) {
        this.start = start;
        this.pace = pace;
    }

    /** Returns a clock that stands at that time until it is moved. */
    public static SimulationClock virtual(Instant start) {
        return new SimulationClock(start, Optional.empty());
    }

    /** Returns a clock that stands at that time now and follows the wall clock at that pace. */
    public static SimulationClock following(Instant start, Pace pace) {
        return new SimulationClock(start, Optional.of(pace));
    }

    /**
     * How simulated time goes with real time. Thread-safe.
     *
     * @param factor simulated seconds in a real second; above 0
     * @param nanoTime a monotonic clock in nanoseconds, such as {@link System#nanoTime}
     * @param startNanos what {@code nanoTime} said when the simulation started
     */
    public record Pace(double factor, LongSupplier nanoTime, long startNanos) {
        public Pace {
            if (!(factor > 0 && factor <= 1e9)) {
                throw new IllegalArgumentException("the speed is %s; it must be above 0".formatted(factor));
            }
        }

        /** Returns a pace that starts now. */
        public static Pace startingNow(double factor, LongSupplier nanoTime) {
            return new Pace(factor, nanoTime, nanoTime.getAsLong());
        }

        private long simulatedNanos() {
            return (long) ((nanoTime.getAsLong() - startNanos) * factor);
        }

        private long realNanosUntil(long simulatedNanos) {
            return (long) (simulatedNanos / factor) - (nanoTime.getAsLong() - startNanos);
        }
    }

    /** An event that is to come. Thread-safe. */
    public final class Event {
        private final long atNanos;
        private final long sequence;
        private final Runnable action;
        private boolean cancelled;

        private Event(long atNanos, long sequence, Runnable action) {
            this.atNanos = atNanos;
            this.sequence = sequence;
            this.action = action;
        }

        /** Makes it not happen; does nothing when it has happened. */
        public void cancel() {
            synchronized (SimulationClock.this) {
                // left in the queue until its time: taking it out would search the whole queue
                cancelled = true;
            }
        }
    }

    /** Returns the simulated time. */
    public Instant now() {
        return start.plusNanos(nanos());
    }

    /** Returns the simulated time since the start, in nanoseconds: a monotonic clock. */
    public synchronized long nanos() {
        catchUp();
        return nowNanos;
    }

    /** Returns this clock as the JDK's, in UTC. */
    public Clock asClock() {
        return new SimulatedTime(ZoneOffset.UTC);
    }

    /** Runs something while nothing else of the simulation moves. Reentrant. */
    public synchronized <T> T locked(Supplier<T> work) {
        catchUp();
        return work.get();
    }

    /** Does something while nothing else of the simulation moves. Reentrant. */
    public synchronized void locked(Runnable work) {
        catchUp();
        work.run();
    }

    /** Lets an event happen after that time; at once, but after what is due already, when it is zero or negative. */
    public Event after(Duration delay, Runnable action) {
        return atNanos(saturatedSum(nanos(), delay), action);
    }

    /** Lets an event happen at that time on {@link #nanos}; as soon as possible when it is past. */
    public synchronized Event atNanos(long nanos, Runnable action) {
        Event event = new Event(Math.max(nanos, nowNanos), sequence++, action);
        events.add(event);
        return event;
    }

    /** Lets an event happen at that time; as soon as possible when it is past. */
    public Event at(Instant time, Runnable action) {
        return atNanos(saturatedSum(0, Duration.between(start, time)), action);
    }

    /** Returns when the next event is due; empty when none is to come. */
    public synchronized Optional<Instant> next() {
        return Optional.ofNullable(head()).map(event -> start.plusNanos(event.atNanos));
    }

    /**
     * Moves to that time and lets everything happen that is due until then, that time included.
     *
     * @throws IllegalArgumentException when that time is past
     * @throws IllegalStateException when called by an event
     */
    public void advanceTo(Instant time) {
        advanceToNanos(saturatedSum(0, Duration.between(start, time)));
    }

    /** Moves on by that much, as {@link #advanceTo} does. */
    public void advance(Duration duration) {
        advanceToNanos(saturatedSum(nanos(), duration));
    }

    /**
     * Moves at a pace, from event to event, until that time or until it is stopped. What happens is what would happen on
     * virtual time; a machine too slow for the pace only makes it late.
     *
     * @param stop ends the run when it reaches 0
     * @return whether that time was reached
     * @throws InterruptedException when the thread is interrupted while it waits
     */
    public boolean run(Instant until, Pace pace, CountDownLatch stop) throws InterruptedException {
        long endNanos = saturatedSum(0, Duration.between(start, until));
        while (stop.getCount() > 0) {
            long target = locked(() -> Math.min(endNanos, nextNanos()));
            if (stop.await(pace.realNanosUntil(target), TimeUnit.NANOSECONDS)) {
                return false;
            }
            // another thread may have scheduled something earlier meanwhile; it runs first, and late
            advanceToNanos(Math.max(target, nanos()));
            if (target >= endNanos) {
                return true;
            }
        }
        return false;
    }

    private synchronized void catchUp() {
        if (pace.isPresent() && !advancing) {
            advanceToNanos(Math.max(nowNanos, pace.get().simulatedNanos()));
        }
    }

    private synchronized void advanceToNanos(long nanos) {
        if (advancing) {
            throw new IllegalStateException("an event cannot move the time; schedule another event instead");
        }
        if (nanos < nowNanos) {
            throw new IllegalArgumentException(
                    "it is %s; time cannot go back to %s".formatted(start.plusNanos(nowNanos), start.plusNanos(nanos)));
        }
        advancing = true;
        try {
            for (Event event = head(); event != null && event.atNanos <= nanos; event = head()) {
                events.remove();
                nowNanos = event.atNanos;
                event.action.run();
            }
            nowNanos = nanos;
        } finally {
            advancing = false;
        }
    }

    private synchronized long nextNanos() {
        Event event = head();
        return event == null ? Long.MAX_VALUE : event.atNanos;
    }

    private synchronized @Nullable Event head() {
        Event event = events.peek();
        while (event != null && event.cancelled) {
            events.remove();
            event = events.peek();
        }
        return event;
    }

    private static long saturatedSum(long nanos, Duration duration) {
        try {
            return Math.addExact(nanos, duration.toNanos());
        } catch (ArithmeticException tooFar) {
            return duration.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    private final class SimulatedTime extends Clock {
        private final ZoneId zone;

        SimulatedTime(ZoneId zone) {
            this.zone = zone;
        }

        @Override
        public ZoneId getZone() {
            return zone;
        }

        @Override
        public Clock withZone(ZoneId other) {
            return new SimulatedTime(other);
        }

        @Override
        public Instant instant() {
            return now();
        }
    }
}
