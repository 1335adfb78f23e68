package io.kubescaler.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.plan.Condition;
import io.kubescaler.testing.PoolBuilder;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of metrics in {@code docs/operating.md} is what the registry holds, names and labels. */
class OperatingGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "operating.md");
    private static final Pattern ROW = Pattern.compile("\\| `(kubescaler_\\w+)` \\|([^|]*)\\|.*");
    private static final Pattern LABEL = Pattern.compile("`(\\w+)`");

    @Test
    void listsEveryMetricWithItsLabelsAndNoOther() throws IOException {
        try (Metrics metrics = new Metrics()) {
            new PassMetrics(metrics.registry(), List.of(PoolBuilder.policy()), () -> true, false)
                    .passed(TestPasses.pass("games", Condition.OK, Result.DONE, TestPasses.GROW));
            new FirstDecision(metrics.registry(), () -> Duration.ofSeconds(1)).passed(TestPasses.idle());
            DataAge.register(metrics.registry(), Map.of("pods", Optional::empty));
            for (String name : List.of(MetricNames.CLOUD_CALL_DURATION, MetricNames.CLUSTER_CALL_DURATION)) {
                new CallMeter(metrics.registry(), name, "", "games", () -> 0).ended("describe", "done", 0);
            }

            assertThat(documented()).isEqualTo(registered(metrics));
        }
    }

    private static Map<String, Set<String>> documented() throws IOException {
        Map<String, Set<String>> documented = new TreeMap<>();
        for (String line : Files.readAllLines(GUIDE)) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                Set<String> labels = new TreeSet<>();
                LABEL.matcher(row.group(2)).results().forEach(label -> labels.add(label.group(1)));
                documented.put(row.group(1), labels);
            }
        }
        return documented;
    }

    private static Map<String, Set<String>> registered(Metrics metrics) {
        Map<String, Set<String>> registered = new TreeMap<>();
        for (Meter meter : metrics.registry().getMeters()) {
            Meter.Id id = meter.getId();
            if (id.getName().startsWith("kubescaler.")) {
                String name = PrometheusNaming.prometheusName(metrics.registry()
                        .config()
                        .namingConvention()
                        .name(id.getName(), id.getType(), id.getBaseUnit()));
                registered
                        .computeIfAbsent(
                                id.getType() == Meter.Type.COUNTER ? name + "_total" : name, it -> new TreeSet<>())
                        .addAll(id.getTags().stream().map(Tag::getKey).toList());
            }
        }
        return registered;
    }
}
