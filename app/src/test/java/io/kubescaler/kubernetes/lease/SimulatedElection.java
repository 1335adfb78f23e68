package io.kubescaler.kubernetes.lease;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.kubescaler.app.hostile.Wire;
import io.kubescaler.control.ClusterException;
import io.kubescaler.control.PoolJournal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The production elector of one process over a lease in memory, one step at a call. For one simulation. */
public final class SimulatedElection {
    private final LeaseElector elector;

    /** The lease that several processes share. */
    public static final class SharedLease {
        private final FakeLeaseStore store = new FakeLeaseStore();

        /** Returns who holds it, as the server has it; empty when nobody does. */
        public Optional<String> holder() {
            return store.current()
                    .map(lease -> lease.getSpec().getHolderIdentity())
                    .filter(name -> !name.isEmpty());
        }
    }

    /**
     * @param identity what this process, and no other, writes as holder
     * @param pool the pool that is scaled under the lease
     * @param wire the way to the server
     */
    public SimulatedElection(
            SharedLease lease,
            String identity,
            String pool,
            Wire<ClusterException> wire,
            LongSupplier nanoTime,
            InstantSource wallClock) {
        elector = new LeaseElector(
                new Wired(lease.store.view(), wire),
                timing(),
                identity,
                nanoTime,
                wallClock,
                LeaseJournal.first(List.of(pool)));
    }

    /** Returns how long one request may take. */
    public static Duration requestTimeout() {
        return timing().requestTimeout();
    }

    /** Makes one attempt; see {@link LeaseElector#attempt}. */
    public void attempt() throws ClusterException {
        elector.attempt();
    }

    /** Returns how long to wait before the next attempt. */
    public Duration pause(boolean lastAttemptFailed, double random) {
        return elector.pause(lastAttemptFailed, random);
    }

    /** Returns the journal of a pool, which is kept on the lease. */
    public PoolJournal journal(String pool) {
        return new LeaseJournal(elector, pool);
    }

    /** Returns whether the process may write. */
    public boolean mayAct() {
        return elector.mayAct();
    }

    /** Returns what tells the present term of leadership from earlier ones. */
    public String term() {
        return elector.term();
    }

    /** Gives the lease back. */
    public void release() throws ClusterException {
        elector.release();
    }

    private static LeaseTiming timing() {
        return new LeaseTiming(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(5));
    }

    private record Wired(LeaseStore server, Wire<ClusterException> wire) implements LeaseStore {
        @Override
        public Optional<Lease> read() throws ClusterException {
            return wire.read(server::read);
        }

        @Override
        public Lease create(Lease lease) throws ClusterException {
            return wire.change(() -> server.create(lease));
        }

        @Override
        public Lease replace(Lease lease) throws ClusterException {
            return wire.change(() -> server.replace(lease));
        }

        @Override
        public String description() {
            return server.description();
        }
    }
}
