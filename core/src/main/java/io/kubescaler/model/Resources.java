package io.kubescaler.model;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;

/**
 * Amounts of resources, by name. CPU is in millicores, memory and ephemeral storage are in bytes, every other resource
 * (including {@code pods}) is a plain count. A name that is not listed has the amount 0. Mirrors the Kubernetes
 * {@code ResourceList}.
 *
 * <p>Immutable and thread-safe.
 */
public final class Resources {
    /** Name of the CPU resource; its unit is millicores. */
    public static final String CPU = "cpu";

    /** Name of the memory resource; its unit is bytes. */
    public static final String MEMORY = "memory";

    /** Name of the resource that counts pods: a node has so many, and each pod on it takes one. */
    public static final String PODS = "pods";

    /** No resources at all. */
    public static final Resources NONE = new Resources(new String[0], new long[0]);

    // sorted by name, so that two equal lists have one form and merging is one walk; amounts are never 0
    private final String[] names;
    private final long[] amounts;

    private Resources(String[] names, long[] amounts) {
        this.names = names;
        this.amounts = amounts;
    }

    /**
     * Returns the amounts as one immutable value.
     *
     * @param amounts resource name to amount, in the units above; entries of amount 0 are dropped
     * @throws IllegalArgumentException when an amount is negative
     */
    public static Resources of(Map<String, Long> amounts) {
        TreeMap<String, Long> sorted = new TreeMap<>(amounts);
        sorted.forEach((name, amount) -> {
            if (amount < 0) {
                throw new IllegalArgumentException("resource %s has the negative amount %d".formatted(name, amount));
            }
        });
        sorted.values().removeIf(amount -> amount == 0);
        if (sorted.isEmpty()) {
            return NONE;
        }
        return new Resources(
                sorted.keySet().stream().map(String::intern).toArray(String[]::new),
                sorted.values().stream().mapToLong(Long::longValue).toArray());
    }

    /** Returns so many millicores of CPU and nothing else. */
    public static Resources cpu(long millicores) {
        return of(Map.of(CPU, millicores));
    }

    /** Returns the amount of that resource, 0 when there is none. */
    public long get(String name) {
        int index = Arrays.binarySearch(names, name);
        return index < 0 ? 0 : amounts[index];
    }

    /** Returns the names that have an amount above 0, sorted. */
    public Set<String> names() {
        return asMap().keySet();
    }

    /** Returns whether every amount is 0. */
    public boolean isEmpty() {
        return names.length == 0;
    }

    /** Returns these amounts with one of them set anew. */
    public Resources with(String name, long amount) {
        Map<String, Long> changed = asMap();
        changed.put(name, amount);
        return of(changed);
    }

    /** Returns those of these amounts whose names are given. */
    public Resources only(Set<String> kept) {
        Map<String, Long> some = asMap();
        some.keySet().retainAll(kept);
        return of(some);
    }

    /** Returns the sum, resource by resource. A sum past {@link Long#MAX_VALUE} stays there. */
    public Resources plus(Resources other) {
        return merge(other, Resources::saturatingSum);
    }

    /**
     * Returns the amounts so many times. A product past {@link Long#MAX_VALUE} stays there.
     *
     * @param count above 0
     */
    public Resources times(int count) {
        if (count <= 0) {
            throw new IllegalArgumentException("count is %d; it must be above 0".formatted(count));
        }
        long[] products = new long[amounts.length];
        for (int i = 0; i < products.length; i++) {
            products[i] = amounts[i] > Long.MAX_VALUE / count ? Long.MAX_VALUE : amounts[i] * count;
        }
        return new Resources(names, products);
    }

    /** Returns the larger amount, resource by resource. */
    public Resources max(Resources other) {
        return merge(other, Math::max);
    }

    /** Returns the sum of all of them. */
    public static Resources sum(Collection<Resources> all) {
        Resources sum = NONE;
        for (Resources one : all) {
            sum = sum.plus(one);
        }
        return sum;
    }

    /**
     * Returns how many whole times {@code unit} fits into what is left of these resources after {@code used}: the
     * smallest, over the resources of {@code unit}, of {@code floor((this - used) / unit)}. Never negative.
     *
     * @throws IllegalArgumentException when {@code unit} is empty, since everything would fit without end
     */
    public long timesFits(Resources unit, Resources used) {
        if (unit.isEmpty()) {
            throw new IllegalArgumentException("the slot size is empty: any number would fit");
        }
        long times = Long.MAX_VALUE;
        for (int i = 0; i < unit.names.length; i++) {
            long left = get(unit.names[i]) - used.get(unit.names[i]);
            times = Math.min(times, left <= 0 ? 0 : left / unit.amounts[i]);
        }
        return times;
    }

    /** Returns a fresh, modifiable map of name to amount, in the order of the names. */
    public Map<String, Long> asMap() {
        Map<String, Long> map = new LinkedHashMap<>();
        for (int i = 0; i < names.length; i++) {
            map.put(names[i], amounts[i]);
        }
        return map;
    }

    private Resources merge(Resources other, LongBinaryOperator operator) {
        if (other.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return other;
        }
        if (Arrays.equals(names, other.names)) {
            // most pods name the same resources
            long[] combined = new long[amounts.length];
            for (int i = 0; i < combined.length; i++) {
                combined[i] = operator.applyAsLong(amounts[i], other.amounts[i]);
            }
            return new Resources(names, combined);
        }
        String[] mergedNames = new String[names.length + other.names.length];
        long[] mergedAmounts = new long[mergedNames.length];
        int count = 0;
        int mine = 0;
        int theirs = 0;
        while (mine < names.length || theirs < other.names.length) {
            int order = mine == names.length
                    ? 1
                    : theirs == other.names.length ? -1 : names[mine].compareTo(other.names[theirs]);
            mergedNames[count] = order <= 0 ? names[mine] : other.names[theirs];
            mergedAmounts[count] =
                    operator.applyAsLong(order <= 0 ? amounts[mine] : 0, order >= 0 ? other.amounts[theirs] : 0);
            mine += order <= 0 ? 1 : 0;
            theirs += order >= 0 ? 1 : 0;
            count++;
        }
        return new Resources(Arrays.copyOf(mergedNames, count), Arrays.copyOf(mergedAmounts, count));
    }

    private static long saturatingSum(long left, long right) {
        long sum = left + right;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Resources that
                && Arrays.equals(names, that.names)
                && Arrays.equals(amounts, that.amounts);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(names) + Arrays.hashCode(amounts);
    }

    @Override
    public String toString() {
        return asMap().toString();
    }
}
