package io.kubescaler.kubernetes.lease;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.control.ClusterException;
import io.kubescaler.control.Leadership;
import io.kubescaler.control.PoolJournal;
import io.kubescaler.kubernetes.client.CauseLog;
import io.kubescaler.kubernetes.lease.LeaseStatus.Role;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leadership by a Lease on the API server: of all replicas that share it, one may act.
 *
 * <p>Safety rests on no callback and on no other machine's clock, but on one comparison before every write: how long ago
 * this process sent its last successful renewal, see {@link LeaseTiming}. It turns false by itself when the API server
 * hangs, the network is cut, the renewing thread dies or the process is frozen, and it is false at once when a frozen
 * process goes on. What a process had already sent when it froze is beyond any lease; therefore writes to nodes carry
 * their resource version, and machines are deleted by identity after a live check.
 *
 * <p>A replica sends one request for each retry period: 720 an hour with the defaults. Its one thread is called
 * {@code kubescaler-lease}. Thread-safe.
 */
public final class LeaseLeadership implements Leadership, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LeaseLeadership.class);

    private final LeaseElector elector;
    private final Runnable closeStore;
    private final LeaseTiming timing;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final List<LeaseListener> listeners;
    private final Thread thread;
    private final CountDownLatch stopped = new CountDownLatch(1);

    private volatile boolean giveBack;
    private volatile LeaseStatus status;
    private volatile long attemptedAt;
    private final CauseLog causes = new CauseLog();

    /**
     * Takes part in the election for one Lease, from {@link #start} on.
     *
     * @param client a client that nothing else uses, which repeats nothing and whose requests end within
     *     {@link LeaseTiming#requestTimeout}; it is closed when this ends
     * @param namespace where the Lease is
     * @param name its name
     * @param identity what this process, and no other, writes as holder; see {@link LeaseIdentity}
     * @param pools the names of all pools that are scaled under this lease
     * @param listeners are told of every change
     */
    public LeaseLeadership(
            KubernetesClient client,
            String namespace,
            String name,
            String identity,
            LeaseTiming timing,
            List<String> pools,
            List<LeaseListener> listeners) {
        this(
                new KubernetesLeaseStore(client, namespace, name),
                client::close,
                identity,
                timing,
                pools,
                listeners,
                System::nanoTime,
                InstantSource.system(),
                RandomGenerator.getDefault());
    }

    LeaseLeadership(
            LeaseStore store,
            Runnable closeStore,
            String identity,
            LeaseTiming timing,
            List<String> pools,
            List<LeaseListener> listeners,
            LongSupplier nanoTime,
            InstantSource clock,
            RandomGenerator random) {
        this.elector = new LeaseElector(store, timing, identity, nanoTime, clock, LeaseJournal.first(pools));
        this.closeStore = closeStore;
        this.timing = timing;
        this.nanoTime = nanoTime;
        this.random = random;
        this.listeners = List.copyOf(listeners);
        this.status = elector.status();
        this.attemptedAt = nanoTime.getAsLong();
        this.thread = new Thread(this::elect, "kubescaler-lease");
        this.thread.setDaemon(true);
    }

    /** Begins to take part. Returns at once. */
    public void start() {
        thread.start();
    }

    /**
     * Returns whether this process holds the lease now, by a renewal that it sent less than {@link LeaseTiming#actFor}
     * ago on its own monotonic clock, and by its wall clock too, which goes on while a machine is suspended. False once
     * {@link #close} or {@link #abandon} was called.
     */
    @Override
    public boolean mayAct() {
        return stopped.getCount() > 0 && elector.mayAct();
    }

    /** Returns the journal of a pool, which is kept on the lease. */
    public PoolJournal journal(String pool) {
        return new LeaseJournal(elector, pool);
    }

    /** Returns the lease's UID, how often it has gone from one holder to another, and when it did last. */
    @Override
    public String term() {
        return elector.term();
    }

    /** Returns how this replica stood at its last attempt: for people and for health, never for a decision to write. */
    public LeaseStatus status() {
        return status;
    }

    /** Returns how long ago the last attempt ended; one much older than a few retry periods means a dead thread. */
    public Duration sinceLastAttempt() {
        return Duration.ofNanos(nanoTime.getAsLong() - attemptedAt);
    }

    /**
     * Stops taking part and gives the lease back, so that another replica takes it at its next look. Only for when the
     * last write has ended; otherwise {@link #abandon}. Waits for the lease's thread for three requests at most. May be
     * called more than once.
     */
    @Override
    public void close() {
        if (stopped.getCount() > 0) {
            giveBack = true;
        }
        abandon();
    }

    /**
     * Stops taking part and keeps the lease until it expires: for an end in which a write may still be under way. Waits
     * for the lease's thread for three requests at most. May be called more than once.
     */
    public void abandon() {
        stopped.countDown();
        try {
            thread.join(timing.requestTimeout().multipliedBy(3).toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt();
        closeStore.run();
    }

    private void elect() {
        try {
            Duration pause = Duration.ZERO;
            while (!stopped.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                boolean failed = !attempt();
                attemptedAt = nanoTime.getAsLong();
                pause = elector.pause(failed, random.nextDouble());
            }
            if (giveBack) {
                release();
            }
        } catch (InterruptedException interrupted) {
            log.info("the election was interrupted; the lease expires by itself");
            Thread.currentThread().interrupt();
        }
    }

    private boolean attempt() {
        try {
            elector.attempt();
            moveTo(elector.status());
            return true;
        } catch (ClusterException failure) {
            failed(failure);
        } catch (RuntimeException | Error defect) {
            log.error("the election met a defect and goes on", defect);
            failed(defect);
        }
        return false;
    }

    private void failed(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        if (causes.isNews(message, nanoTime.getAsLong())) {
            log.warn("{}{}", message, remedy(failure));
        }
        LeaseStatus now = elector.status();
        moveTo(now.role() == Role.LEADER ? now : new LeaseStatus(Role.UNKNOWN, now.holder(), message));
    }

    private static String remedy(Throwable failure) {
        boolean forbidden =
                failure instanceof ClusterException refused && refused.kind() == ClusterException.Kind.FORBIDDEN;
        return forbidden ? "; grant get, create and update on leases, as deploy/kubernetes does" : "";
    }

    private void release() {
        try {
            elector.release();
            log.info("the lease is given back, as far as it was held");
        } catch (ClusterException failure) {
            log.warn("the lease could not be given back and expires by itself: {}", failure.getMessage());
        }
        moveTo(elector.status());
    }

    private void moveTo(LeaseStatus after) {
        LeaseStatus before = status;
        status = after;
        if (before.role() == after.role() && before.holder().equals(after.holder())) {
            return;
        }
        log.info("{} -> {}: {}", before.role(), after.role(), after.message());
        for (LeaseListener listener : listeners) {
            try {
                listener.changed(before, after);
            } catch (RuntimeException | Error defect) {
                log.error("a listener of the lease failed", defect);
            }
        }
    }
}
