package io.kubescaler.app.cli;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.app.config.Settings;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.app.plugins.ProviderCatalog;
import io.kubescaler.control.Cluster;
import io.kubescaler.control.ClusterException;
import io.kubescaler.kubernetes.pool.ClusterWatch;
import io.kubescaler.kubernetes.watch.WatchTiming;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.model.ServersFound.CarriedLabel;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Planner;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Plans for the live cluster and cloud, as the scaler itself would see them. Reads alone. */
final class LivePlans {
    private static final Duration SYNC = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Settings settings;
    private final Surroundings surroundings;
    private final ProviderCatalog catalog;

    LivePlans(Settings settings, Surroundings surroundings, ProviderCatalog catalog) {
        this.settings = settings;
        this.surroundings = surroundings;
        this.catalog = catalog;
    }

    /**
     * Makes one pass on paper for each of these pools.
     *
     * @throws CommandException when the cluster cannot be read within a minute; a cloud that cannot be read makes a plan
     *     that says so
     */
    List<Plan> of(List<PoolSettings> pools) throws CommandException, InterruptedException {
        List<PoolPolicy> policies =
                settings.pools().stream().map(PoolSettings::policy).toList();
        try (KubernetesClient client = Connections.client(Connections.factory(settings, surroundings));
                ClusterWatch watch = new ClusterWatch(
                        client,
                        policies,
                        WatchTiming.DEFAULT,
                        surroundings.clock(),
                        System::nanoTime,
                        RandomGenerator.getDefault()::nextDouble)) {
            watch.start();
            awaitSync(watch);
            List<Plan> plans = new ArrayList<>();
            for (PoolSettings pool : pools) {
                plans.add(plan(pool, watch));
            }
            return plans;
        }
    }

    private static void awaitSync(ClusterWatch watch) throws CommandException, InterruptedException {
        long begun = System.nanoTime();
        Semaphore never = new Semaphore(0);
        Optional<String> why = watch.whyUnreadable();
        while (why.isPresent()) {
            boolean woken = never.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            if (woken || System.nanoTime() - begun > SYNC.toNanos()) {
                throw CommandException.failed(
                        "the cluster could not be read in %d s: %s; `check --connect` looks closer"
                                .formatted(SYNC.toSeconds(), why.get()),
                        null);
            }
            why = watch.whyUnreadable();
        }
    }

    private Plan plan(PoolSettings pool, ClusterWatch watch) {
        PoolSnapshot snapshot = new PoolSnapshot(cloud(pool), observe(watch.cluster(pool.policy()), pool.policy()));
        return new Planner()
                .plan(
                        pool.policy(),
                        snapshot,
                        PoolHistory.NONE,
                        surroundings.clock().instant());
    }

    // a plan that finds no server says which labels may have been meant
    private static Reading<ClusterState> observe(Cluster cluster, PoolPolicy policy) {
        Reading<ClusterState> observed = cluster.observe();
        if (!(observed instanceof Known<ClusterState> known)
                || known.value().servers().pods() > 0) {
            return observed;
        }
        try {
            ClusterState state = known.value();
            List<CarriedLabel> carried = cluster.readLabels(state.nodes(), policy.serverSelector());
            return Reading.known(state.withServers(state.servers().withCarried(carried)));
        } catch (ClusterException e) {
            return observed;
        }
    }

    private Reading<PoolDescription> cloud(PoolSettings pool) {
        try (NodePoolProvider provider = Providers.readOnly(catalog, pool)) {
            return Reading.known(provider.describe());
        } catch (ProviderException e) {
            return Reading.unreadable(String.valueOf(e.getMessage()));
        }
    }
}
