package io.kubescaler.app.config;

/**
 * One value that is in force. Immutable and thread-safe.
 *
 * @param key the key below {@code kubescaler}
 * @param value the value as text; {@code ***} for a secret
 * @param origin where it came from: {@code FILE:LINE}, {@code variable NAME}, {@code --set} or {@code default}
 */
public record EffectiveValue(String key, String value, String origin) {}
