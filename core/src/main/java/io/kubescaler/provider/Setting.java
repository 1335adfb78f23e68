package io.kubescaler.provider;

import java.util.Optional;

/**
 * One setting of a provider's own, found under {@code kubescaler.providers.NAME} in the configuration. Immutable and
 * thread-safe.
 *
 * @param key its key below that, in kebab-case, such as {@code api-url}
 * @param description what it is for, with unit and range, as one sentence
 * @param defaultValue its value when the user gives none; empty when there is none and it may stay unset
 * @param required whether the user must give it
 * @param secret whether it must not be shown
 */
public record Setting(String key, String description, Optional<String> defaultValue, boolean required, boolean secret) {
    /** Returns a setting with a default. */
    public static Setting withDefault(String key, String defaultValue, String description) {
        return new Setting(key, description, Optional.of(defaultValue), false, false);
    }

    /** Returns a setting that may stay unset. */
    public static Setting optional(String key, String description) {
        return new Setting(key, description, Optional.empty(), false, false);
    }

    /** Returns a setting that the user must give. */
    public static Setting required(String key, String description) {
        return new Setting(key, description, Optional.empty(), true, false);
    }
}
