package io.kubescaler.app.config;

import io.kubescaler.kubernetes.client.KubernetesSettings;
import io.kubescaler.kubernetes.lease.LeaseReference;
import io.kubescaler.kubernetes.lease.LeaseTiming;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolPolicy.OtherPool;
import io.kubescaler.provider.ProviderContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The configuration after all checks. Immutable and thread-safe.
 *
 * @param pools the pools to scale; at least one, with distinct names
 * @param kubernetes how to reach the cluster
 * @param leaderElection how replicas agree on which of them acts
 * @param http where the health, metrics and API server listens
 * @param log how logs look
 * @param tick the longest time between two passes of a pool, above 0 ({@code scale-loop-tick-sec})
 * @param stateFolder where a scaler without a lease keeps what its next start must know ({@code state-folder})
 * @param dryRun decide and report, touch nothing
 */
public record Settings(
        List<PoolSettings> pools,
        KubernetesSettings kubernetes,
        LeaderElectionSettings leaderElection,
        HttpSettings http,
        LogSettings log,
        Duration tick,
        Path stateFolder,
        boolean dryRun) {
    public Settings {
        pools = List.copyOf(pools);
    }

    /** Returns the same settings with nothing to be touched. */
    public Settings inDryRun() {
        return new Settings(pools, kubernetes, leaderElection, http, log, tick, stateFolder, true);
    }

    /**
     * One pool.
     *
     * @param policy what is asked of it
     * @param provider the name of its cloud provider, one that was found
     * @param context what its provider is made from
     */
    public record PoolSettings(PoolPolicy policy, String provider, ProviderContext context) {
        /** Returns this pool with what it has to know of the others among all of them. */
        PoolSettings beside(List<PoolSettings> all) {
            List<OtherPool> others = all.stream()
                    .map(PoolSettings::policy)
                    .filter(other -> !other.pool().equals(policy.pool()))
                    .map(other -> new OtherPool(other.selector(), other.serverSelector()))
                    .toList();
            return new PoolSettings(policy.beside(others), provider, context);
        }
    }

    /**
     * How replicas agree on which of them acts: one Lease.
     *
     * @param lease the Lease, by {@link Election#of}; empty when this process acts alone, or not at all
     * @param identity {@code leader-election.identity}; empty for the pod's name, else host name and a random part
     * @param timing {@code leader-election.lease-duration} (default 15 s), {@code leader-election.renew-deadline} (10 s) and
     *     {@code leader-election.retry-period} (5 s, 2 s is the least); where replicas elect a leader, they leave enough
     *     to change a node
     */
    public record LeaderElectionSettings(
            Optional<LeaseReference> lease, Optional<String> identity, LeaseTiming timing) {}

    /**
     * Where the HTTP server listens.
     *
     * @param enabled {@code http.enabled}, default true
     * @param host {@code http.host}, default {@code 0.0.0.0} in a cluster and {@code 127.0.0.1} elsewhere
     * @param port {@code http.port}, default 8080; 0 for any free one
     */
    public record HttpSettings(boolean enabled, String host, int port) {}

    /**
     * How logs look; they go to stderr.
     *
     * @param format {@code log.format}: {@code plain} or {@code json}; default json in a cluster, plain elsewhere
     * @param level {@code log.level}: {@code error}, {@code warn}, {@code info}, {@code debug} or {@code trace}
     */
    public record LogSettings(Format format, String level) {
        /** How a line looks. */
        public enum Format {
            /** For people. */
            PLAIN,
            /** One JSON object a line. */
            JSON
        }
    }
}
