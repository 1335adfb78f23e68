package io.kubescaler.kubernetes.lease;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.kubescaler.control.ClusterException;
import io.kubescaler.control.ClusterException.Kind;
import io.kubescaler.control.TwoClocks;
import io.kubescaler.kubernetes.lease.LeaseStatus.Role;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Takes, renews and gives back the lease, one step at a call. The protocol is that of client-go's
 * {@code tools/leaderelection}, so that tools which read such leases understand this one.
 *
 * <p>{@link #mayAct}, {@link #annotation} and {@link #annotate} are safe for use by several threads; all else belongs to
 * one thread.
 */
final class LeaseElector {
    private static final int FAILED_RENEWAL_SHARE = 5;
    private static final double JITTER = 0.05;
    private static final int MOST_ATTEMPTS = 4;

    private final LeaseStore store;
    private final LeaseTiming timing;
    private final String identity;
    private final LeaseDraft draft;
    private final TwoClocks clocks;
    private final Map<String, String> firstAnnotations;

    private final ReentrantLock annotating = new ReentrantLock();

    // when the last successful renewal was sent
    private volatile Optional<TwoClocks.Moment> hold = Optional.empty();
    private volatile Optional<Sighting> seen = Optional.empty();

    /**
     * Makes an elector; nothing is sent yet.
     *
     * @param identity what this process, and no other, writes as holder
     * @param nanoTime a monotonic clock
     * @param clock the wall clock: what the lease shows to people, and a second measure of a hold's age
     * @param firstAnnotations what a lease says that there never was before
     */
    LeaseElector(
            LeaseStore store,
            LeaseTiming timing,
            String identity,
            LongSupplier nanoTime,
            InstantSource clock,
            Map<String, String> firstAnnotations) {
        this.store = store;
        this.timing = timing;
        this.identity = identity;
        this.draft = new LeaseDraft(identity, timing.leaseDuration(), clock, firstAnnotations.keySet());
        clocks = new TwoClocks(nanoTime, clock);
        this.firstAnnotations = Map.copyOf(firstAnnotations);
    }

    /** See {@link LeaseLeadership#mayAct}. */
    boolean mayAct() {
        return hold.filter(sent -> clocks.since(sent).compareTo(timing.actFor()) < 0)
                .isPresent();
    }

    /**
     * Makes one attempt: renews the lease when held, else looks at it and takes it when it is free.
     *
     * @throws ClusterException when the attempt failed; a hold stays until its deadline
     */
    void attempt() throws ClusterException {
        dropExpiredHold();
        if (hold.isPresent() && seen.isPresent() && renewed(seen.get())) {
            return;
        }
        look();
    }

    /**
     * Returns how long to wait before the next attempt. A replica that stands by looks a little more often than the
     * retry period, and again right when the lease falls free, so that it takes over within the lease duration and one
     * retry period of the holder's end.
     *
     * @param lastAttemptFailed whether it threw; a holder then tries again soon
     * @param random from 0 to below 1, so that replicas do not move in step
     */
    Duration pause(boolean lastAttemptFailed, double random) {
        if (hold.isPresent()) {
            Duration interval = timing.renewInterval();
            return lastAttemptFailed ? interval.dividedBy(FAILED_RENEWAL_SHARE) : interval;
        }
        Duration jitter = part(timing.retryPeriod(), JITTER * random);
        Duration regular = part(timing.retryPeriod(), 1 - JITTER).minus(jitter);
        Duration untilFree = seen.map(this::untilFree).orElse(Duration.ZERO);
        boolean soonFree = !untilFree.isZero() && untilFree.compareTo(regular) < 0;
        return soonFree ? untilFree.plus(jitter) : regular;
    }

    private static Duration part(Duration whole, double share) {
        return Duration.ofNanos(Math.round(whole.toNanos() * share));
    }

    /** Gives the lease back when it is held, so that another replica takes it at its next look. */
    void release() throws ClusterException {
        dropExpiredHold();
        boolean held = hold.isPresent();
        hold = Optional.empty();
        if (held && seen.isPresent()) {
            wrote(store.replace(draft.freed(seen.get())));
        }
    }

    /** See {@link LeaseLeadership#term}; empty text before the lease was seen. */
    String term() {
        return seen.map(Sighting::term).orElse("");
    }

    /** Returns the value of an annotation of the lease as it was last seen; empty when it has none, or is out of date. */
    Optional<String> annotation(String name) {
        return seen.flatMap(last -> annotation(last, name));
    }

    private static Optional<String> annotation(Sighting sighting, String name) {
        return Optional.ofNullable(sighting.annotations().get(name)).filter(value -> !sighting.setBack());
    }

    /**
     * Sets an annotation of the lease while it is held, and renews it by that. Sends one request, and two more each time
     * that somebody wrote the lease meanwhile: a person, or the renewal of this process.
     *
     * @param value makes the new value of what the annotation is then
     * @throws ClusterException when the lease is not held any more, or the annotation is not known to be written
     */
    void annotate(String name, Function<Optional<String>, String> value) throws ClusterException {
        // of many pools one after the other, so that they do not stand in each other's way
        annotating.lock();
        try {
            annotateAlone(name, value);
        } finally {
            annotating.unlock();
        }
    }

    private void annotateAlone(String name, Function<Optional<String>, String> value) throws ClusterException {
        for (int attempt = 1; ; attempt++) {
            try {
                sendAnnotated(name, value);
                return;
            } catch (ClusterException failure) {
                if (failure.kind() != Kind.CONFLICT || attempt == MOST_ATTEMPTS) {
                    throw failure;
                }
                read();
            }
        }
    }

    private void sendAnnotated(String name, Function<Optional<String>, String> value) throws ClusterException {
        Optional<Sighting> last =
                seen.filter(it -> it.holder().filter(identity::equals).isPresent());
        if (last.isEmpty() || !mayAct()) {
            throw new ClusterException(Kind.UNAVAILABLE, "this replica no longer holds the lease");
        }
        send(draft.annotated(last.get(), name, value.apply(annotation(last.get(), name))), last.get());
    }

    /** Returns how this replica stands, from memory. */
    LeaseStatus status() {
        Optional<String> holder = seen.flatMap(Sighting::holder);
        if (hold.isPresent()) {
            return new LeaseStatus(Role.LEADER, Optional.of(identity), "holds lease " + store.description());
        }
        if (seen.isEmpty()) {
            return new LeaseStatus(Role.UNKNOWN, holder, "has not read lease " + store.description() + " yet");
        }
        if (seen.get().setBack()) {
            return new LeaseStatus(
                    Role.STANDBY,
                    holder,
                    "stands by: lease %s was restored from a backup or created anew; its former holder may act for %d s more"
                            .formatted(
                                    store.description(), untilFree(seen.get()).toSeconds() + 1));
        }
        String whose = holder.map(name -> "is held by " + name).orElse("is held by nobody");
        return new LeaseStatus(Role.STANDBY, holder, "stands by: lease " + store.description() + " " + whose);
    }

    private void dropExpiredHold() {
        if (hold.filter(sent -> clocks.since(sent).compareTo(timing.renewDeadline()) >= 0)
                .isPresent()) {
            hold = Optional.empty();
        }
    }

    /** Renews over the version last seen; false when somebody else has written since, or the lease is gone. */
    private boolean renewed(Sighting last) throws ClusterException {
        try {
            take(last);
            return true;
        } catch (ClusterException failure) {
            if (failure.kind() == Kind.CONFLICT || failure.kind() == Kind.GONE) {
                return false;
            }
            throw failure;
        }
    }

    private void look() throws ClusterException {
        if (!read()) {
            // a lease that somebody deleted is still owed to its holder, who learns of it at its next renewal
            if (seen.map(this::isFree).orElse(true)) {
                create();
            } else {
                hold = Optional.empty();
            }
            return;
        }
        Sighting current = seen.orElseThrow();
        if (isFree(current)) {
            takeUnlessBeaten(current);
        } else {
            hold = Optional.empty();
        }
    }

    private void takeUnlessBeaten(Sighting current) throws ClusterException {
        try {
            take(current);
        } catch (ClusterException failure) {
            if (failure.kind() != Kind.CONFLICT) {
                throw failure;
            }
            // a note of this process may have come first: what is held then runs out by itself
            if (current.holder().filter(identity::equals).isEmpty()) {
                hold = Optional.empty();
            }
        }
    }

    private void take(Sighting current) throws ClusterException {
        send(draft.claimed(current), current);
    }

    private void send(Lease claim, Sighting current) throws ClusterException {
        TwoClocks.Moment sending = clocks.now();
        Lease written = store.replace(claim);
        // a write that changed nothing is no renewal: nobody else saw it
        if (!written.getMetadata().getResourceVersion().equals(current.version())) {
            held(sending);
        }
        wrote(written);
    }

    /**
     * Creates the lease. A process that never saw it takes its absence for a first start; so nobody must delete the
     * lease of a running scaler.
     */
    private void create() throws ClusterException {
        TwoClocks.Moment sending = clocks.now();
        try {
            wrote(store.create(draft.fresh(seen.map(Sighting::annotations).orElse(firstAnnotations))));
            hold = Optional.of(sending);
        } catch (ClusterException failure) {
            hold = Optional.empty();
            if (failure.kind() != Kind.CONFLICT) {
                throw failure;
            }
        }
    }

    // of two requests under way at once, the one that was sent first may end last
    private synchronized void held(TwoClocks.Moment sending) {
        if (hold.filter(current -> current.nanos() - sending.nanos() > 0).isEmpty()) {
            hold = Optional.of(sending);
        }
    }

    /** Reads the lease and notes it; false when there is none. */
    private boolean read() throws ClusterException {
        Optional<Sighting> before = seen;
        Optional<Lease> found = store.read();
        found.ifPresent(lease -> answered(lease, before));
        return found.isPresent();
    }

    /** Notes what a write of ours made of the lease, unless something newer is known by now. */
    private synchronized void wrote(Lease lease) {
        if (seen.filter(last -> last.isNewerThan(lease)).isEmpty()) {
            saw(lease, false);
        }
    }

    /**
     * Notes what a read found, unless a request that ended meanwhile told of something newer. What was known before it was
     * sent is never newer: where it seems so, the API server was set back to a backup.
     */
    private synchronized void answered(Lease lease, Optional<Sighting> before) {
        if (seen.equals(before)) {
            saw(lease, isSetBack(lease));
        } else {
            wrote(lease);
        }
    }

    private boolean isSetBack(Lease lease) {
        return seen.filter(last -> last.isNewerThan(lease) || !last.isSameLease(lease))
                .isPresent();
    }

    // its time is kept while the version stays the same
    private void saw(Lease lease, boolean setBack) {
        String version = lease.getMetadata().getResourceVersion();
        if (seen.filter(last -> last.isSameLease(lease) && last.version().equals(version))
                .isEmpty()) {
            seen = Optional.of(new Sighting(lease, clocks.nanoTime().getAsLong(), setBack));
        }
    }

    private boolean isFree(Sighting sighting) {
        return untilFree(sighting).isZero() || isStillHeld(sighting);
    }

    // if another replica has taken it meanwhile, the write fails with a conflict
    private boolean isStillHeld(Sighting sighting) {
        return hold.isPresent()
                && sighting.holder().filter(name -> !name.equals(identity)).isEmpty();
    }

    private Duration untilFree(Sighting sighting) {
        return sighting.untilFree(
                identity, timing.leaseDuration(), clocks.nanoTime().getAsLong());
    }
}
