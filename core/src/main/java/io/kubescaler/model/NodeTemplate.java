package io.kubescaler.model;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What a new node of the pool will be. Immutable and thread-safe.
 *
 * @param allocatable what pods may use of it, {@link Resources#PODS} included when the cloud tells
 * @param labels the labels it will carry
 * @param taints the taints it will carry; empty when the cloud does not tell, and a set of none when it will carry none
 */
public record NodeTemplate(Resources allocatable, Map<String, String> labels, Optional<Set<Taint>> taints) {
    public NodeTemplate {
        Objects.requireNonNull(allocatable, "allocatable");
        labels = Map.copyOf(labels);
        taints = taints.map(Set::copyOf);
    }

    /** A template of a cloud that does not tell the taints. */
    public NodeTemplate(Resources allocatable, Map<String, String> labels) {
        this(allocatable, labels, Optional.empty());
    }
}
