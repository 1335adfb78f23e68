package io.kubescaler.digitalocean;

import io.kubescaler.digitalocean.ApiClient.Cluster;
import io.kubescaler.provider.ProviderException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the pool by the names of the configuration and reads it. The two UUIDs are remembered, since they never change,
 * and looked up again when the cloud no longer knows them or the pool goes by another name. Thread-safe.
 */
final class PoolLocator {
    private static final Logger log = LoggerFactory.getLogger(PoolLocator.class);
    private static final int MOST_NAMES = 10;

    private final ApiClient api;
    private final String clusterName;
    private final String poolName;
    private volatile Optional<Pool.Ids> known = Optional.empty();

    /**
     * @param clusterName name or UUID of the cluster
     * @param poolName name of the pool
     */
    PoolLocator(ApiClient api, String clusterName, String poolName) {
        this.api = api;
        this.clusterName = clusterName;
        this.poolName = poolName;
    }

    /**
     * Reads the pool as it is now.
     *
     * @throws ProviderException.NotFound when there is no such cluster or no such pool in it
     * @throws ProviderException.InvalidRequest when several clusters go by that name
     * @throws ProviderException what else the cloud answers
     */
    Pool read(Deadline deadline) throws ProviderException {
        Optional<Pool.Ids> ids = known;
        if (ids.isPresent()) {
            Optional<Pool> pool = readAgain(ids.get(), deadline);
            if (pool.isPresent()) {
                return pool.get();
            }
        }
        return find(cluster(deadline), deadline);
    }

    /** Returns where the pool is, as far as it has been found; else finds it. */
    Pool.Ids ids(Deadline deadline) throws ProviderException {
        Optional<Pool.Ids> ids = known;
        return ids.isPresent() ? ids.get() : read(deadline).ids();
    }

    /**
     * Finds the cluster.
     *
     * @throws ProviderException.NotFound when the token sees none of that name or UUID
     */
    Cluster cluster(Deadline deadline) throws ProviderException {
        List<Cluster> clusters = api.clusters(deadline);
        List<Cluster> byId = clusters.stream()
                .filter(cluster -> cluster.id().equalsIgnoreCase(clusterName))
                .toList();
        List<Cluster> matching = !byId.isEmpty()
                ? byId
                : clusters.stream()
                        .filter(cluster -> cluster.name().equals(clusterName))
                        .toList();
        if (matching.isEmpty()) {
            throw new ProviderException.NotFound(
                    "no cluster with the name or UUID '%s': the token sees %s; check cluster-name"
                            .formatted(
                                    clusterName,
                                    names(clusters.stream().map(Cluster::name).toList())));
        }
        if (matching.size() > 1) {
            throw new ProviderException.InvalidRequest(
                    "%d clusters are named '%s': set cluster-name to a UUID, one of %s"
                            .formatted(
                                    matching.size(),
                                    clusterName,
                                    names(matching.stream().map(Cluster::id).toList())));
        }
        if (!Pool.isUuid(matching.get(0).id())) {
            throw new ProviderException.Transient(
                    "DigitalOcean described the cluster '%s' without a UUID".formatted(clusterName));
        }
        return matching.get(0);
    }

    /**
     * Finds the pool in a cluster.
     *
     * @throws ProviderException.NotFound when the cluster has none of that name
     */
    Pool find(Cluster cluster, Deadline deadline) throws ProviderException {
        List<Pool> pools = api.pools(cluster.id(), deadline);
        Optional<Pool> found =
                pools.stream().filter(pool -> pool.name().equals(poolName)).findFirst();
        if (found.isEmpty()) {
            throw new ProviderException.NotFound("no node pool '%s' in cluster '%s': it has %s; check node-pool-name"
                    .formatted(
                            poolName,
                            cluster.name(),
                            names(pools.stream().map(Pool::name).toList())));
        }
        known = Optional.of(found.get().ids());
        log.info(
                "node pool '{}' of cluster '{}' is {}",
                poolName,
                cluster.name(),
                found.get().ids());
        return found.get();
    }

    private Optional<Pool> readAgain(Pool.Ids ids, Deadline deadline) throws ProviderException {
        try {
            Pool pool = api.pool(ids, deadline);
            if (pool.name().equals(poolName)) {
                return Optional.of(pool);
            }
            log.warn("node pool {} is named '{}' now, looking for '{}' again", ids, pool.name(), poolName);
        } catch (ProviderException.NotFound gone) {
            log.warn("node pool {} is gone, looking for '{}' again: {}", ids, poolName, ApiErrors.message(gone));
        }
        known = Optional.empty();
        return Optional.empty();
    }

    private static String names(List<String> names) {
        if (names.isEmpty()) {
            return "none";
        }
        String some =
                names.stream().limit(MOST_NAMES).map(name -> "'" + name + "'").collect(Collectors.joining(", "));
        return names.size() > MOST_NAMES ? some + " and %d more".formatted(names.size() - MOST_NAMES) : some;
    }
}
