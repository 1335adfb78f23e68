package io.kubescaler.testing.cluster;

import java.util.Map;

/**
 * What a node pool of the stand-in of the cloud is like at first.
 *
 * @param name name of the pool
 * @param nodes how many nodes it has from the beginning, all of them Ready
 * @param labels labels that each of its nodes carries, beside those that the cloud sets
 * @param cpu allocatable CPU of a node, as a quantity
 * @param memory allocatable memory of a node, as a quantity
 * @param pods allocatable pods of a node
 */
public record PoolSpec(String name, int nodes, Map<String, String> labels, String cpu, String memory, int pods) {
    public PoolSpec {
        labels = Map.copyOf(labels);
    }

    /** Returns a pool of nodes with 4 CPU, 8 GiB and room for 110 pods. */
    public static PoolSpec of(String name, int nodes, Map<String, String> labels) {
        return new PoolSpec(name, nodes, labels, "4", "8Gi", 110);
    }
}
