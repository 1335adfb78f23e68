package io.kubescaler.app.observe;

import static io.kubescaler.app.observe.TestPasses.CORDON;
import static io.kubescaler.app.observe.TestPasses.GROW;
import static io.kubescaler.app.observe.TestPasses.idle;
import static io.kubescaler.app.observe.TestPasses.pass;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.testing.PoolBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PassMetricsTest {
    private final Metrics metrics = new Metrics();
    private final AtomicBoolean leads = new AtomicBoolean(true);
    private final PassMetrics listener =
            new PassMetrics(metrics.registry(), List.of(PoolBuilder.policy()), leads::get, false);

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void showsWhatThePoolStandsAt() {
        listener.passed(idle());

        assertThat(lines())
                .contains(
                        "kubescaler_pool_size{pool=\"games\"} 2.0",
                        "kubescaler_pool_minimum_size{pool=\"games\"} 1.0",
                        "kubescaler_pool_maximum_size{pool=\"games\"} 10.0",
                        "kubescaler_slots_free{pool=\"games\"} 5.0",
                        "kubescaler_slots_buffer{pool=\"games\"} 4.0",
                        "kubescaler_slots_required{pool=\"games\"} 5.0",
                        "kubescaler_slots_upcoming{pool=\"games\"} 8.0",
                        "kubescaler_slots_per_new_node{pool=\"games\"} 4.0",
                        "kubescaler_servers{pool=\"games\"} 3.0",
                        "kubescaler_servers_unplaced{pool=\"games\"} 1.0",
                        "kubescaler_nodes{pool=\"games\",state=\"active\"} 2.0",
                        "kubescaler_nodes{pool=\"games\",state=\"held\"} 0.0",
                        "kubescaler_condition{condition=\"Ok\",pool=\"games\"} 1.0",
                        "kubescaler_condition{condition=\"AtMaximum\",pool=\"games\"} 0.0",
                        "kubescaler_growth_failures{pool=\"games\"} 0.0",
                        "kubescaler_last_pass_timestamp_seconds{pool=\"games\"} 1.7672688E9",
                        "kubescaler_passes_total{pool=\"games\"} 1.0",
                        "kubescaler_pass_duration_seconds_count{pool=\"games\"} 1",
                        "kubescaler_leader 1.0");
    }

    @Test
    void countsActionsFromZero() {
        String grown = "kubescaler_actions_total{pool=\"games\",result=\"done\",type=\"grow\"} ";
        assertThat(lines()).contains(grown + "0.0");

        listener.passed(pass("games", Condition.OK, Result.DONE, GROW));
        listener.passed(pass("games", Condition.OK, Result.FAILED, GROW, CORDON));

        assertThat(lines())
                .contains(
                        grown + "1.0",
                        "kubescaler_actions_total{pool=\"games\",result=\"failed\",type=\"grow\"} 1.0",
                        "kubescaler_actions_total{pool=\"games\",result=\"failed\",type=\"cordon\"} 1.0",
                        "kubescaler_actions_total{pool=\"games\",result=\"not-acting\",type=\"delete\"} 0.0");
    }

    @Test
    void countsPassesThatFailedFromZero() {
        assertThat(lines()).contains("kubescaler_passes_failed_total{pool=\"games\"} 0.0");

        listener.failed("games", new StackOverflowError());

        assertThat(lines())
                .contains(
                        "kubescaler_passes_failed_total{pool=\"games\"} 1.0",
                        "kubescaler_passes_total{pool=\"games\"} 0.0");
    }

    @Test
    void knowsEveryTypeOfAction() {
        assertThat(Stream.of(Action.class.getPermittedSubclasses())
                        .map(type -> type.getSimpleName().toLowerCase(Locale.ROOT)))
                .containsExactlyInAnyOrderElementsOf(PassMetrics.ACTION_TYPES);
    }

    @Test
    void saysThatItDoesNotKnowRatherThanZero() {
        listener.passed(idle());
        listener.passed(pass("games", Condition.CLOUD_UNREADABLE, Result.DONE));

        assertThat(lines())
                .contains(
                        "kubescaler_pool_size{pool=\"games\"} NaN",
                        "kubescaler_slots_free{pool=\"games\"} NaN",
                        "kubescaler_nodes{pool=\"games\",state=\"active\"} NaN",
                        "kubescaler_condition{condition=\"CloudUnreadable\",pool=\"games\"} 1.0",
                        "kubescaler_condition{condition=\"Ok\",pool=\"games\"} 0.0");
    }

    @Test
    void showsNoPoolWhileAnotherReplicaMakesThePasses() {
        assertThat(text()).doesNotContain("kubescaler_slots_free");
        listener.passed(idle());
        leads.set(false);
        listener.standDown();
        listener.passed(idle());

        assertThat(text())
                .doesNotContain("kubescaler_slots_free")
                .doesNotContain("kubescaler_condition")
                .contains("kubescaler_leader 0.0")
                .contains("kubescaler_passes_total{pool=\"games\"} 2.0");
        leads.set(true);
        listener.passed(idle());
        assertThat(text()).contains("kubescaler_slots_free{pool=\"games\"} 5.0");
    }

    @Test
    void showsThePoolOfADryRunWithoutTheLease() {
        try (Metrics others = new Metrics()) {
            new PassMetrics(others.registry(), List.of(PoolBuilder.policy()), () -> false, true).passed(idle());

            assertThat(others.expose(Optional.empty()).text()).contains("kubescaler_slots_free{pool=\"games\"} 5.0");
        }
    }

    @Test
    void speaksOpenMetricsWhenAskedTo() {
        Metrics.Exposition exposition = metrics.expose(Optional.of("application/openmetrics-text;version=1.0.0,*/*"));

        assertThat(exposition.contentType()).startsWith("application/openmetrics-text");
        assertThat(exposition.text()).endsWith("# EOF\n");
        assertThat(metrics.expose(Optional.of("*/*")).contentType()).startsWith("text/plain; version=0.0.4");
    }

    @Test
    void measuresTheJvm() {
        assertThat(text()).contains("jvm_memory_used_bytes").contains("process_uptime_seconds");
    }

    private String text() {
        return metrics.expose(Optional.empty()).text();
    }

    private List<String> lines() {
        return text().lines().toList();
    }
}
