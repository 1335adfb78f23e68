package io.kubescaler.app.cli;

import com.google.inject.AbstractModule;
import com.google.inject.Provider;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import com.google.inject.multibindings.ProvidesIntoSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.app.config.Settings;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.app.http.Health;
import io.kubescaler.app.http.Heartbeat;
import io.kubescaler.app.http.ReadinessCheck;
import io.kubescaler.app.journal.FileJournal;
import io.kubescaler.app.observe.DataAge;
import io.kubescaler.app.observe.MeteredCluster;
import io.kubescaler.app.observe.MeteredProvider;
import io.kubescaler.app.observe.PassHistory;
import io.kubescaler.app.plugins.ProviderCatalog;
import io.kubescaler.control.Cluster;
import io.kubescaler.control.Leadership;
import io.kubescaler.control.PassListener;
import io.kubescaler.control.PoolController;
import io.kubescaler.control.PoolController.Ports;
import io.kubescaler.control.PoolController.Timing;
import io.kubescaler.control.PoolJournal;
import io.kubescaler.control.PoolRunner;
import io.kubescaler.kubernetes.lease.LeaseLeadership;
import io.kubescaler.kubernetes.lease.LeaseListener;
import io.kubescaler.kubernetes.lease.LeaseStatus.Role;
import io.kubescaler.kubernetes.pool.ClusterWatch;
import io.kubescaler.kubernetes.watch.WatchTiming;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.provider.NodePoolProvider;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Puts the pools together from what the other modules bind: for each one a view of the cluster, a cloud and a runner. */
final class ScalerModule extends AbstractModule {
    // reading the cloud more often would only use up its rate limit; actions read it anew anyway
    private static final Duration LEAST_CLOUD_READ_INTERVAL = Duration.ofSeconds(10);

    private static final Duration GRACE = Duration.ofSeconds(60);

    private final Clock clock;
    private final Optional<String> ownNode;

    /** @param environment the environment variables; {@code NODE_NAME} is the node that this process runs on */
    ScalerModule(Clock clock, Map<String, String> environment) {
        this.clock = clock;
        ownNode = Optional.ofNullable(environment.get("NODE_NAME")).filter(name -> !name.isBlank());
    }

    @Provides
    @Singleton
    ClusterWatch watch(KubernetesClient client, Settings settings, MeterRegistry registry) {
        ClusterWatch watch = new ClusterWatch(
                client,
                policies(settings),
                WatchTiming.DEFAULT,
                clock,
                System::nanoTime,
                RandomGenerator.getDefault()::nextDouble);
        DataAge.register(registry, Map.of("pods", watch::podsAge, "nodes", watch::nodesAge));
        return watch;
    }

    @Provides
    @Singleton
    PoolRunners runners(
            Settings settings,
            ProviderCatalog catalog,
            ClusterWatch watch,
            Leadership leadership,
            Optional<LeaseLeadership> lease,
            MeterRegistry registry,
            Set<PassListener> listeners) {
        List<PoolRunner> runners = new ArrayList<>();
        List<NodePoolProvider> providers = new ArrayList<>();
        for (PoolSettings pool : settings.pools()) {
            PoolPolicy policy = pool.policy();
            NodePoolProvider provider = provider(pool, catalog, leadership, registry);
            Cluster cluster =
                    new MeteredCluster(watch.cluster(policy, ownNode), policy.pool(), registry, System::nanoTime);
            PoolController controller = new PoolController(
                    policy,
                    new Ports(cluster, provider, leadership, journal(pool, settings, lease)),
                    new Timing(clock, System::nanoTime, cloudReadInterval(settings)),
                    settings.dryRun());
            PoolRunner runner = new PoolRunner(controller, List.copyOf(listeners), settings.tick(), System::nanoTime);
            watch.onChange(policy, runner::wake);
            runners.add(runner);
            providers.add(provider);
        }
        return new PoolRunners(runners, providers);
    }

    // a dry run leaves no trace
    private static PoolJournal journal(PoolSettings pool, Settings settings, Optional<LeaseLeadership> lease) {
        String name = pool.policy().pool();
        if (settings.dryRun()) {
            return PoolJournal.inMemory();
        }
        return lease.map(it -> it.journal(name)).orElseGet(() -> {
            String cluster = pool.context().clusterName().orElse("");
            String whose =
                    String.join("_", pool.provider(), cluster, pool.context().poolName());
            return FileJournal.open(settings.stateFolder(), whose, name);
        });
    }

    private static NodePoolProvider provider(
            PoolSettings pool, ProviderCatalog catalog, Leadership leadership, MeterRegistry registry) {
        NodePoolProvider provider = catalog.find(pool.provider())
                .orElseThrow(() -> new IllegalStateException("no provider " + pool.provider()))
                .create(pool.context().withMayWrite(leadership::mayAct));
        return new MeteredProvider(provider, pool.policy().pool(), registry, System::nanoTime);
    }

    private static Duration cloudReadInterval(Settings settings) {
        return settings.tick().compareTo(LEAST_CLOUD_READ_INTERVAL) > 0 ? settings.tick() : LEAST_CLOUD_READ_INTERVAL;
    }

    // a new leader looks at once instead of at its next tick
    @ProvidesIntoSet
    LeaseListener wakeTheLeader(Provider<PoolRunners> runners) {
        return (before, after) -> {
            if (after.role() == Role.LEADER && before.role() != Role.LEADER) {
                runners.get().wake();
            }
        };
    }

    @Provides
    @Singleton
    Health health(
            Settings settings,
            PoolRunners runners,
            ClusterWatch watch,
            PassHistory history,
            Leadership leadership,
            Optional<LeaseLeadership> lease) {
        List<Heartbeat> heartbeats = new ArrayList<>();
        for (PoolRunner runner : runners.all()) {
            heartbeats.add(Heartbeat.ofPool(runner.pool(), settings.tick(), runner.budget(), runner::sinceLastTurn));
        }
        heartbeats.add(new Heartbeat("watches", ClusterWatch.LONGEST_STEP.plus(GRACE), watch::sinceLastStep));
        lease.ifPresent(it -> heartbeats.add(new Heartbeat(
                "lease", settings.leaderElection().timing().leaseDuration().multipliedBy(4), it::sinceLastAttempt)));
        List<ReadinessCheck> checks = new ArrayList<>();
        for (PoolPolicy policy : policies(settings)) {
            Cluster cluster = watch.cluster(policy);
            checks.add(ReadinessCheck.cluster(policy.pool(), cluster::observe));
            checks.add(ReadinessCheck.cloud(
                    policy.pool(), () -> history.last(policy.pool()), () -> settings.dryRun() || leadership.mayAct()));
            checks.add(ReadinessCheck.passes(
                    policy.pool(),
                    () -> history.failure(policy.pool()),
                    () -> settings.dryRun() || leadership.mayAct()));
        }
        lease.ifPresent(it -> checks.add(ReadinessCheck.lease(it::status)));
        return new Health(heartbeats, checks);
    }

    private static List<PoolPolicy> policies(Settings settings) {
        return settings.pools().stream().map(PoolSettings::policy).toList();
    }
}
