package io.kubescaler.model;

/**
 * The label that makes a pod a dedicated server of a pool. Immutable and thread-safe.
 *
 * @param name label name, such as {@code app}
 * @param value label value, such as {@code game-server}
 */
public record ServerLabel(String name, String value) {
    @Override
    public String toString() {
        return name + "=" + value;
    }
}
