package io.kubescaler.simulated;

import io.kubescaler.model.Count;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.provider.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The provider of the pool of a simulated cloud. Calls take no time. It never repeats a request by itself.
 *
 * <p>Safe for use by several threads.
 */
public final class SimulatedProvider implements NodePoolProvider {
    private static final String POOL = "node pool";

    private final SimulationClock clock;
    private final SimulatedCloud cloud;
    private final Optional<Secret> token;
    private final BooleanSupplier mayWrite;
    private long waitUntilNanos = Long.MIN_VALUE;
    private String waitMessage = "";
    private boolean closed;

    /**
     * @param clock the clock of the cloud
     * @param cloud the cloud
     * @param token what no message may show; empty when there is none
     * @param mayWrite asked right before each request that changes something; when the answer is no, it is not sent
     */
    public SimulatedProvider(
            SimulationClock clock, SimulatedCloud cloud, Optional<Secret> token, BooleanSupplier mayWrite) {
        this.clock = clock;
        this.cloud = cloud;
        this.token = token;
        this.mayWrite = mayWrite;
    }

    /** One request to the cloud. */
    @FunctionalInterface
    private interface Request<T> {
        T send() throws CloudError;
    }

    @Override
    public PoolDescription describe() throws ProviderException {
        return send(cloud::describe);
    }

    @Override
    public void grow(int size) throws ProviderException {
        synchronized (clock) {
            int present = describe().size();
            if (size < present) {
                throw new ProviderException.InvalidRequest("pool %s has %s; growing it to %d would remove some"
                        .formatted(cloud.pool(), Count.of(present, "node"), size));
            }
            if (size > present) {
                requireMayWrite();
                send(() -> {
                    cloud.resize(size);
                    return size;
                });
            }
        }
    }

    @Override
    public List<Deletion> delete(List<String> instanceIds) {
        List<Deletion> results = new ArrayList<>();
        for (String id : instanceIds) {
            try {
                requireMayWrite();
                send(() -> deleteOne(id));
                results.add(Deletion.done(id));
            } catch (ProviderException e) {
                results.add(Deletion.failed(id, e));
            }
        }
        return results;
    }

    @Override
    public List<Finding> preflight(int maximum) {
        PoolDescription pool;
        try {
            pool = describe();
        } catch (ProviderException e) {
            return List.of(Finding.error(POOL, String.valueOf(e.getMessage())));
        }
        Finding found = Finding.ok(POOL, "pool %s has %s".formatted(cloud.pool(), Count.of(pool.size(), "node")));
        int limit = pool.limit().orElse(Integer.MAX_VALUE);
        return limit >= maximum
                ? List.of(found)
                : List.of(
                        found,
                        Finding.warning(
                                "limit",
                                "the cloud gives this pool %s and its maximum is %d; raise the quota or lower"
                                                .formatted(Count.of(limit, "node"), maximum)
                                        + " maximum-node-pool-size"));
    }

    @Override
    public void close() {
        synchronized (clock) {
            closed = true;
        }
    }

    private void requireMayWrite() throws ProviderException {
        if (!mayWrite.getAsBoolean()) {
            throw new ProviderException.Transient("nothing may be changed any more: the request was not sent");
        }
    }

    private String deleteOne(String id) throws CloudError {
        try {
            cloud.delete(id);
        } catch (CloudError e) {
            if (e.kind() != CloudError.Kind.NOT_FOUND) {
                throw e;
            }
        }
        return id;
    }

    private <T> T send(Request<T> request) throws ProviderException {
        synchronized (clock) {
            if (Thread.currentThread().isInterrupted()) {
                throw new ProviderException.Transient("interrupted before the request was sent");
            }
            if (closed) {
                throw new ProviderException.Transient("the provider of pool %s is closed".formatted(cloud.pool()));
            }
            long left = waitUntilNanos - clock.nanos();
            if (waitUntilNanos != Long.MIN_VALUE && left > 0) {
                throw new ProviderException.RateLimited(waitMessage, Duration.ofNanos(left));
            }
            try {
                return request.send();
            } catch (CloudError e) {
                throw typed(e);
            }
        }
    }

    private ProviderException typed(CloudError error) {
        String message = redacted(error.words());
        return switch (error.kind()) {
            case UNAUTHORIZED -> new ProviderException.Unauthorized(message);
            case NOT_FOUND -> new ProviderException.NotFound(message);
            case QUOTA -> new ProviderException.QuotaExceeded(message);
            case RATE_LIMITED -> {
                waitUntilNanos = clock.nanos() + error.retryAfter().toNanos();
                waitMessage = message;
                yield new ProviderException.RateLimited(message, error.retryAfter());
            }
            case UNAVAILABLE -> new ProviderException.Transient(message);
            case GARBLED -> new ProviderException.Transient("the cloud sent an answer that is none");
            case SILENT, ANSWER_LOST -> new ProviderException.Transient("the cloud did not answer in time");
        };
    }

    private String redacted(String message) {
        return token.filter(secret -> !secret.isBlank())
                .map(secret -> message.replace(secret.reveal(), "***"))
                .orElse(message);
    }
}
