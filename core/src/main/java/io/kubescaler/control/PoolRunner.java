package io.kubescaler.control;

import io.kubescaler.model.TimeBudget;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the passes of one pool, one at a time, on a thread of its own named {@code pool-NAME}: on events and on every
 * tick. While the process does not lead, it waits for its turn. Safe for use by several threads.
 */
public final class PoolRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PoolRunner.class);
    private static final Duration FINISH = Duration.ofSeconds(5);
    private static final Duration ABANDON = Duration.ofSeconds(1);

    private final PoolController controller;
    private final List<PassListener> listeners;
    private final LongSupplier nanoTime;
    private final PassSchedule schedule;
    private final Ending ending;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private boolean closing;
    private volatile long lastTurnNanos;
    private volatile boolean abandoned;

    /** How long the action under way may go on at the end, and how long it has once interrupted. */
    record Ending(Duration finish, Duration abandon) {}

    /**
     * @param controller the pool's controller; called by this runner alone
     * @param listeners told of every pass, in this order
     * @param tick the longest time between two passes; above 0
     * @param nanoTime the clock of {@link System#nanoTime}: waiting is done in real time
     */
    public PoolRunner(PoolController controller, List<PassListener> listeners, Duration tick, LongSupplier nanoTime) {
        this(controller, listeners, tick, nanoTime, new Ending(FINISH, ABANDON));
    }

    PoolRunner(
            PoolController controller,
            List<PassListener> listeners,
            Duration tick,
            LongSupplier nanoTime,
            Ending ending) {
        this.ending = ending;
        this.controller = controller;
        this.listeners = List.copyOf(listeners);
        this.nanoTime = nanoTime;
        schedule = new PassSchedule(tick, nanoTime.getAsLong());
        lastTurnNanos = nanoTime.getAsLong();
        thread = new Thread(this::loop, "pool-" + controller.pool());
        thread.setDaemon(true);
    }

    /** Starts the passes. Call once. */
    public void start() {
        thread.start();
    }

    /** Has a pass made soon: something changed that could alter the plan. Returns at once. */
    public void wake() {
        lock.lock();
        try {
            schedule.event(nanoTime.getAsLong());
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns how long ago the loop last came round, passing or waiting for its turn to lead. */
    public Duration sinceLastTurn() {
        return Duration.ofNanos(nanoTime.getAsLong() - lastTurnNanos);
    }

    /**
     * Returns whether something may still come of it: its thread is there, {@link #close} has interrupted an action, or
     * the cloud has not answered an order to grow, and nobody knows whether it will be carried out.
     */
    public boolean mayStillAct() {
        return thread.isAlive() || abandoned || controller.mayStillGrow();
    }

    /** Returns how long the steps of a pass take at most. */
    public TimeBudget budget() {
        return controller.budget();
    }

    /** Returns the pool's name. */
    public String pool() {
        return controller.pool();
    }

    /**
     * Ends the passes: the action under way may finish for 5 s, is then interrupted and given 1 s more. Later calls do
     * nothing.
     */
    @Override
    public void close() {
        controller.stop();
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            if (!ended(ending.finish())) {
                LOG.warn("pool {}: the action under way is abandoned; it is safe to repeat", pool());
                abandon();
                if (!ended(ending.abandon())) {
                    LOG.error("pool {}: its thread does not end", pool());
                }
            }
        } catch (InterruptedException error) {
            abandon();
            Thread.currentThread().interrupt();
        }
    }

    private void abandon() {
        abandoned = true;
        thread.interrupt();
    }

    private boolean ended(Duration wait) throws InterruptedException {
        thread.join(wait.toMillis());
        return !thread.isAlive();
    }

    private void loop() {
        try {
            while (awaitDue()) {
                turn();
                lastTurnNanos = nanoTime.getAsLong();
            }
        } catch (InterruptedException error) {
            LOG.debug("pool {}: interrupted while waiting; its passes end", pool(), error);
        }
    }

    private boolean awaitDue() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closing) {
                long left = schedule.dueAtNanos() - nanoTime.getAsLong();
                if (left <= 0) {
                    schedule.begin(nanoTime.getAsLong());
                    return true;
                }
                if (changed.await(left, TimeUnit.NANOSECONDS)) {
                    LOG.trace("pool {}: woken", pool());
                }
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void turn() {
        try {
            if (controller.leads()) {
                pass();
            }
        } catch (RuntimeException | Error error) {
            // one turn that fails must not end the pool's loop while the lease is renewed for it
            LOG.error("pool {}: a pass failed unexpectedly", pool(), error);
            listeners.forEach(listener -> tell(() -> listener.failed(pool(), error)));
        }
    }

    private void pass() {
        PassRecord record = controller.pass();
        // what failed is tried again with growing pauses, and the first one is none
        if (record.unfinished()) {
            retry();
        }
        listeners.forEach(listener -> tell(() -> listener.passed(record)));
    }

    private void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException | Error error) {
            LOG.error("pool {}: a listener failed", pool(), error);
        }
    }

    private void retry() {
        lock.lock();
        try {
            schedule.retry(nanoTime.getAsLong());
        } finally {
            lock.unlock();
        }
    }
}
