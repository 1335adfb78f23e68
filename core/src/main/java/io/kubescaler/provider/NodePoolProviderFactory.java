package io.kubescaler.provider;

import java.util.List;

/**
 * Makes the providers of one kind of cloud. Found through {@link java.util.ServiceLoader}: name the implementation in
 * {@code META-INF/services/io.kubescaler.provider.NodePoolProviderFactory}; it needs a public constructor without
 * arguments that does nothing dear. Thread-safe.
 */
public interface NodePoolProviderFactory {
    /** Returns the name that {@code cloud-provider} selects it by: lower case letters, digits and hyphens. */
    String name();

    /** Returns a sentence about it, for the list of providers. */
    String description();

    /** Returns the settings of its own that it understands; any other key is refused before it is asked. */
    List<Setting> settings();

    /**
     * Checks a configuration without reaching the cloud.
     *
     * @return every problem, each naming the key, the value (never a secret one) and what would be right; empty when
     *     {@link #create} will succeed
     */
    List<Problem> validate(ProviderContext context);

    /**
     * Makes the provider of one pool. Does not reach the cloud yet.
     *
     * @param context a context that {@link #validate} has nothing against
     */
    NodePoolProvider create(ProviderContext context);

    /**
     * One thing wrong with a configuration.
     *
     * @param key what is wrong: a key of {@link #settings}, or {@code cloud-provider-token}, {@code cluster-name} or
     *     {@code node-pool-name}
     * @param message what is wrong with it and what would be right; without secrets
     */
    record Problem(String key, String message) {}
}
