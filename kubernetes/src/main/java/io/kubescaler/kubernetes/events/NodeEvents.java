package io.kubescaler.kubernetes.events;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.control.ClusterException;
import io.kubescaler.control.PassListener;
import io.kubescaler.control.PassRecord;
import io.kubescaler.kubernetes.lease.LeaseListener;
import io.kubescaler.kubernetes.lease.LeaseStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells as Kubernetes Events what was done to nodes, what failed, when a pool's condition changed and when this replica
 * began or ceased to lead: on the node, and on our own Pod for what is about no node.
 *
 * <p>What repeats is counted on the Event that is there, and of one node no more is written than {@link EventBudget} allows.
 *
 * <p>A help for people and never more: passes only put notices into a queue of {@value #QUEUE_LENGTH}, which a thread
 * called {@code kubescaler-events} writes out. What does not fit is dropped and counted; what cannot be written is
 * counted and logged once for each cause. Thread-safe.
 */
public final class NodeEvents implements PassListener, LeaseListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(NodeEvents.class);
    private static final int QUEUE_LENGTH = 256;
    private static final int REMEMBERED_CAUSES = 100;
    private static final Duration IDLE = Duration.ofSeconds(1);
    private static final Duration FINISH = Duration.ofSeconds(2);

    private final Notices notices;
    private final EventSeriesKeeper keeper;
    private final BlockingQueue<Notice> queue = new ArrayBlockingQueue<>(QUEUE_LENGTH);
    private final LongAdder dropped = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Set<String> loggedCauses = new HashSet<>();
    private final Thread thread;
    private volatile boolean closing;
    private volatile long leftOut;

    /**
     * Makes the listener; it writes from {@link #start} on.
     *
     * @param client stays the caller's to close, after this
     * @param ownPod the pod of this process; empty outside a cluster, where what is about no node is not told
     * @param instance the name of this process, for the reporting instance of the Events; at most 128 characters
     */
    public NodeEvents(KubernetesClient client, Optional<OwnPod> ownPod, String instance) {
        this(new EventWriter(client, ownPod, instance), InstantSource.system(), System::nanoTime);
    }

    NodeEvents(EventSink sink, InstantSource clock, LongSupplier nanoTime) {
        this.notices = new Notices(clock);
        this.keeper = new EventSeriesKeeper(sink, nanoTime);
        this.thread = new Thread(this::write, "kubescaler-events");
        this.thread.setDaemon(true);
    }

    /** Begins to write. Call once. */
    public void start() {
        thread.start();
    }

    @Override
    public void passed(PassRecord pass) {
        notices.of(pass).forEach(this::offer);
    }

    @Override
    public void changed(LeaseStatus before, LeaseStatus after) {
        notices.of(before, after).ifPresent(this::offer);
    }

    /** Returns how many notices found no room in the queue. */
    public long dropped() {
        return dropped.sum();
    }

    /** Returns how many writes were left out since there had been so many about the same node, or our own pod. */
    public long leftOut() {
        return leftOut;
    }

    /** Returns how many notices the API server did not take. */
    public long failed() {
        return failed.sum();
    }

    /** Writes out what is queued, for at most 2 s, and ends. May be called more than once. */
    @Override
    public void close() {
        closing = true;
        try {
            thread.join(FINISH.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
    }

    private void offer(Notice notice) {
        if (!queue.offer(notice)) {
            if (dropped.sum() == 0) {
                log.warn("{} events wait to be written; what does not fit is dropped", QUEUE_LENGTH);
            }
            dropped.increment();
        }
    }

    private void write() {
        try {
            while (true) {
                Optional<Notice> next = Optional.ofNullable(
                        closing ? queue.poll() : queue.poll(IDLE.toMillis(), TimeUnit.MILLISECONDS));
                if (next.isPresent()) {
                    write(next.get());
                } else if (closing) {
                    return;
                }
            }
        } catch (InterruptedException interrupted) {
            log.debug("{} events are left unwritten", queue.size());
            Thread.currentThread().interrupt();
        }
    }

    private void write(Notice notice) throws InterruptedException {
        try {
            keeper.tell(notice);
            leftOut = keeper.leftOut();
        } catch (ClusterException failure) {
            if (Thread.interrupted()) {
                throw new InterruptedException(failure.getMessage());
            }
            refused(String.valueOf(failure.getMessage()), failure);
        } catch (RuntimeException | Error defect) {
            refused("writing an event met a defect: " + defect, defect);
        }
    }

    private void refused(String cause, Throwable failure) {
        failed.increment();
        if (loggedCauses.size() < REMEMBERED_CAUSES && loggedCauses.add(cause)) {
            log.warn("{}; scaling goes on, and this is not logged again", cause, failure);
        }
    }
}
