package io.kubescaler.app.config;

import io.kubescaler.app.config.Settings.HttpSettings;
import io.kubescaler.app.config.Settings.LeaderElectionSettings;
import io.kubescaler.app.config.Settings.LogSettings;
import io.kubescaler.kubernetes.client.InCluster;
import io.kubescaler.kubernetes.client.KubernetesSettings;
import io.kubescaler.kubernetes.lease.LeaseReference;
import io.kubescaler.kubernetes.lease.LeaseTiming;
import io.kubescaler.model.TimeBudget;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads what is the whole scaler's. For one thread. */
final class ScalerReader {
    // Lease times are whole seconds, and renewing more often than this only loads the API server
    private static final Duration LEAST_RETRY = Duration.ofSeconds(2);
    private static final int LONGEST_TICK = 3600;

    private final Values values;
    private final Optional<InCluster> inCluster;
    private final Purpose purpose;

    /** @param inCluster the cluster that this process runs in; empty outside of one */
    ScalerReader(Values values, Optional<InCluster> inCluster, Purpose purpose) {
        this.values = values;
        this.inCluster = inCluster;
        this.purpose = purpose;
    }

    /** Reads how to reach the cluster. */
    KubernetesSettings kubernetes() {
        return new KubernetesSettings(
                values.parsed(Key.CLUSTER_KUBE_CONFIG_MASTER_URL, ScalerReader::url),
                values.parsed(Key.CLUSTER_KUBE_CONFIG_PATH, ScalerReader::file),
                values.text(Key.CLUSTER_KUBE_CONFIG_CONTEXT));
    }

    /** Reads the tick; empty when it is wrong. */
    Optional<Duration> tick() {
        return values.integer(
                        Key.SCALE_LOOP_TICK,
                        1,
                        LONGEST_TICK,
                        "a whole number of seconds from 1 to %d without a unit, such as 10".formatted(LONGEST_TICK))
                .map(Duration::ofSeconds);
    }

    /** Reads where to keep what the next start must know; empty when that is wrong. */
    Optional<Path> stateFolder() {
        return values.required(Key.STATE_FOLDER, "a folder", ScalerReader::folder);
    }

    private static Path folder(String text) {
        Path path = Path.of(text);
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new IllegalArgumentException("is no folder; name one, which is made when it is not there");
        }
        return path;
    }

    /** Reads whether it is a dry run; empty when that is wrong. */
    Optional<Boolean> dryRun() {
        return values.requiredBool(Key.DRY_RUN);
    }

    /** Reads the leader election; empty when something of it is wrong. */
    Optional<LeaderElectionSettings> leaderElection() {
        Optional<Boolean> enabled = values.bool(Key.LEADER_ELECTION_ENABLED);
        Optional<String> name =
                values.required(Key.LEADER_ELECTION_LEASE_NAME, "the name of the Lease", Labels::subdomain);
        Optional<String> namespace = values.parsed(Key.LEADER_ELECTION_NAMESPACE, Labels::namespace);
        Optional<String> identity = values.text(Key.LEADER_ELECTION_IDENTITY);
        Optional<LeaseTiming> timing = timing();
        if (name.isEmpty() || timing.isEmpty()) {
            return Optional.empty();
        }
        Optional<LeaseReference> lease = lease(Election.of(enabled, namespace, inCluster), name.get(), timing.get());
        return Optional.of(new LeaderElectionSettings(lease, identity, timing.get()));
    }

    private Optional<LeaseReference> lease(Election election, String name, LeaseTiming timing) {
        if (!(election instanceof Election.Alone)) {
            leavesEnough(timing);
        }
        if (election instanceof Election.ByLease byLease) {
            return Optional.of(new LeaseReference(byLease.namespace(), name));
        }
        if (election instanceof Election.Impossible impossible && purpose == Purpose.SCALE) {
            values.absent(Key.LEADER_ELECTION_NAMESPACE, impossible.why());
        }
        return Optional.empty();
    }

    private Optional<LeaseTiming> timing() {
        Optional<Duration> lease = values.duration(Key.LEADER_ELECTION_LEASE_DURATION, LEAST_RETRY);
        Optional<Duration> renew = values.duration(Key.LEADER_ELECTION_RENEW_DEADLINE, LEAST_RETRY);
        Optional<Duration> retry = values.duration(Key.LEADER_ELECTION_RETRY_PERIOD, LEAST_RETRY);
        lease.filter(it -> it.toNanosPart() != 0)
                .ifPresent(it -> values.wrong(
                        Key.LEADER_ELECTION_LEASE_DURATION, "is not in whole seconds, which a Lease keeps; write 15s"));
        boolean renewFits =
                ordered(Key.LEADER_ELECTION_RENEW_DEADLINE, renew, Key.LEADER_ELECTION_LEASE_DURATION, lease);
        boolean retryFits = ordered(Key.LEADER_ELECTION_RETRY_PERIOD, retry, Key.LEADER_ELECTION_RENEW_DEADLINE, renew);
        return renewFits && retryFits
                ? Optional.of(new LeaseTiming(lease.orElseThrow(), renew.orElseThrow(), retry.orElseThrow()))
                : Optional.empty();
    }

    private boolean ordered(Key shorterKey, Optional<Duration> shorter, Key longerKey, Optional<Duration> longer) {
        if (shorter.isEmpty() || longer.isEmpty()) {
            return false;
        }
        boolean fits = shorter.get().compareTo(longer.get()) < 0;
        if (!fits) {
            values.wrong(
                    shorterKey,
                    "must be shorter than %s, which is %s; keep retry-period < renew-deadline < lease-duration"
                            .formatted(longerKey.path(), Durations.write(longer.get())));
        }
        return fits;
    }

    // else a change begun at the last moment could outlast the lease, and another replica would act meanwhile
    private void leavesEnough(LeaseTiming timing) {
        if (timing.longestWrite().compareTo(TimeBudget.NODE_WRITE) < 0) {
            values.wrong(
                    Key.LEADER_ELECTION_LEASE_DURATION,
                    "leaves too little for a change of a node begun at the last moment, which may take %s; with %s = %s"
                                    .formatted(
                                            Durations.write(TimeBudget.NODE_WRITE),
                                            Key.LEADER_ELECTION_RENEW_DEADLINE.path(),
                                            Durations.write(timing.renewDeadline()))
                            + " write %s or longer, or shorten that"
                                    .formatted(Durations.write(timing.leastLeaseDuration())));
        }
    }

    /** Reads where the HTTP server listens; empty when something of it is wrong. */
    Optional<HttpSettings> http() {
        Optional<Boolean> enabled = values.requiredBool(Key.HTTP_ENABLED);
        Optional<String> host = values.required(Key.HTTP_HOST, "the address to listen at, such as 0.0.0.0");
        Optional<Integer> port = values.integer(
                Key.HTTP_PORT,
                0,
                65_535,
                "a port from 1 to 65535, or 0 for any free one (a Kubernetes Service named http sets the variable"
                        + " HTTP_PORT too: give the pod enableServiceLinks: false)");
        if (enabled.isEmpty() || host.isEmpty() || port.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new HttpSettings(enabled.get(), host.get(), port.get()));
    }

    /** Reads how logs look; empty when something of it is wrong. */
    Optional<LogSettings> log() {
        Optional<LogSettings.Format> format = values.required(
                Key.LOG_FORMAT,
                "plain or json",
                text -> LogSettings.Format.valueOf(
                        oneOf(text, List.of("plain", "json")).toUpperCase(Locale.ROOT)));
        Optional<String> level = values.required(
                Key.LOG_LEVEL,
                "a level such as info",
                text -> oneOf(text, List.of("error", "warn", "info", "debug", "trace")));
        if (format.isEmpty() || level.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new LogSettings(format.get(), level.get()));
    }

    private static String oneOf(String text, List<String> allowed) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (!allowed.contains(lower)) {
            throw new IllegalArgumentException("is none of " + String.join(", ", allowed));
        }
        return lower;
    }

    private static String url(String text) {
        URI url = URI.create(text);
        boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
        if (!web || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "is no address of an API server; write one such as https://10.0.0.1:6443");
        }
        return text;
    }

    private static Path file(String text) {
        Path path = Path.of(text);
        if (!Files.isReadable(path) || Files.isDirectory(path)) {
            throw new IllegalArgumentException(
                    "is no file that can be read; name a kubeconfig, or leave it out in a" + " cluster");
        }
        return path;
    }
}
