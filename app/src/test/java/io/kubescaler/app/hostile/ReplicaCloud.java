package io.kubescaler.app.hostile;

import io.kubescaler.app.hostile.Fault.Kind;
import io.kubescaler.model.Instance;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.provider.ProviderException.RateLimited.Scope;
import io.kubescaler.simulated.CloudError;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The provider of one replica: every request takes time, and may fail in every way. For one simulation. */
final class ReplicaCloud implements NodePoolProvider {
    /** The token that this provider was given; whatever goes wrong, the cloud's words have it in them. */
    static final String TOKEN = "dop_v1_5e1ec7ed5e1ec7ed";

    /** What a read is told that must wait. */
    static final String KEPT_FOR_ORDERS = "the rest of the hour is kept for orders";

    private static final Map<Kind, CloudError.Kind> REFUSALS = Map.of(
            Kind.CLOUD_UNAUTHORIZED, CloudError.Kind.UNAUTHORIZED,
            Kind.CLOUD_NOT_FOUND, CloudError.Kind.NOT_FOUND,
            Kind.CLOUD_QUOTA, CloudError.Kind.QUOTA,
            Kind.CLOUD_GARBLED, CloudError.Kind.GARBLED,
            Kind.CLOUD_UNAVAILABLE, CloudError.Kind.UNAVAILABLE);

    private final World world;
    private final Replica replica;
    private final Duration timeout;
    private final Wire<CloudError> wire;
    private final Deque<PoolDescription> described = new ArrayDeque<>();
    private Optional<PoolDescription> decidedBy = Optional.empty();
    private long describedAtNanos;
    private int reads;
    private boolean lastForOrder;
    private final Map<String, Deque<Long>> refusedAtNanos = new HashMap<>();
    private boolean askedToWait;

    ReplicaCloud(World world, Replica replica, Duration timeout) {
        this.world = world;
        this.replica = replica;
        this.timeout = timeout;
        wire = new Wire<>(world, replica, Network.Server.CLOUD, timeout, timeout, new Failures());
    }

    /** Returns what it was told last, the latest first: three answers, for so many are read in a pass that grows. */
    Collection<PoolDescription> described() {
        return described;
    }

    /** Returns what the last pass was decided by, as long as the cloud could be read; empty before the first. */
    Optional<PoolDescription> decidedBy() {
        return decidedBy;
    }

    /** A pass has asked the cloud what it wants to know, and decides next. */
    void decides() {
        decidedBy = described.stream().findFirst();
    }

    /** Returns when the cloud said so, on the clock of the simulation. */
    long describedAtNanos() {
        return describedAtNanos;
    }

    // an order reads right before it is sent
    @Override
    public Duration longestCall() {
        return timeout.multipliedBy(2);
    }

    @Override
    public PoolDescription describe() throws ProviderException {
        reads++;
        lastForOrder = false;
        Optional<Fault> budget = world.network().atWork(Kind.CLOUD_READS_WAIT, replica.index());
        if (budget.isPresent()) {
            throw new ProviderException.RateLimited(
                    KEPT_FOR_ORDERS, Duration.ofSeconds(1 + (long) (budget.get().choice() * 120)), Scope.READS);
        }
        return read();
    }

    @Override
    public PoolDescription describeForOrder() throws ProviderException {
        reads++;
        lastForOrder = true;
        return read();
    }

    /** Returns whether it was read more than once in this pass, and the last time for an order: not merely to plan. */
    boolean readForAnOrder() {
        return reads > 1 && lastForOrder;
    }

    /** A pass has ended. */
    void passed() {
        reads = 0;
        lastForOrder = false;
    }

    private PoolDescription read() throws ProviderException {
        PoolDescription answer = sent(() -> wire.read(() -> {
            describedAtNanos = world.clock().nanos();
            return misreported(world.cloud().describe());
        }));
        described.addFirst(answer);
        if (described.size() > 3) {
            described.removeLast();
        }
        return answer;
    }

    @Override
    public void grow(int size) throws ProviderException {
        world.beforeGrowth();
        int present = readBeforeOrder().size();
        if (size < present) {
            throw new ProviderException.InvalidRequest(
                    "the pool has %d nodes; growing it to %d would remove some".formatted(present, size));
        }
        if (size > present) {
            requireMayWrite();
            try {
                sent(() -> wire.change(() -> resize(size)));
            } catch (ProviderException.NotSent notSent) {
                throw notSent;
            } catch (ProviderException.Transient unanswered) {
                world.growthUnanswered(replica);
                throw unanswered;
            } catch (Turns.Killed killed) {
                world.growthUnanswered(replica);
                throw killed;
            }
        }
    }

    @Override
    public List<Deletion> delete(List<String> instanceIds) {
        List<Deletion> results = new ArrayList<>();
        for (String id : instanceIds) {
            try {
                requireMayWrite();
                refuseDeletion(id);
                sent(() -> wire.change(() -> deleteOne(id)));
                results.add(Deletion.done(id));
            } catch (ProviderException failure) {
                if (failure instanceof ProviderException.Transient && !(failure instanceof ProviderException.NotSent)) {
                    world.deletionUnanswered(replica, id);
                }
                results.add(Deletion.failed(id, failure));
            } catch (Turns.Killed killed) {
                world.deletionUnanswered(replica, id);
                throw killed;
            }
        }
        return results;
    }

    @Override
    public List<Finding> preflight(int maximum) {
        return List.of();
    }

    @Override
    public void close() {
        // nothing is held open
    }

    private void refuseDeletion(String id) throws ProviderException {
        Optional<Fault> fault = world.network().atWork(Kind.CLOUD_REFUSES_DELETIONS, replica.index());
        if (fault.isPresent()) {
            refusedAtNanos
                    .computeIfAbsent(id, any -> new ArrayDeque<>())
                    .add(world.clock().nanos());
            if (fault.get().choice() * 4 % 1 < 0.5) {
                throw new ProviderException.RateLimited(
                        "the deletions' part is used up for " + TOKEN, Duration.ofMinutes(30), Scope.DELETIONS);
            }
            throw new ProviderException.InvalidRequest("nothing is deleted now for " + TOKEN);
        }
    }

    /** Returns when each machine's deletion was refused since deletions are, the latest last. */
    Map<String, Deque<Long>> refusedAtNanos() {
        return refusedAtNanos;
    }

    /** Returns whether the cloud has ever asked this replica to send nothing at all. */
    boolean askedToWait() {
        return askedToWait;
    }

    private int resize(int size) throws CloudError {
        int before = world.cloud().size();
        world.beforeResize(replica, before, size);
        if (world.network().atWork(Kind.CLOUD_GRANTS_IN_PART, replica.index()).isPresent() && size > before + 1) {
            world.cloud().resize(before + 1);
            world.resized(replica, before);
            throw CloudError.of(CloudError.Kind.QUOTA, "no more machines than %d now".formatted(before + 1));
        }
        world.cloud().resize(size);
        world.resized(replica, before);
        return size;
    }

    private String deleteOne(String id) throws CloudError {
        if (world.isNeverDeleted(replica, id)) {
            throw CloudError.of(CloudError.Kind.UNAVAILABLE, "machine %s cannot be deleted now".formatted(id));
        }
        boolean present = world.cloud().machines().contains(id);
        world.beforeDeletion(replica, id);
        try {
            world.cloud().delete(id);
        } catch (CloudError error) {
            if (error.kind() == CloudError.Kind.NOT_FOUND) {
                return id;
            }
            throw error;
        }
        if (present) {
            world.deleted(replica, id);
        }
        return id;
    }

    private PoolDescription misreported(PoolDescription truth) {
        List<Instance> instances = new ArrayList<>();
        truth.instances().forEach(it -> instances.add(world.isSaidToHaveFailed(it.id()) ? failed(it) : it));
        if (!instances.isEmpty()) {
            world.network()
                    .atWork(Kind.CLOUD_LISTS_TWICE, replica.index())
                    .ifPresent(fault -> instances.add(instances.get(chosen(instances, fault))));
            world.network()
                    .atWork(Kind.CLOUD_LISTS_TOO_FEW, replica.index())
                    .ifPresent(fault -> instances.remove(chosen(instances, fault)));
        }
        return world.nodesLackProviderIds()
                ? new PoolDescription(
                        truth.size(),
                        instances.stream().map(ReplicaCloud::withoutName).toList(),
                        Optional.empty(),
                        truth.template(),
                        truth.limit())
                : truth.withInstances(instances);
    }

    private static Instance withoutName(Instance machine) {
        return new Instance(
                machine.id(),
                machine.providerId(),
                Optional.empty(),
                machine.state(),
                machine.message(),
                machine.createdAt());
    }

    private static Instance failed(Instance machine) {
        return new Instance(
                machine.id(),
                machine.providerId(),
                machine.nodeName(),
                Instance.State.FAILED,
                "no heartbeat for " + TOKEN,
                machine.createdAt());
    }

    private static int chosen(List<Instance> instances, Fault fault) {
        return (int) (fault.choice() * instances.size());
    }

    private PoolDescription readBeforeOrder() throws ProviderException {
        try {
            return read();
        } catch (ProviderException.Transient failure) {
            throw new ProviderException.NotSent(String.valueOf(failure.getMessage()), failure);
        }
    }

    private void requireMayWrite() throws ProviderException.NotSent {
        if (!replica.mayAct()) {
            throw new ProviderException.NotSent("this replica no longer holds the lease");
        }
    }

    private interface Request<T> {
        T send() throws CloudError;
    }

    private <T> T sent(Request<T> request) throws ProviderException {
        try {
            return request.send();
        } catch (CloudError error) {
            askedToWait |= error.kind() == CloudError.Kind.RATE_LIMITED;
            String words = error.words() + " for " + TOKEN;
            throw switch (error.kind()) {
                case UNAUTHORIZED -> new ProviderException.Unauthorized(words);
                case NOT_FOUND -> new ProviderException.NotFound(words);
                case QUOTA -> new ProviderException.QuotaExceeded(words);
                case RATE_LIMITED -> new ProviderException.RateLimited(words, error.retryAfter());
                case UNAVAILABLE, GARBLED, SILENT, ANSWER_LOST -> new ProviderException.Transient(words);
            };
        }
    }

    private static final class Failures implements Wire.Failures<CloudError> {
        @Override
        public CloudError refused(Fault fault) {
            if (fault.kind() == Kind.CLOUD_RATE_LIMITED) {
                return CloudError.rateLimited(
                        "too many requests", Duration.ofSeconds(1 + (long) (fault.choice() * 120)));
            }
            return CloudError.of(Objects.requireNonNull(REFUSALS.get(fault.kind())), "refused: " + fault.kind());
        }

        @Override
        public CloudError timedOut() {
            return CloudError.of(CloudError.Kind.SILENT, "no answer in time");
        }
    }
}
