package io.kubescaler.model;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What tells whether a node is one machine of a pool. Immutable and thread-safe.
 *
 * @param instance the machine
 * @param pool what tells the nodes of all machines of the pool, this one included
 */
public record MachineIdentity(Instance instance, PoolIdentities pool) {
    /** How much older than its machine a node may seem: the clocks of the cloud and of the cluster may differ. */
    public static final Duration UNEVEN = Duration.ofMinutes(5);

    /** The identity of a machine among those of its pool. */
    public MachineIdentity(Instance instance, Optional<String> idLabel, List<Instance> pool) {
        this(instance, PoolIdentities.of(idLabel, pool));
    }

    /** Returns whether a node is that machine, by provider ID, by name or by the label with its id. */
    public boolean is(Node node) {
        return instance.nodeName().filter(node.name()::equals).isPresent()
                || (instance.providerId().isPresent() && instance.providerId().equals(node.providerId()))
                || pool.idOn(node).filter(instance.id()::equals).isPresent();
    }

    /**
     * Returns whether a node may be that machine though nothing says so: nothing tells them apart, and it is no other machine
     * of the pool.
     */
    public boolean mayBe(Node node) {
        return !differs(node) && !pool.claim(node);
    }

    /**
     * Returns whether a node may be that machine that is not in the pool.
     *
     * @param selector the labels of the pool's nodes
     */
    public boolean mayBeOutside(Node node, LabelSelector selector) {
        return !selector.matches(node.labels()) && mayBeOutside(node);
    }

    /**
     * Returns whether a node may be that machine that is known not to be in the pool. It has not registered before the machine
     * was ordered, and the machine has a provider ID: by a name that the cloud does not tell yet, or a label that only nodes of
     * the pool have, nearly every other node could be it.
     */
    public boolean mayBeOutside(Node node) {
        return instance.providerId().isPresent() && !isOlder(node) && mayBe(node);
    }

    /** Returns whether a node registered clearly before the machine was ordered, by clocks that may be wrong. */
    public boolean isOlder(Node node) {
        return node.createdAt().isBefore(instance.createdAt().minus(UNEVEN));
    }

    /** Says that a node may be that machine, and what is missing to tell. */
    public String cannotBeToldFrom(Node node) {
        return "node %s may be this machine, and nothing tells them apart: %s".formatted(node.name(), missing(node));
    }

    private String missing(Node node) {
        if (node.unreadable().isPresent()) {
            return "what cannot be read of it: " + node.unreadable().get();
        }
        if (instance.providerId().isPresent() && node.providerId().isEmpty()) {
            return "set its spec.providerID";
        }
        return pool.idLabel()
                .map("set its label %s to the id of its machine"::formatted)
                .orElse("the cloud tells neither the provider ID of the machine nor the name of its node");
    }

    private boolean differs(Node node) {
        return differ(node.providerId(), instance.providerId())
                || differ(Optional.of(node.name()), instance.nodeName())
                || differ(pool.idOn(node), Optional.of(instance.id()));
    }

    private static boolean differ(Optional<String> one, Optional<String> other) {
        return one.isPresent() && other.isPresent() && !Objects.equals(one.get(), other.get());
    }
}
