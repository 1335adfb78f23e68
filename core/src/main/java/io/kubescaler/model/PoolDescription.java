package io.kubescaler.model;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A cloud node pool as its provider reports it at one moment. Immutable and thread-safe.
 *
 * @param size the number of nodes that the cloud has been asked for, whatever has booted; 0 or more
 * @param instances its machines, those being deleted included
 * @param instanceIdLabel the node label whose value is the instance's id, such as
 *     {@code doks.digitalocean.com/node-id}; empty when the cloud sets none
 * @param template what a new node will be; empty when the cloud does not tell
 * @param limit the most nodes that the cloud will give this pool now, quotas included; empty when it does not tell
 */
public record PoolDescription(
        int size,
        List<Instance> instances,
        Optional<String> instanceIdLabel,
        Optional<NodeTemplate> template,
        OptionalInt limit) {
    public PoolDescription {
        if (size < 0) {
            throw new IllegalArgumentException("size is %d; it cannot be below 0".formatted(size));
        }
        instances = List.copyOf(instances);
        // plug-ins make these, and may be written without our null checks
        Objects.requireNonNull(instanceIdLabel, "instanceIdLabel");
        Objects.requireNonNull(template, "template");
        Objects.requireNonNull(limit, "limit");
    }

    /** Returns this description with other instances. */
    public PoolDescription withInstances(List<Instance> others) {
        return new PoolDescription(size, others, instanceIdLabel, template, limit);
    }
}
