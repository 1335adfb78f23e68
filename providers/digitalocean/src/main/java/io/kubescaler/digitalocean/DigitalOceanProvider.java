package io.kubescaler.digitalocean;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubescaler.digitalocean.RequestLimiter.Use;
import io.kubescaler.model.Count;
import io.kubescaler.model.Instance;
import io.kubescaler.model.NodeTemplate;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node pool of DigitalOcean Kubernetes. Every call ends within 25 seconds, repetitions included; size and machines
 * are read anew for each, and the resize order is sent only right after the size was read and only upwards. The cloud
 * takes no precondition with that order, so a person who resizes the pool in the very moment between the two is
 * overruled.
 */
final class DigitalOceanProvider implements NodePoolProvider {
    /** The node label that holds the id of a machine; the cloud sets it. */
    static final String NODE_ID_LABEL = "doks.digitalocean.com/node-id";

    private static final Logger log = LoggerFactory.getLogger(DigitalOceanProvider.class);

    private final String poolName;
    private final boolean skipDrain;
    private final Times times;
    private final HttpTransport transport;
    private final ApiClient api;
    private final Retries retries;
    private final PoolLocator locator;
    private final Instances instances;
    private final TemplateReader templates;
    private final DropletRoom room;
    private final Preflight preflight;

    /**
     * How time is kept.
     *
     * @param longestCall the longest that one call takes
     * @param firstDelay the wait before the first repetition of a request
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    record Times(Duration longestCall, Duration firstDelay, LongSupplier nanoTime) {}

    /**
     * @param context a context that the factory has nothing against
     * @param settings its settings, read
     * @param limiter shared by all pools with the same token
     */
    DigitalOceanProvider(ProviderContext context, DigitalOceanSettings settings, RequestLimiter limiter, Times times) {
        this.poolName = context.poolName();
        this.skipDrain = settings.skipDrain();
        this.times = times;
        ObjectMapper json = new ObjectMapper(Answers.factory());
        this.transport = new HttpTransport(context, settings, limiter, json);
        this.api = new ApiClient(settings.apiUrl(), transport, json);
        this.retries = new Retries(times.firstDelay());
        this.locator = new PoolLocator(api, context.clusterName().orElseThrow(), poolName);
        this.instances = new Instances(context.clock());
        this.templates = new TemplateReader(api, times.nanoTime());
        this.room = new DropletRoom(api, times.nanoTime());
        this.preflight = new Preflight(api, locator, transport, retries);
    }

    @Override
    public Duration longestCall() {
        return times.longestCall();
    }

    @Override
    public PoolDescription describe() throws ProviderException {
        return describe(deadline());
    }

    @Override
    public PoolDescription describeForOrder() throws ProviderException {
        return describe(deadline().forUse(Use.GROWTH));
    }

    private PoolDescription describe(Deadline deadline) throws ProviderException {
        Pool pool = retries.read(deadline, () -> locator.read(deadline));
        refuseAutoScale(pool);
        List<Instance> machines = instances.of(pool);
        Optional<NodeTemplate> template = templates.read(pool, deadline);
        OptionalInt limit = room.limit(pool, deadline);
        return new PoolDescription(pool.count(), machines, Optional.of(NODE_ID_LABEL), template, limit);
    }

    @Override
    public void grow(int size) throws ProviderException {
        Deadline deadline = deadline().forUse(Use.GROWTH);
        Pool pool = retries.readBeforeOrder(deadline, () -> locator.read(deadline));
        refuseAutoScale(pool);
        if (size < pool.count()) {
            throw new ProviderException.InvalidRequest(
                    "node pool '%s' has %s and is not resized to %d: it shrinks by the deletion of named nodes alone"
                            .formatted(poolName, Count.of(pool.count(), "node"), size));
        }
        if (size > pool.count()) {
            // once: one whose answer was lost may be carried out late, and whoever ordered must know of it
            api.resize(pool, size, deadline);
            log.info("node pool '{}' was asked to grow from {} to {}", poolName, pool.count(), Count.of(size, "node"));
        }
    }

    @Override
    public List<Deletion> delete(List<String> instanceIds) {
        Deadline deadline = deadline().forUse(Use.DELETION);
        List<Deletion> deletions = new ArrayList<>();
        for (String id : instanceIds) {
            deletions.add(delete(id, deadline));
        }
        return List.copyOf(deletions);
    }

    private Deletion delete(String id, Deadline deadline) {
        if (!Pool.isUuid(id)) {
            // in a path, an empty id or ".." would name the pool itself
            return Deletion.failed(
                    id,
                    new ProviderException.InvalidRequest("'%s' is no node of DigitalOcean's: no UUID".formatted(id)));
        }
        try {
            Pool.Ids ids = retries.readBeforeOrder(deadline, () -> locator.ids(deadline));
            // once: before it is repeated, the scaler looks again whether a server has come
            deleteOnce(ids, id, deadline);
            return Deletion.done(id);
        } catch (ProviderException failure) {
            log.warn("node {} of pool '{}' was not deleted: {}", id, poolName, ApiErrors.message(failure));
            return Deletion.failed(id, failure);
        }
    }

    private void deleteOnce(Pool.Ids ids, String id, Deadline deadline) throws ProviderException {
        try {
            api.deleteNode(ids, id, skipDrain, deadline);
            log.info("node {} of pool '{}' is being deleted", id, poolName);
        } catch (ProviderException.NotFound gone) {
            log.info("node {} of pool '{}' was gone already: {}", id, poolName, ApiErrors.message(gone));
        } catch (ProviderException.InvalidRequest refusal) {
            // what the cloud says to a second deletion is not documented
            if (isOnItsWayOut(id, deadline)) {
                log.info(
                        "node {} of pool '{}' was being deleted already: {}", id, poolName, ApiErrors.message(refusal));
            } else {
                throw refusal;
            }
        }
    }

    private boolean isOnItsWayOut(String id, Deadline deadline) throws ProviderException.Transient {
        try {
            return instances.of(locator.read(deadline)).stream()
                    .filter(instance -> instance.id().equals(id))
                    .allMatch(instance -> instance.state() == Instance.State.DELETING);
        } catch (ProviderException unread) {
            // whatever it is, the deletion itself was sent, and the machine may be on its way out
            throw new ProviderException.Transient(
                    "whether it is being deleted already could not be read: " + ApiErrors.message(unread), unread);
        }
    }

    @Override
    public List<Finding> preflight(int maximum) {
        return preflight.run(maximum, deadline());
    }

    @Override
    public void close() {
        transport.close();
    }

    /** Refuses a pool that the cloud resizes by itself. */
    static void refuseAutoScale(Pool pool) throws ProviderException.InvalidRequest {
        if (pool.autoScale()) {
            throw new ProviderException.InvalidRequest(autoScaleRemedy(pool));
        }
    }

    /** Returns why a pool with auto-scaling is no good, and what to do. */
    static String autoScaleRemedy(Pool pool) {
        return ("node pool '%s' has DigitalOcean's auto-scaling on, which would undo what is done here: turn it off"
                        + " (doctl kubernetes cluster node-pool update %s %s --auto-scale=false)")
                .formatted(pool.name(), pool.ids().clusterId(), pool.ids().poolId());
    }

    private Deadline deadline() {
        return Deadline.in(times.longestCall(), times.nanoTime());
    }
}
