package io.kubescaler.bench.load;

import java.util.Map;
import java.util.Optional;

/**
 * What a run measured. Bytes are bytes, CPU is in seconds of one core or in percent of one. Immutable and thread-safe.
 *
 * @param setting what was run
 * @param sync from the start of the process until it was ready
 * @param rest while nothing happened but nodes reporting
 * @param changes while pods changed; empty when there were no changes
 * @param liveHeap heap in use after a full collection at the end
 * @param peakRss the most memory that there ever was
 */
record LoadResult(Setting setting, Sync sync, Rest rest, Optional<Changes> changes, long liveHeap, long peakRss) {
    /** What was run. */
    record Setting(
            String at, String machine, String java, String flags, String cluster, int nodes, int pods, String commit) {}

    /** Until it was ready. */
    record Sync(double seconds, double cpuSeconds, long rss, long heapUsed) {}

    /**
     * At rest.
     *
     * @param seconds for how long requests were counted
     * @param clusterRequests by method and kind; empty when the cluster does not tell
     * @param cloudRequests by method and kind
     * @param sizeRead from the creation of a server until the cloud is asked for the size
     * @param order until the order reaches the cloud
     */
    record Rest(
            double seconds,
            double cpuPercent,
            long rss,
            Map<String, Integer> clusterRequests,
            Map<String, Integer> cloudRequests,
            double clusterRequestsPerHour,
            double cloudRequestsPerHour,
            Latency sizeRead,
            Latency order) {}

    /**
     * While pods changed.
     *
     * @param perSecond events that there were in a second
     * @param bytesPerEvent memory allocated for all that was done meanwhile, by events
     * @param passesPerSecond passes that there were in a second
     */
    record Changes(
            double perSecond,
            double cpuPercent,
            double bytesPerEvent,
            double passesPerSecond,
            long rss,
            Latency sizeRead,
            Latency order) {}
}
