package io.kubescaler.app.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class DataAgeTest {
    @Test
    void showsTheAgeOfEachWatchAndThatItIsNotKnownYet() {
        AtomicReference<Optional<Duration>> pods = new AtomicReference<>(Optional.empty());
        try (Metrics metrics = new Metrics()) {
            DataAge.register(
                    metrics.registry(), Map.of("pods", pods::get, "nodes", () -> Optional.of(Duration.ofMillis(1500))));
            assertThat(lines(metrics))
                    .contains("kubescaler_data_age_seconds{watch=\"pods\"} NaN")
                    .contains("kubescaler_data_age_seconds{watch=\"nodes\"} 1.5");

            pods.set(Optional.of(Duration.ofSeconds(91)));
            assertThat(lines(metrics)).contains("kubescaler_data_age_seconds{watch=\"pods\"} 91.0");
        }
    }

    private static String lines(Metrics metrics) {
        return metrics.expose(Optional.empty()).text();
    }
}
