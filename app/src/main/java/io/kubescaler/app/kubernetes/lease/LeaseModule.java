package io.kubescaler.app.kubernetes.lease;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import io.kubescaler.app.config.LeaseTiming;
import io.kubescaler.app.config.Settings;
import io.kubescaler.app.config.Settings.LeaderElectionSettings;
import io.kubescaler.app.kubernetes.client.ClientFactory;
import io.kubescaler.app.kubernetes.client.ConnectionException;
import io.kubescaler.app.kubernetes.client.InCluster;
import io.kubescaler.control.Leadership;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Provides {@link Leadership}: by a Lease where the settings ask for it, which is in a cluster unless they say otherwise,
 * and else {@link Leadership#ALWAYS}. {@code Optional<LeaseLeadership>} is the lease for whoever starts and ends it.
 * Needs {@link Settings} and {@link ClientFactory}; takes {@link LeaseListener}s from a {@link Multibinder}.
 */
public final class LeaseModule extends AbstractModule {
    private final String identity;

    /**
     * Makes the module.
     *
     * @param identity what this process, and no other, writes as holder; see {@link LeaseIdentity}
     */
    public LeaseModule(String identity) {
        this.identity = identity;
    }

    @Override
    protected void configure() {
        Multibinder.newSetBinder(binder(), LeaseListener.class);
    }

    @Provides
    @Singleton
    Optional<LeaseLeadership> lease(Settings settings, ClientFactory factory, Set<LeaseListener> listeners)
            throws ConnectionException {
        LeaderElectionSettings election = settings.leaderElection();
        if (!election.isOn(factory.inCluster().isPresent())) {
            return Optional.empty();
        }
        LeaseTiming timing = election.timing();
        return Optional.of(new LeaseLeadership(
                factory.createForLease(timing.requestTimeout()),
                namespace(election, factory),
                election.leaseName(),
                identity,
                timing,
                settings.pools().stream().map(pool -> pool.policy().pool()).toList(),
                List.copyOf(listeners)));
    }

    @Provides
    @Singleton
    Leadership leadership(Optional<LeaseLeadership> lease) {
        return lease.<Leadership>map(election -> election).orElse(Leadership.ALWAYS);
    }

    /** Returns where the lease is: as configured, else in the namespace of our own pod. */
    static String namespace(LeaderElectionSettings election, ClientFactory factory) throws ConnectionException {
        if (election.namespace().isPresent()) {
            return election.namespace().get();
        }
        Optional<InCluster> pod = factory.inCluster();
        if (pod.isPresent()) {
            return pod.get().namespace();
        }
        throw new ConnectionException("leader election is on outside a cluster, where there is no namespace of our"
                + " own; set leader-election.namespace, the same for all replicas");
    }
}
