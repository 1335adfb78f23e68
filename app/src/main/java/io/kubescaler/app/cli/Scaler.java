package io.kubescaler.app.cli;

import com.google.inject.CreationException;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Key;
import com.google.inject.ProvisionException;
import com.google.inject.Stage;
import com.google.inject.TypeLiteral;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.kubescaler.app.config.ConfigModule;
import io.kubescaler.app.config.Settings;
import io.kubescaler.app.http.HttpModule;
import io.kubescaler.app.http.HttpServer;
import io.kubescaler.app.http.HttpServerException;
import io.kubescaler.app.observe.Metrics;
import io.kubescaler.app.observe.ObserveModule;
import io.kubescaler.app.plugins.PluginsModule;
import io.kubescaler.app.plugins.ProviderCatalog;
import io.kubescaler.kubernetes.client.ClientFactory;
import io.kubescaler.kubernetes.client.ConnectionException;
import io.kubescaler.kubernetes.events.NodeEvents;
import io.kubescaler.kubernetes.lease.LeaseIdentity;
import io.kubescaler.kubernetes.lease.LeaseLeadership;
import io.kubescaler.kubernetes.pool.ClusterWatch;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The scaler put together, from the settings to the running loops. Parts stop in an order that never leaves an action
 * without its fence: first the passes, the lease after everything that writes. All of it is over before the process is
 * ended as it is, whatever hangs.
 */
final class Scaler implements AutoCloseable {
    /** How long all parts together may take to stop. */
    static final Duration STOP_TIME = ProcessStopSignal.LIMIT.minusMillis(500);

    // the passes come first and may have the rest, which is more than a pass takes that is interrupted
    private static final Duration KEPT_FOR_LEASE = Duration.ofSeconds(2);
    private static final Duration KEPT_FOR_OTHERS = Duration.ofMillis(150);

    private final Lifecycle lifecycle;

    private Scaler(Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
    }

    /**
     * Puts a scaler together. Starts nothing and sends nothing yet.
     *
     * @param catalog the providers; stays the caller's to close, after the scaler
     * @throws CommandException when the settings name no cluster
     */
    static Scaler of(Settings settings, Surroundings surroundings, ProviderCatalog catalog) throws CommandException {
        ClientFactory factory = Connections.factory(settings, surroundings);
        KubernetesClient client = Connections.client(factory);
        String identity = identity(settings, surroundings);
        try {
            Injector injector = Guice.createInjector(
                    Stage.PRODUCTION,
                    new ConfigModule(settings),
                    new PluginsModule(catalog),
                    new ClientModule(factory, client),
                    new LeaseModule(identity),
                    new EventsModule(surroundings.environment(), identity),
                    new ObserveModule(),
                    new HttpModule(),
                    new ScalerModule(surroundings.clock(), surroundings.environment()));
            return new Scaler(lifecycle(injector, client, settings));
        } catch (CreationException e) {
            client.close();
            throw plain(e);
        } catch (ProvisionException e) {
            client.close();
            throw plain(e);
        }
    }

    /**
     * Starts everything; returns once all loops run.
     *
     * @throws CommandException when a part cannot start, such as the HTTP server at a port in use; close then too
     */
    void start() throws CommandException {
        try {
            lifecycle.start();
        } catch (HttpServerException e) {
            throw CommandException.failed(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.failed("interrupted while starting", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a part failed to start", e);
        }
    }

    /** Stops everything, the lease last. */
    @Override
    public void close() {
        lifecycle.close();
    }

    private static Lifecycle lifecycle(Injector injector, KubernetesClient client, Settings settings) {
        PoolRunners runners = injector.getInstance(PoolRunners.class);
        ClusterWatch watch = injector.getInstance(ClusterWatch.class);
        NodeEvents events = injector.getInstance(NodeEvents.class);
        Metrics metrics = injector.getInstance(Metrics.class);
        Optional<LeaseLeadership> lease =
                injector.getInstance(Key.get(new TypeLiteral<Optional<LeaseLeadership>>() {}));
        // stopping goes from the last to the first
        Lifecycle lifecycle = new Lifecycle(STOP_TIME, System::nanoTime, TimeLimit.REAL)
                .add("metrics", Lifecycle.Step.NONE, metrics::close, KEPT_FOR_OTHERS)
                .add("cluster client", Lifecycle.Step.NONE, client::close, KEPT_FOR_OTHERS)
                .add("lease", Lifecycle.Step.NONE, () -> lease.ifPresent(it -> release(it, runners)), KEPT_FOR_LEASE)
                .add("cloud providers", Lifecycle.Step.NONE, runners::closeProviders, KEPT_FOR_OTHERS)
                // these connect and read on threads of their own while the HTTP server starts
                .add("watches", watch::start, watch::close, KEPT_FOR_OTHERS)
                .add("events", events::start, events::close, KEPT_FOR_OTHERS)
                .add(
                        "leader election",
                        () -> lease.ifPresent(LeaseLeadership::start),
                        Lifecycle.Step.NONE,
                        Duration.ZERO);
        if (settings.http().enabled()) {
            HttpServer http = injector.getInstance(HttpServer.class);
            lifecycle.add("HTTP server", http::start, http::close, KEPT_FOR_OTHERS);
        }
        // last, so that nothing acts when a part cannot start
        return lifecycle.add("pools", runners::start, runners::stop, Duration.ZERO);
    }

    // an action that would not end may still be carried out: the lease must run out by itself then
    private static void release(LeaseLeadership lease, PoolRunners runners) {
        if (runners.mayStillAct()) {
            lease.abandon();
        } else {
            lease.close();
        }
    }

    private static String identity(Settings settings, Surroundings surroundings) {
        return LeaseIdentity.of(
                settings.leaderElection().identity(), surroundings.environment(), RandomGenerator.getDefault());
    }

    private static CommandException plain(RuntimeException wiring) {
        for (Throwable cause = wiring; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectionException) {
                return CommandException.failed(String.valueOf(cause.getMessage()), wiring);
            }
        }
        throw wiring;
    }
}
