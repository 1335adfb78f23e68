package io.kubescaler.model;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What tells whether a node is one machine of a pool. Immutable and thread-safe.
 *
 * @param instance the machine
 * @param idLabel the node label whose value is an instance's id; empty when the cloud sets none
 * @param pool all machines of the pool, this one included
 */
public record MachineIdentity(Instance instance, Optional<String> idLabel, List<Instance> pool) {
    /** How much older than its machine a node may seem: the clocks of the cloud and of the cluster may differ. */
    private static final Duration UNEVEN = Duration.ofMinutes(5);

    public MachineIdentity {
        pool = List.copyOf(pool);
    }

    /** Returns the identity of a machine among those of its pool. */
    public static MachineIdentity of(Instance instance, PoolDescription pool) {
        return new MachineIdentity(instance, pool.instanceIdLabel(), pool.instances());
    }

    /** Returns whether a node is that machine, by provider ID, by name or by the label with its id. */
    public boolean is(Node node) {
        return is(node, instance);
    }

    /**
     * Returns whether a node may be that machine though nothing says so: nothing tells them apart, and it is no other machine
     * of the pool.
     */
    public boolean mayBe(Node node) {
        return !differs(node) && pool.stream().noneMatch(other -> is(node, other));
    }

    /**
     * Returns whether a node may be that machine that is not in the pool. It has not registered before the machine was ordered,
     * and the machine has a provider ID: by a name that the cloud does not tell yet, or a label that only nodes of the pool
     * have, nearly every other node could be it.
     *
     * @param selector the labels of the pool's nodes
     */
    public boolean mayBeOutside(Node node, LabelSelector selector) {
        return instance.providerId().isPresent() && !selector.matches(node.labels()) && !isOlder(node) && mayBe(node);
    }

    /** Returns whether a node registered clearly before the machine was ordered, by clocks that may be wrong. */
    public boolean isOlder(Node node) {
        return node.createdAt().isBefore(instance.createdAt().minus(UNEVEN));
    }

    private boolean is(Node node, Instance machine) {
        return machine.nodeName().filter(node.name()::equals).isPresent()
                || (machine.providerId().isPresent() && machine.providerId().equals(node.providerId()))
                || idLabel.filter(label -> machine.id().equals(node.labels().get(label)))
                        .isPresent();
    }

    private boolean differs(Node node) {
        return differ(node.providerId(), instance.providerId())
                || differ(Optional.of(node.name()), instance.nodeName())
                || differ(idLabel.map(label -> node.labels().get(label)), Optional.of(instance.id()));
    }

    private static boolean differ(Optional<String> one, Optional<String> other) {
        return one.isPresent() && other.isPresent() && !Objects.equals(one.get(), other.get());
    }
}
