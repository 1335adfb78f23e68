package io.kubescaler.app.config;

import java.util.List;

/**
 * A configuration without problems. Immutable and thread-safe.
 *
 * @param settings what it says
 * @param values the values it was made from, with where each came from; secrets masked
 */
public record Configuration(Settings settings, List<EffectiveValue> values) {
    public Configuration {
        values = List.copyOf(values);
    }
}
