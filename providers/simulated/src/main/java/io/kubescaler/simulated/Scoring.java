package io.kubescaler.simulated;

import io.kubescaler.model.Resources;

/**
 * How the kube-scheduler likes nodes: the score of its plug-in NodeResourcesFit with the default strategy
 * LeastAllocated, CPU and memory weighing the same. Source: {@code least_allocated.go} and {@code pod_resources.go} of
 * Kubernetes 1.36. Its other scoring plug-ins, which see no difference between nodes of one pool, are left out.
 */
final class Scoring {
    private static final long BEST = 100;
    // what the scheduler takes a pod to use that does not say
    private static final long UNSTATED_CPU = 100;
    private static final long UNSTATED_MEMORY = 200L * 1024 * 1024;

    private Scoring() {}

    /** Returns the CPU that counts for a pod, in millicores. */
    static long cpu(Resources requests) {
        long stated = requests.get(Resources.CPU);
        return stated == 0 ? UNSTATED_CPU : stated;
    }

    /** Returns the memory that counts for a pod, in bytes. */
    static long memory(Resources requests) {
        long stated = requests.get(Resources.MEMORY);
        return stated == 0 ? UNSTATED_MEMORY : stated;
    }

    /** Returns 0 (full) to 100 (empty), for what the node would carry with the pod on it. */
    static int leastAllocated(long cpu, long memory, Resources allocatable) {
        long sum = 0;
        int counted = 0;
        long allocatableCpu = allocatable.get(Resources.CPU);
        if (allocatableCpu > 0) {
            sum += share(cpu, allocatableCpu);
            counted++;
        }
        long allocatableMemory = allocatable.get(Resources.MEMORY);
        if (allocatableMemory > 0) {
            sum += share(memory, allocatableMemory);
            counted++;
        }
        return counted == 0 ? 0 : (int) (sum / counted);
    }

    private static long share(long requested, long allocatable) {
        return requested > allocatable ? 0 : (allocatable - requested) * BEST / allocatable;
    }
}
