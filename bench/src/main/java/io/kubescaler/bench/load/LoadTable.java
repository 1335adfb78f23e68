package io.kubescaler.bench.load;

import java.util.Map;
import java.util.stream.Collectors;

/** The figures of a run for people. Immutable and thread-safe. */
final class LoadTable {
    private static final double MIB = 1024 * 1024;

    private final LoadResult result;

    LoadTable(LoadResult result) {
        this.result = result;
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder();
        LoadResult.Setting setting = result.setting();
        line(table, "run", "%s, commit %s".formatted(setting.at(), setting.commit()));
        line(table, "machine", setting.machine());
        line(table, "java", setting.java());
        line(table, "flags", setting.flags());
        line(table, "cluster", setting.cluster());
        line(table, "size", "%d nodes, %d pods".formatted(setting.nodes(), setting.pods()));
        sync(table, result.sync());
        rest(table, result.rest());
        result.changes().ifPresent(changes -> changes(table, changes));
        line(table, "live heap at the end", mib(result.liveHeap()));
        line(table, "highest RSS", mib(result.peakRss()));
        return table.toString();
    }

    private static void sync(StringBuilder table, LoadResult.Sync sync) {
        line(table, "until ready", "%.1f s, %.1f s of CPU".formatted(sync.seconds(), sync.cpuSeconds()));
        line(table, "RSS once ready", "%s, heap in use %s".formatted(mib(sync.rss()), mib(sync.heapUsed())));
    }

    private static void rest(StringBuilder table, LoadResult.Rest rest) {
        line(
                table,
                "RSS after rest",
                "%s after %.0f s, %.1f %% of a core".formatted(mib(rest.rss()), rest.seconds(), rest.cpuPercent()));
        line(
                table,
                "cluster requests",
                rest.clusterRequests().isEmpty()
                        ? "not counted"
                        : "%.0f an hour: %s".formatted(rest.clusterRequestsPerHour(), counts(rest.clusterRequests())));
        line(
                table,
                "cloud requests",
                "%.0f an hour: %s".formatted(rest.cloudRequestsPerHour(), counts(rest.cloudRequests())));
        line(table, "at rest, size read", rest.sizeRead().toString());
        line(table, "at rest, order", rest.order().toString());
    }

    private static void changes(StringBuilder table, LoadResult.Changes changes) {
        line(
                table,
                "under changes",
                "%.0f events/s, %.1f passes/s, %.1f %% of a core, %.1f KB allocated per event"
                        .formatted(
                                changes.perSecond(),
                                changes.passesPerSecond(),
                                changes.cpuPercent(),
                                changes.bytesPerEvent() / 1000));
        line(table, "RSS under changes", mib(changes.rss()));
        line(table, "under changes, size read", changes.sizeRead().toString());
        line(table, "under changes, order", changes.order().toString());
    }

    private static String counts(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(entry -> "%d %s".formatted(entry.getValue(), entry.getKey()))
                .collect(Collectors.joining(", "));
    }

    private static String mib(long bytes) {
        return "%.0f MiB".formatted(bytes / MIB);
    }

    private static void line(StringBuilder table, String name, String value) {
        table.append("%-25s %s%n".formatted(name, value));
    }
}
