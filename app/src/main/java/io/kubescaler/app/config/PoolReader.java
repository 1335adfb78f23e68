package io.kubescaler.app.config;

import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.app.config.Values.Found;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Reads one pool. For one thread. */
final class PoolReader {
    private static final String UNNAMED = "default";
    private static final Set<String> WITH_KEYS_OF_THEIR_OWN = Set.of(Resources.CPU, Resources.MEMORY, Resources.PODS);

    /** In how many ticks at least a machine is waited for: looks that lie too far apart prove nothing. */
    private static final int TICKS_OF_THE_TIMEOUT = 4;

    private final ProviderReader providers;
    private final Optional<Duration> tick;

    /** @param tick the longest time between two looks at a pool; empty when it is wrong, and for the pool of a command */
    PoolReader(ProviderReader providers, Optional<Duration> tick) {
        this.providers = providers;
        this.tick = tick;
    }

    /**
     * Reads a pool.
     *
     * @param name the name of its entry; empty for the pool of the flat keys, which goes by that of the cloud's pool
     * @return empty when something of it is wrong
     */
    Optional<PoolSettings> read(Values values, Optional<String> name, Purpose purpose) {
        Optional<String> cloudName = cloudName(values, name, purpose);
        Optional<PoolPolicy> policy = policy(values, name.or(() -> cloudName).orElse(UNNAMED));
        Optional<ProviderReader.Provider> provider = providers.read(values, cloudName.orElse(UNNAMED), purpose);
        if (policy.isEmpty() || provider.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new PoolSettings(
                policy.get(), provider.get().name(), provider.get().context()));
    }

    private static Optional<String> cloudName(Values values, Optional<String> name, Purpose purpose) {
        return name.isPresent() || purpose == Purpose.PLAN
                ? ownCloudName(values, name)
                : values.required(Key.NODE_POOL_NAME, "the cloud's name of the node pool");
    }

    // in an entry the name does for both, unless the cloud knows the pool by another
    private static Optional<String> ownCloudName(Values values, Optional<String> name) {
        return values.text(Key.NODE_POOL_NAME).or(() -> name);
    }

    private Optional<PoolPolicy> policy(Values values, String name) {
        Optional<LabelSelector> selector = values.required(
                Key.NODE_SELECTOR, "the labels of the pool's nodes, such as role=scalable", PoolReader::selector);
        Optional<LabelSelector> servers = ServerPods.servers(values);
        List<LabelSelector> protectedPods = ServerPods.protectedPods(values);
        Optional<Resources> slotSize = slotSize(values);
        Optional<Integer> buffer =
                values.integer(Key.BUFFER_SLOT_SIZE, 0, Integer.MAX_VALUE, "how many slots must stand free, such as 4");
        Optional<Integer> minimum =
                values.integer(Key.MINIMUM_NODE_POOL_SIZE, 0, Integer.MAX_VALUE, "the fewest nodes, such as 2");
        Optional<Integer> maximum =
                values.integer(Key.MAXIMUM_NODE_POOL_SIZE, 1, Integer.MAX_VALUE, "the most nodes, such as 10");
        Optional<Duration> expiration = values.seconds(Key.EMPTY_NODE_EXPIRATION, 0);
        Optional<Duration> provisioning = values.duration(Key.PROVISIONING_TIMEOUT, Duration.ofSeconds(1));
        Optional<Duration> delay = values.duration(Key.CORDON_DELAY, Duration.ZERO);
        Set<String> taints = startupTaints(values);
        Optional<Resources> hint =
                values.parsed(Key.NODE_CPU_ALLOCATABLE, Amounts::cpu).map(Resources::cpu);
        boolean bounded = inBounds(values, minimum, maximum);
        boolean fits = fits(values, slotSize, hint);
        boolean watched = isWatched(values, provisioning);
        boolean complete = selector.isPresent()
                && servers.isPresent()
                && slotSize.isPresent()
                && buffer.isPresent()
                && expiration.isPresent()
                && provisioning.isPresent()
                && delay.isPresent();
        if (!bounded || !fits || !watched || !complete) {
            return Optional.empty();
        }
        return Optional.of(new PoolPolicy(
                name,
                selector.get(),
                servers.get(),
                protectedPods,
                slotSize.get(),
                buffer.get(),
                minimum.orElseThrow(),
                maximum.orElseThrow(),
                expiration.get(),
                provisioning.get(),
                delay.get(),
                taints,
                hint,
                List.of()));
    }

    private static LabelSelector selector(String text) {
        try {
            return LabelSelector.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("is no node selector: " + e.getMessage(), e);
        }
    }

    private static Set<String> startupTaints(Values values) {
        List<String> keys = values.texts(Key.STARTUP_TAINTS);
        for (String key : keys) {
            try {
                Labels.key(key);
            } catch (IllegalArgumentException e) {
                values.wrong(
                        Key.STARTUP_TAINTS,
                        "holds '%s', which is no taint key; write keys alone, such as example.com/agent-not-ready"
                                .formatted(key));
            }
        }
        return Set.copyOf(keys);
    }

    private boolean isWatched(Values values, Optional<Duration> provisioning) {
        Optional<Duration> least = tick.map(it -> it.multipliedBy(TICKS_OF_THE_TIMEOUT))
                .filter(it -> provisioning
                        .filter(timeout -> timeout.compareTo(it) < 0)
                        .isPresent());
        least.ifPresent(seconds -> values.wrong(
                Key.PROVISIONING_TIMEOUT,
                "is shorter than %d times %s = %d (%s); raise it to %d s or more, or lower scale-loop-tick-sec"
                        .formatted(
                                TICKS_OF_THE_TIMEOUT,
                                Key.SCALE_LOOP_TICK.path(),
                                tick.orElseThrow().toSeconds(),
                                values.find(Key.SCALE_LOOP_TICK)
                                        .map(Found::origin)
                                        .orElse(Origins.DEFAULT),
                                seconds.toSeconds())));
        return least.isEmpty();
    }

    private static boolean inBounds(Values values, Optional<Integer> minimum, Optional<Integer> maximum) {
        if (minimum.isPresent() && maximum.isPresent() && minimum.get() > maximum.get()) {
            Optional<Found> other = values.find(Key.MAXIMUM_NODE_POOL_SIZE);
            values.wrong(
                    Key.MINIMUM_NODE_POOL_SIZE,
                    "is above %s = %d (%s); lower the one or raise the other"
                            .formatted(
                                    Key.MAXIMUM_NODE_POOL_SIZE.path(),
                                    maximum.get(),
                                    other.map(Found::origin).orElse(Origins.DEFAULT)));
            return false;
        }
        return minimum.isPresent() && maximum.isPresent();
    }

    private static boolean fits(Values values, Optional<Resources> slotSize, Optional<Resources> node) {
        if (slotSize.isEmpty() || node.isEmpty()) {
            return true;
        }
        long slot = slotSize.get().get(Resources.CPU);
        long whole = node.get().get(Resources.CPU);
        if (slot > whole) {
            values.wrong(
                    Key.SERVER_CPU_RESOURCE_REQUEST,
                    "is more than a whole node has: %dm against %s = %dm; no number of nodes would give a slot"
                            .formatted(slot, Key.NODE_CPU_ALLOCATABLE.path(), whole));
        }
        return slot <= whole;
    }

    private static Optional<Resources> slotSize(Values values) {
        Optional<Long> cpu = values.required(
                Key.SERVER_CPU_RESOURCE_REQUEST, "what one server requests, such as 500m", Amounts::cpu);
        Optional<Long> memory = values.parsed(Key.SERVER_MEMORY_RESOURCE_REQUEST, Amounts::memory);
        Map<String, Long> amounts = others(values);
        cpu.ifPresent(amount -> amounts.put(Resources.CPU, amount));
        memory.ifPresent(amount -> amounts.put(Resources.MEMORY, amount));
        return cpu.map(amount -> Resources.of(amounts));
    }

    private static Map<String, Long> others(Values values) {
        Map<String, Long> amounts = new TreeMap<>();
        new TreeMap<>(values.map(Key.SERVER_RESOURCE_REQUESTS)).forEach((resource, text) -> {
            if (WITH_KEYS_OF_THEIR_OWN.contains(resource)) {
                values.wrong(
                        Key.SERVER_RESOURCE_REQUESTS,
                        "names %s, which has no place here: CPU and memory have keys of their own, and a server is one pod"
                                .formatted(resource));
                return;
            }
            try {
                amounts.put(Labels.key(resource), Amounts.other(resource, text));
            } catch (IllegalArgumentException e) {
                values.wrong(Key.SERVER_RESOURCE_REQUESTS, "has %s, which %s".formatted(resource, e.getMessage()));
            }
        });
        return amounts;
    }
}
