package io.kubescaler.app.hostile;

import io.kubescaler.simulated.SimulationClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;

/**
 * Runs sequential programs on simulated time: each has a thread of its own, and exactly one of all threads runs at any
 * moment. A task that sleeps lets time pass and others act in between, so that passes of two replicas interleave at
 * every request, always in the same order for the same seed.
 *
 * <p>Driven by one thread; what tasks call is for the task that runs.
 */
final class Turns {
    private final SimulationClock clock;
    private final PriorityQueue<Wake> wakes =
            new PriorityQueue<>(Comparator.comparingLong(Wake::atNanos).thenComparingLong(Wake::sequence));
    private final List<Task> tasks = new ArrayList<>();
    private Optional<Task> current = Optional.empty();
    private long sequence;

    Turns(SimulationClock clock) {
        this.clock = clock;
    }

    private record Wake(long atNanos, long sequence, Task task, long turn) {}

    /** Ends a task from within: its process is gone. Not an exception that production code catches. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;

        Killed() {
            super("the process was killed", null, false, false);
        }
    }

    /** What may hold a task up or end it: the process that it belongs to. */
    interface Process {
        /** Returns whether it still exists. */
        boolean isAlive();

        /** Returns until when it is frozen; in the past when it is not. */
        long frozenUntilNanos();
    }

    /** One sequential program. */
    final class Task {
        private final Process process;
        private final Thread thread;
        private final Semaphore turn = new Semaphore(0);
        private final Semaphore done = new Semaphore(0);
        private Optional<Throwable> defect = Optional.empty();
        private boolean ended;
        private long turns;
        private long wakesAtNanos;

        private Task(String name, Process process, Runnable program) {
            this.process = process;
            thread = new Thread(() -> run(program), name);
            thread.setDaemon(true);
        }

        private void run(Runnable program) {
            turn.acquireUninterruptibly();
            try {
                if (process.isAlive()) {
                    program.run();
                }
            } catch (Killed killed) {
                // its end, as asked for
            } catch (Throwable unexpected) {
                defect = Optional.of(unexpected);
            } finally {
                ended = true;
                done.release();
            }
        }

        /** Lets time pass; ends the task when its process is gone by then. For the task itself. */
        void sleep(Duration duration) {
            sleepUntil(clock.nanos() + Math.max(0, duration.toNanos()));
        }

        /** Lets time pass until then, or until {@link #wakeAt} says otherwise. */
        void sleepUntil(long nanos) {
            schedule(nanos);
            done.release();
            turn.acquireUninterruptibly();
            if (!process.isAlive()) {
                throw new Killed();
            }
        }

        /** Has it wake no later than that; does nothing when it will anyway. For a task that sleeps in {@code sleepUntil}. */
        void wakeAt(long nanos) {
            if (!ended && nanos < wakesAtNanos) {
                schedule(nanos);
            }
        }

        private void schedule(long nanos) {
            turns++;
            wakesAtNanos = nanos;
            wakes.add(new Wake(nanos, sequence++, this, turns));
        }
    }

    /** Begins a task; it has its first turn at the present time. */
    Task spawn(String name, Process process, Runnable program) {
        Task task = new Task(name, process, program);
        tasks.add(task);
        task.thread.start();
        task.schedule(clock.nanos());
        return task;
    }

    /** Returns the task that runs now. */
    Task current() {
        return current.orElseThrow(() -> new IllegalStateException("only a task can send a request"));
    }

    /** Lets everything happen until that time. */
    void runUntil(long endNanos) {
        while (true) {
            Wake wake = wakes.peek();
            long next = Math.min(endNanos, wake == null ? endNanos : wake.atNanos());
            // the world first: what reaches a server at this moment comes before whoever wakes at it
            advanceTo(next);
            if (wake == null || wake.atNanos() > endNanos) {
                return;
            }
            wake = wakes.poll();
            if (wake != null && wake.turn() == wake.task().turns && !wake.task().ended) {
                resume(wake.task());
            }
        }
    }

    private void advanceTo(long nanos) {
        if (nanos > clock.nanos()) {
            clock.advance(Duration.ofNanos(nanos - clock.nanos()));
        } else {
            clock.advance(Duration.ZERO);
        }
    }

    private void resume(Task task) {
        long thaw = task.process.frozenUntilNanos();
        if (task.process.isAlive() && thaw > clock.nanos()) {
            task.schedule(thaw);
            return;
        }
        current = Optional.of(task);
        task.turn.release();
        task.done.acquireUninterruptibly();
        current = Optional.empty();
        task.defect.ifPresent(defect -> {
            throw new IllegalStateException("task %s failed".formatted(task.thread.getName()), defect);
        });
    }

    /** Ends every task; their processes must be gone. */
    void close() {
        for (Task task : tasks) {
            while (!task.ended) {
                task.turn.release();
                task.done.acquireUninterruptibly();
            }
        }
    }
}
