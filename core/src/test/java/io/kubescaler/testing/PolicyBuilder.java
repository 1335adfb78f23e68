package io.kubescaler.testing;

import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Builds the policy of a pool for tests: unless told otherwise 4 slots of 1 CPU stand free, 1 to 10 nodes, empty nodes
 * go after 120 s, machines that do not come after 15 minutes. Not thread-safe.
 */
public final class PolicyBuilder {
    private String pool = "games";
    private LabelSelector selector = LabelSelector.parse("role=scalable");
    private LabelSelector serverSelector = PoolBuilder.SERVER;
    private List<LabelSelector> protectedPods = List.of();
    private Resources slotSize = Resources.cpu(1000);
    private int buffer = 4;
    private int minimum = 1;
    private int maximum = 10;
    private Duration emptyNodeExpiration = Duration.ofSeconds(120);
    private Duration provisioningTimeout = Duration.ofMinutes(15);
    private Duration cordonDelay = Duration.ZERO;
    private Set<String> startupTaints = Set.of("example.com/starting");
    private Optional<Resources> nodeAllocatable = Optional.empty();

    /** Sets the selector, such as {@code role=scalable}. */
    public PolicyBuilder selector(String text) {
        selector = LabelSelector.parse(text);
        return this;
    }

    /** Sets which pods are servers. */
    public PolicyBuilder serverSelector(LabelSelector servers) {
        serverSelector = servers;
        return this;
    }

    /** Sets which other pods keep their node, such as {@code app=lobby}. */
    public PolicyBuilder protectedPods(String... selectors) {
        protectedPods = Stream.of(selectors).map(LabelSelector::parse).toList();
        return this;
    }

    /** Sets the pool's name. */
    public PolicyBuilder pool(String name) {
        pool = name;
        return this;
    }

    /** Sets what one server asks for. */
    public PolicyBuilder slotSize(Resources size) {
        slotSize = size;
        return this;
    }

    /** Sets the three numbers. */
    public PolicyBuilder numbers(int slots, int fewest, int most) {
        buffer = slots;
        minimum = fewest;
        maximum = most;
        return this;
    }

    /** Sets how long a node is empty before it is deleted. */
    public PolicyBuilder emptyNodeExpiration(Duration duration) {
        emptyNodeExpiration = duration;
        return this;
    }

    /** Sets how long a machine is waited for. */
    public PolicyBuilder provisioningTimeout(Duration duration) {
        provisioningTimeout = duration;
        return this;
    }

    /** Sets how long a surplus lasts before a node is cordoned. */
    public PolicyBuilder cordonDelay(Duration duration) {
        cordonDelay = duration;
        return this;
    }

    /** Sets the keys of the taints that nodes carry until they are fit. */
    public PolicyBuilder startupTaints(Set<String> keys) {
        startupTaints = keys;
        return this;
    }

    /** Sets what a new node offers where nothing else tells. */
    public PolicyBuilder nodeAllocatable(Resources resources) {
        nodeAllocatable = Optional.of(resources);
        return this;
    }

    /** Returns the policy. */
    public PoolPolicy build() {
        return new PoolPolicy(
                pool,
                selector,
                serverSelector,
                protectedPods,
                slotSize,
                buffer,
                minimum,
                maximum,
                emptyNodeExpiration,
                provisioningTimeout,
                cordonDelay,
                startupTaints,
                nodeAllocatable,
                List.of());
    }
}
