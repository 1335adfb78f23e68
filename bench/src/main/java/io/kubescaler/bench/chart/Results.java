package io.kubescaler.bench.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kubescaler.bench.chart.Panel.Bar;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The results of several runs: objects as {@code load} writes them, lists as JMH does. Immutable and thread-safe. */
final class Results {
    private static final double MIB = 1024 * 1024;
    private static final Pattern MAJOR = Pattern.compile("(\\d+)\\.");

    private final List<JsonNode> loads = new ArrayList<>();
    private final List<JsonNode> benchmarks = new ArrayList<>();

    /** Reads them. */
    Results(List<Path> files) throws IOException {
        ObjectMapper json = new ObjectMapper();
        for (Path file : files) {
            JsonNode result = json.readTree(file.toFile());
            if (result.isArray()) {
                result.forEach(benchmarks::add);
            } else {
                loads.add(result);
            }
        }
        loads.sort(Comparator.comparingInt(
                        (JsonNode load) -> load.at("/setting/nodes").asInt())
                .thenComparing(load -> load.at("/setting/java").asText()));
    }

    /** Returns the panels of the picture. */
    List<Panel> panels() {
        return List.of(
                benchmark("pass from nothing, ms", "fromNothing", 20),
                benchmark("pass after a change, ms", "afterOneChange", 1),
                load("event to cloud at rest, p99 ms", "/rest/sizeRead/p99", 1, 100),
                load("event to cloud, 1,000 ev/s, p99 ms", "/changes/sizeRead/p99", 1, 100),
                load("RSS after rest, MiB", "/rest/rss", MIB, 256),
                load("highest RSS, MiB", "/peakRss", MIB, 256),
                load("live heap, MiB", "/liveHeap", MIB, 0),
                load("API server requests an hour", "/rest/clusterRequestsPerHour", 1, 2000),
                load("CPU until ready, s", "/sync/cpuSeconds", 1, 0),
                load("CPU at rest, % of a core", "/rest/cpuPercent", 1, 0),
                load("CPU, 1,000 ev/s, % of a core", "/changes/cpuPercent", 1, 0),
                load("garbage per event, KB", "/changes/bytesPerEvent", 1000, 0));
    }

    private Panel load(String title, String pointer, double unit, double bound) {
        List<Bar> bars = loads.stream()
                .filter(load -> load.at(pointer).isNumber())
                .map(load -> new Bar(
                        "%,d".formatted(load.at("/setting/nodes").asInt()),
                        series(load.at("/setting/java").asText()),
                        load.at(pointer).asDouble() / unit))
                .toList();
        return new Panel(title, bound(bound), bars);
    }

    private Panel benchmark(String title, String method, double bound) {
        List<Bar> bars = benchmarks.stream()
                .filter(one -> one.path("benchmark").asText().endsWith("." + method))
                .sorted(Comparator.comparingInt(
                                (JsonNode one) -> one.at("/params/nodes").asInt())
                        .thenComparing(one -> one.path("jdkVersion").asText()))
                .map(one -> new Bar(
                        "%,d".formatted(one.at("/params/nodes").asInt()),
                        series(one.path("jdkVersion").asText()),
                        one.at("/primaryMetric/score").asDouble()))
                .toList();
        return new Panel(title, bound(bound), bars);
    }

    private static OptionalDouble bound(double bound) {
        return bound > 0 ? OptionalDouble.of(bound) : OptionalDouble.empty();
    }

    private static String series(String version) {
        Matcher major = MAJOR.matcher(version);
        return major.find() ? "jdk" + major.group(1) : "jdk";
    }
}
