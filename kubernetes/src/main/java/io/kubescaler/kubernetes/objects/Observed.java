package io.kubescaler.kubernetes.objects;

import java.util.Optional;

/**
 * One object as it was read, with what identifies it. Immutable and thread-safe.
 *
 * @param key its name, with its namespace where it has one: {@code namespace/name}
 * @param uid its UID
 * @param resourceVersion the version that it was read at; empty text when the document has none
 * @param value the object; empty for one that does not count, such as a pod that has ended
 * @param <T> the kind of object
 */
public record Observed<T>(String key, String uid, String resourceVersion, Optional<T> value) {}
