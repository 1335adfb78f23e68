package io.kubescaler.kubernetes.objects;

import java.util.HashMap;
import java.util.Map;

/**
 * Gives equal immutable values one instance, so that many pods that are alike share what they have in common. Holds a
 * bounded number of values: at the bound it starts anew, which costs some sharing and nothing else. Not thread-safe.
 */
public final class Interner {
    /** Enough for the distinct nodes, label sets and sizes of a large cluster, some megabytes at most. */
    public static final int DEFAULT_CAPACITY = 50_000;

    private final int capacity;
    private final Map<Object, Object> values = new HashMap<>();

    public Interner(int capacity) {
        this.capacity = capacity;
    }

    /** Returns the instance that stands for all values equal to this one. */
    <T> T share(T value) {
        if (values.size() >= capacity) {
            values.clear();
        }
        @SuppressWarnings("unchecked") // an equal value of this interner's immutable types has the same type
        T shared = (T) values.computeIfAbsent(value, same -> same);
        return shared;
    }
}
