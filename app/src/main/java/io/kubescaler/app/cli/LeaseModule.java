package io.kubescaler.app.cli;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.Multibinder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.app.config.Settings;
import io.kubescaler.control.Leadership;
import io.kubescaler.kubernetes.client.ClientFactory;
import io.kubescaler.kubernetes.client.ConnectionException;
import io.kubescaler.kubernetes.lease.LeaseIdentity;
import io.kubescaler.kubernetes.lease.LeaseLeadership;
import io.kubescaler.kubernetes.lease.LeaseListener;
import io.kubescaler.kubernetes.lease.LeaseReference;
import io.kubescaler.kubernetes.lease.LeaseTiming;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Provides {@link Leadership}: by the Lease of the settings, and without one {@link Leadership#ALWAYS}. {@code Optional<LeaseLeadership>} is the lease for whoever starts and ends it.
 * Needs {@link Settings} and {@link ClientFactory}; takes {@link LeaseListener}s from a {@link Multibinder}.
 */
public final class LeaseModule extends AbstractModule {
    private static final Logger log = LoggerFactory.getLogger(LeaseModule.class);

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
        if (settings.leaderElection().lease().isEmpty()) {
            log.info("no leader is elected: this process acts alone, and a second one for these pools would act too");
            return Optional.empty();
        }
        LeaseReference lease = settings.leaderElection().lease().get();
        LeaseTiming timing = settings.leaderElection().timing();
        KubernetesClient client = factory.createForLease(timing.requestTimeout());
        log.info("the replicas elect a leader by the Lease {} of the cluster at {}", lease, client.getMasterUrl());
        return Optional.of(new LeaseLeadership(
                client,
                lease.namespace(),
                lease.name(),
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
}
