package io.kubescaler.model;

import java.util.Map;
import java.util.Objects;

/**
 * What a new node of the pool will be. Immutable and thread-safe.
 *
 * @param allocatable what pods may use of it, {@link Resources#PODS} included when the cloud tells
 * @param labels the labels it will carry
 */
public record NodeTemplate(Resources allocatable, Map<String, String> labels) {
    public NodeTemplate {
        Objects.requireNonNull(allocatable, "allocatable");
        labels = Map.copyOf(labels);
    }
}
