package io.kubescaler.control;

import io.kubescaler.control.PoolController.Ports;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.model.ServersFound;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether a server of a pool has ever been seen by its present selector, over restarts, and looks at what pods carry
 * instead where none has. For one thread.
 */
final class SeenServers {
    private static final Logger LOG = LoggerFactory.getLogger(SeenServers.class);
    private static final String NOTE = "note that servers have been seen";
    /** How long what was found of the labels of pods stands. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

    private final PoolPolicy policy;
    private final Ports ports;
    private final LongSupplier nanoTime;
    private final Attempts attempts = new Attempts();
    private Optional<Look> last = Optional.empty();

    private record Look(Optional<List<ServersFound.CarriedLabel>> found, long atNanos) {}

    SeenServers(PoolPolicy policy, Ports ports, LongSupplier nanoTime) {
        this.policy = policy;
        this.ports = ports;
        this.nanoTime = nanoTime;
    }

    /** Returns the history of a pool with what an earlier process noted, where this one has seen no server yet. */
    PoolHistory recall(PoolHistory history) {
        return history.hasSeenServers(policy.serverSelector())
                ? history
                : history.withServersSeen(ports.journal().read().serversSeen().or(history::serversSeen));
    }

    /** Returns what was observed; with the labels that pods carry, where no server has ever been seen. */
    Reading<ClusterState> compare(Reading<ClusterState> observed, PoolHistory history) {
        if (!(observed instanceof Known<ClusterState> known)
                || known.value().servers().pods() > 0
                || history.hasSeenServers(policy.serverSelector())) {
            return observed;
        }
        ClusterState cluster = known.value();
        return look(cluster)
                .map(carried ->
                        Reading.known(cluster.withServers(cluster.servers().withCarried(carried))))
                .orElse(observed);
    }

    private Optional<List<ServersFound.CarriedLabel>> look(ClusterState cluster) {
        long now = nanoTime.getAsLong();
        if (last.filter(it -> now - it.atNanos() < LOOK_AGAIN.toNanos()).isEmpty()) {
            last = Optional.of(new Look(carried(cluster), now));
        }
        return last.flatMap(Look::found);
    }

    private Optional<List<ServersFound.CarriedLabel>> carried(ClusterState cluster) {
        try {
            return Optional.of(ports.cluster().readLabels(cluster.nodes(), policy.serverSelector()));
        } catch (ClusterException error) {
            LOG.warn(
                    "pool {}: the labels of the pods on its nodes were not read and will be in {} s: {}",
                    policy.pool(),
                    LOOK_AGAIN.toSeconds(),
                    Errors.describe(error));
            return Optional.empty();
        }
    }

    /** Notes for a later process that servers have been seen, unless that is noted. One that fails is written later. */
    void note(PoolHistory history) {
        if (!history.hasSeenServers(policy.serverSelector())
                || ports.journal().read().serversSeen().equals(history.serversSeen())) {
            attempts.keepOnly(Set.of(), nanoTime.getAsLong());
            return;
        }
        if (attempts.mustWait(NOTE, nanoTime.getAsLong()).isPresent()) {
            return;
        }
        try {
            ports.journal()
                    .write(notes ->
                            notes.withServersSeen(policy.serverSelector().toString()));
            LOG.info("pool {}: a server of {} has been seen; that is noted", policy.pool(), policy.serverSelector());
        } catch (ClusterException error) {
            attempts.failed(NOTE, Errors.describe(error), nanoTime.getAsLong());
            LOG.warn(
                    "pool {}: that a server of {} has been seen was not noted and will be later: {}",
                    policy.pool(),
                    policy.serverSelector(),
                    Errors.describe(error));
        }
    }
}
