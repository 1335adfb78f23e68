package io.kubescaler.simulated;

import io.kubescaler.model.Count;
import io.kubescaler.model.Instance;
import io.kubescaler.model.Instance.State;
import io.kubescaler.model.NodeTemplate;
import io.kubescaler.model.PoolDescription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * A cloud with one node pool, in memory. Its interface is as dangerous as a real one's: told a smaller size, it removes
 * machines of its own choice, with all that runs on them.
 *
 * <p>{@link #describe}, {@link #resize} and {@link #delete} are requests: they count towards the rate limit and fail when
 * the cloud is made to fail. All else looks at the cloud from outside. Safe for use by several threads.
 */
public final class SimulatedCloud {
    /** The node label whose value is the id of the machine. */
    public static final String INSTANCE_LABEL = "simulated.kubescaler.io/instance-id";

    private static final Duration RATE_WINDOW = Duration.ofMinutes(1);

    private final SimulationClock clock;
    private final CloudSettings settings;
    private final SplittableRandom bootTimes;
    private final SplittableRandom deletionTimes;
    private final SplittableRandom fates;
    private final SplittableRandom victims;
    private final CloudFaults faults;
    private final List<MachineListener> listeners = new ArrayList<>();
    private final Map<String, Instance> machines = new LinkedHashMap<>();
    private OptionalInt quota;
    private String quotaMessage = "";
    private int size;
    // for as long as nothing changes
    private Optional<PoolDescription> description = Optional.empty();
    private int ordered;
    private int requests;
    private long windowNanos;
    private int requestsInWindow;
    private Duration timeOfGone = Duration.ZERO;

    /** How a machine's life will begin. */
    private enum Fate {
        UP,
        STUCK,
        FAILED
    }

    /** Opens a cloud whose pool has its initial machines, all running. */
    public SimulatedCloud(SimulationClock clock, CloudSettings settings, Randomness randomness) {
        this.clock = clock;
        this.settings = settings;
        this.bootTimes = randomness.stream("boot-times");
        this.deletionTimes = randomness.stream("deletion-times");
        this.fates = randomness.stream("machine-fates");
        this.victims = randomness.stream("cloud-chosen-victims");
        this.faults = new CloudFaults();
        this.quota = settings.quota();
        this.size = settings.initialSize();
        for (int i = 0; i < size; i++) {
            Instance machine = newMachine();
            put(up(machine));
        }
    }

    /** Tells somebody of every machine that comes up or goes from now on, and first of those that are up. */
    public void connect(MachineListener listener) {
        clock.locked(() -> {
            listeners.add(listener);
            machines.values().stream()
                    .filter(machine -> machine.state() == State.RUNNING)
                    .forEach(listener::up);
        });
    }

    /** Returns what can be made to go wrong. */
    public CloudFaults faults() {
        return faults;
    }

    // ---- requests ----

    /** Answers with the pool as it is. */
    public PoolDescription describe() throws CloudError {
        synchronized (clock) {
            admit();
            PoolDescription answer = description.orElseGet(this::describeNow);
            description = Optional.of(answer);
            faults.answer();
            return answer;
        }
    }

    /** Sets the pool's size. A larger one orders machines; a smaller one removes some, whichever the cloud likes. */
    public void resize(int wanted) throws CloudError {
        synchronized (clock) {
            admit();
            if (wanted > quota.orElse(Integer.MAX_VALUE)) {
                throw CloudError.of(CloudError.Kind.QUOTA, quotaMessage(wanted));
            }
            resizeNow(wanted);
            faults.answer();
        }
    }

    /** Removes one machine and lowers the size by one; does nothing more for one that is being removed. */
    public void delete(String id) throws CloudError {
        synchronized (clock) {
            admit();
            Instance machine = machines.get(id);
            if (machine == null) {
                throw CloudError.of(
                        CloudError.Kind.NOT_FOUND, "no machine %s in pool %s".formatted(id, settings.pool()));
            }
            faults.beforeDeletion(id);
            remove(machine);
            faults.answer();
        }
    }

    // ---- seen from outside ----

    /** Returns the pool's name. */
    public String pool() {
        return settings.pool();
    }

    /** Returns how many nodes the pool has been asked for. */
    public int size() {
        return clock.locked(() -> size);
    }

    /** Returns the ids of the machines that are not being removed, sorted. */
    public Set<String> machines() {
        return clock.locked(() -> {
            Set<String> ids = new TreeSet<>();
            machines.values().stream()
                    .filter(machine -> machine.state() != State.DELETING)
                    .forEach(machine -> ids.add(machine.id()));
            return ids;
        });
    }

    /** Returns how many machines exist, those being removed included. */
    public int machineCount() {
        return clock.locked(machines::size);
    }

    /** Returns how long all machines together have existed, from their orders until they were gone: what one pays for. */
    public Duration machineTime() {
        return clock.locked(() -> machines.values().stream()
                .map(machine -> Duration.between(machine.createdAt(), clock.now()))
                .reduce(timeOfGone, Duration::plus));
    }

    /** Returns how many requests were made. */
    public int requests() {
        return clock.locked(() -> requests);
    }

    /** Sets the size without a request, as somebody else would. */
    public void resizeByOthers(int wanted) {
        clock.locked(() -> resizeNow(wanted));
    }

    /** Removes a machine without a request, as somebody else would; does nothing when there is none of that id. */
    public void removeByOthers(String id) {
        clock.locked(() -> Optional.ofNullable(machines.get(id)).ifPresent(this::remove));
    }

    /** Bounds the pool from now on; {@code message} is what the cloud says when it refuses. */
    public void limitTo(int nodes, String message) {
        clock.locked(() -> {
            description = Optional.empty();
            quota = OptionalInt.of(nodes);
            quotaMessage = message;
        });
    }

    // ---- how it works ----

    private void admit() throws CloudError {
        // a clock that follows the wall comes up to date first
        long now = clock.nanos();
        requests++;
        faults.beforeRequest();
        if (settings.requestsPerMinute().isEmpty()) {
            return;
        }
        if (now - windowNanos >= RATE_WINDOW.toNanos()) {
            windowNanos = now;
            requestsInWindow = 0;
        }
        int limit = settings.requestsPerMinute().getAsInt();
        if (requestsInWindow >= limit) {
            Duration wait = RATE_WINDOW.minusNanos(now - windowNanos);
            throw CloudError.rateLimited("more than %s in a minute".formatted(Count.of(limit, "request")), wait);
        }
        requestsInWindow++;
    }

    private PoolDescription describeNow() {
        return new PoolDescription(
                size,
                List.copyOf(machines.values()),
                Optional.of(INSTANCE_LABEL),
                Optional.of(new NodeTemplate(settings.allocatable(), settings.labels(), Optional.of(Set.of()))),
                quota);
    }

    private void put(Instance machine) {
        machines.put(machine.id(), machine);
        description = Optional.empty();
    }

    private void resizeNow(int wanted) {
        while (size < wanted) {
            size++;
            order();
        }
        while (size > wanted) {
            List<Instance> candidates = machines.values().stream()
                    .filter(machine -> machine.state() != State.DELETING)
                    .toList();
            remove(candidates.get(victims.nextInt(candidates.size())));
        }
    }

    private void order() {
        Instance machine = newMachine();
        put(machine);
        Fate fate = fateOfNext();
        Duration bootTime = settings.bootTime().sample(bootTimes);
        if (fate != Fate.STUCK) {
            clock.after(bootTime, () -> boot(machine.id(), fate));
        }
    }

    private Fate fateOfNext() {
        double draw = fates.nextDouble();
        if (faults.machinesAreSound()) {
            return Fate.UP;
        }
        if (draw < settings.stuckShare()) {
            return Fate.STUCK;
        }
        return draw < settings.stuckShare() + settings.failedShare() ? Fate.FAILED : Fate.UP;
    }

    private void boot(String id, Fate fate) {
        Instance machine = machines.get(id);
        if (machine == null || machine.state() != State.BOOTING) {
            return;
        }
        Optional<String> failure =
                fate == Fate.FAILED ? Optional.of("the machine did not start") : faults.bootFailure();
        if (failure.isPresent()) {
            put(with(machine, State.FAILED, Optional.empty(), failure.get()));
            return;
        }
        Instance running = up(machine);
        put(running);
        listeners.forEach(listener -> listener.up(running));
    }

    private void remove(Instance machine) {
        if (machine.state() == State.DELETING) {
            return;
        }
        size--;
        put(with(machine, State.DELETING, machine.providerId(), machine.message()));
        clock.after(settings.deletionTime().sample(deletionTimes), () -> forget(machine.id()));
    }

    private void forget(String id) {
        Instance machine = machines.remove(id);
        if (machine != null) {
            description = Optional.empty();
            timeOfGone = timeOfGone.plus(Duration.between(machine.createdAt(), clock.now()));
            listeners.forEach(listener -> listener.gone(machine));
        }
    }

    private Instance newMachine() {
        ordered++;
        return new Instance(
                "machine-%06d".formatted(ordered),
                Optional.empty(),
                Optional.of("%s-%06d".formatted(settings.pool(), ordered)),
                State.BOOTING,
                "",
                clock.now());
    }

    private String quotaMessage(int wanted) {
        return quotaMessage.isEmpty()
                ? "the account may have %s, not %d".formatted(Count.of(quota.orElse(0), "node"), wanted)
                : quotaMessage;
    }

    private static Instance up(Instance machine) {
        return with(machine, State.RUNNING, Optional.of("simulated://" + machine.id()), "");
    }

    private static Instance with(Instance machine, State state, Optional<String> providerId, String message) {
        return new Instance(machine.id(), providerId, machine.nodeName(), state, message, machine.createdAt());
    }
}
