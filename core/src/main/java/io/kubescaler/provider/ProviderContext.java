package io.kubescaler.provider;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What a provider is made from. Immutable and thread-safe.
 *
 * @param clusterName {@code cluster-name} of the configuration; empty when not set
 * @param poolName {@code node-pool-name} of the configuration
 * @param token {@code cloud-provider-token}; empty when not set
 * @param settings the provider's own settings: every declared one that has a value, defaults filled in
 * @param userAgent what to call oneself towards the cloud, such as {@code kubescaler/0.1.0}
 * @param mayWrite whether the scaler may still change anything. A provider that sends more than one request for a call,
 *     to retry or to page, asks right before each one that changes something, and ends with
 *     {@link ProviderException.NotSent} when the answer is no: another replica may have taken over meanwhile
 * @param longestWrite the longest that one request which changes something may take, from when {@code mayWrite} said yes to
 *     its end or its being given up: at least 5 seconds, since every lease leaves as much. Beyond it another replica may
 *     be acting already. A provider whose settings allow more names that in {@link NodePoolProviderFactory#validate}, or
 *     gives such a request up in time. Empty where nobody else can be acting
 * @param clock the time; for what must pass without the wall clock, use {@link System#nanoTime}
 */
public record ProviderContext(
        Optional<String> clusterName,
        String poolName,
        Optional<Secret> token,
        Map<String, String> settings,
        String userAgent,
        BooleanSupplier mayWrite,
        Optional<Duration> longestWrite,
        Clock clock) {
    public ProviderContext {
        settings = Map.copyOf(settings);
    }

    /** Makes a context in which a request may take any time. */
    public ProviderContext(
            Optional<String> clusterName,
            String poolName,
            Optional<Secret> token,
            Map<String, String> settings,
            String userAgent,
            BooleanSupplier mayWrite,
            Clock clock) {
        this(clusterName, poolName, token, settings, userAgent, mayWrite, Optional.empty(), clock);
    }

    /** Makes a context in which anything may be changed at any time, as where nobody else can be acting. */
    public ProviderContext(
            Optional<String> clusterName,
            String poolName,
            Optional<Secret> token,
            Map<String, String> settings,
            String userAgent,
            Clock clock) {
        this(clusterName, poolName, token, settings, userAgent, () -> true, clock);
    }

    /** Returns this context with another answer to whether anything may still be changed. */
    public ProviderContext withMayWrite(BooleanSupplier other) {
        return new ProviderContext(clusterName, poolName, token, settings, userAgent, other, longestWrite, clock);
    }

    /** Returns this context with another limit for requests that change something; see {@link #longestWrite()}. */
    public ProviderContext withLongestWrite(Optional<Duration> other) {
        return new ProviderContext(clusterName, poolName, token, settings, userAgent, mayWrite, other, clock);
    }

    /**
     * Returns a setting that has a default or is required.
     *
     * @throws IllegalArgumentException when the provider never declared it so
     */
    public String setting(String key) {
        String value = settings.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no value for the setting '%s'".formatted(key));
        }
        return value;
    }
}
