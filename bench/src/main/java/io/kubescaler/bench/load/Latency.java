package io.kubescaler.bench.load;

import java.util.List;

/**
 * How long something took, over many samples, in milliseconds. Immutable and thread-safe.
 *
 * @param samples how many samples
 * @param p50 half of them took no longer
 * @param p99 99 of 100 took no longer, by nearest rank
 * @param max the longest
 */
record Latency(int samples, double p50, double p99, double max) {
    /** Summarizes samples; at least one. */
    static Latency of(List<Double> samples) {
        List<Double> sorted = samples.stream().sorted().toList();
        return new Latency(sorted.size(), rank(sorted, 0.5), rank(sorted, 0.99), rank(sorted, 1));
    }

    private static double rank(List<Double> sorted, double share) {
        return sorted.get(Math.max(0, (int) Math.ceil(share * sorted.size()) - 1));
    }

    @Override
    public String toString() {
        return "p50 %.1f ms, p99 %.1f ms, max %.1f ms (%d samples)".formatted(p50, p99, max, samples);
    }
}
