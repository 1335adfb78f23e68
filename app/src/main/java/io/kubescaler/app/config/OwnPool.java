package io.kubescaler.app.config;

import io.kubescaler.model.PoolPolicy;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A pool that a command brings itself, on a cluster and a cloud that it simulates, and of which some keys may be set by
 * {@code --config} and {@code --set}. The environment sets none: it is that of a scaler of another pool. Immutable and
 * thread-safe.
 *
 * @param command the command
 * @param name the pool's name
 * @param defaults the values of its keys, below {@code kubescaler}; where it has none, the scaler's defaults hold
 * @param settable the keys that may be set; a file may hold others too, which mean nothing here
 * @param given what options of the command say already, by key
 */
public record OwnPool(
        String command, String name, Map<String, Object> defaults, Set<String> settable, Map<String, Given> given) {
    private static final Set<Key> OF_THE_CLOUD =
            Set.of(Key.CLOUD_PROVIDER, Key.CLOUD_PROVIDER_TOKEN, Key.CLUSTER_NAME, Key.NODE_POOL_NAME);

    /** Every key of a pool but those that tell where its cloud is. */
    public static final Set<String> KEYS_OF_A_POOL = Key.paths(Key.Scope.POOL).stream()
            .map(Key::of)
            .flatMap(Optional::stream)
            .filter(key -> !OF_THE_CLOUD.contains(key))
            .map(Key::path)
            .collect(Collectors.toUnmodifiableSet());

    public OwnPool {
        defaults = Map.copyOf(defaults);
        settable = Set.copyOf(settable);
        given = Map.copyOf(given);
    }

    /**
     * The value of a key that an option of the command gives.
     *
     * @param option the option
     * @param value the value, or the first of several
     */
    public record Given(String option, Object value) {}

    /** Reads such a pool from where the program's user points to. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Reads a pool.
         *
         * @throws ConfigurationException with everything that is wrong with what was set
         */
        PoolPolicy read(OwnPool pool) throws ConfigurationException;
    }
}
