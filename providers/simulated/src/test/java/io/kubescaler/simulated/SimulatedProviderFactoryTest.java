package io.kubescaler.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.PoolDescription;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.NodePoolProviderFactory.Problem;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.testing.NodePoolProviderFactoryContract;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SimulatedProviderFactoryTest extends NodePoolProviderFactoryContract {
    @Override
    protected NodePoolProviderFactory factory() {
        return new SimulatedProviderFactory();
    }

    @Override
    protected ProviderContext validContext() {
        return context(Map.of());
    }

    @Test
    void makesThePoolThatTheSettingsDescribe() throws ProviderException {
        ProviderContext context = context(Map.of("initial-size", "3", "quota", "5", "node-cpu-millicores", "8000"));
        try (NodePoolProvider provider = factory().create(context)) {
            PoolDescription pool = provider.describe();

            assertThat(pool.size()).isEqualTo(3);
            assertThat(pool.limit()).hasValue(5);
            assertThat(pool.template().orElseThrow().allocatable().get("cpu")).isEqualTo(8000);
        }
    }

    @Test
    void namesEveryWrongSettingInOneGo() {
        ProviderContext context = context(Map.of(
                "boot-time",
                "10",
                "initial-size",
                "-1",
                "stuck-share",
                "1.5",
                "quota",
                "many",
                "speed",
                "0",
                "seed",
                "x"));

        assertThat(factory().validate(context))
                .extracting(Problem::key)
                .containsExactlyInAnyOrder("boot-time", "initial-size", "stuck-share", "quota", "speed", "seed");
        assertThat(factory().validate(context))
                .filteredOn(problem -> problem.key().equals("boot-time"))
                .extracting(Problem::message)
                .containsExactly("'10' is no duration and no range of two; write 4m or 1m..10m (units ms, s, m, h, d)");
    }

    @Test
    void refusesSharesThatAddUpToMoreThanEverything() {
        assertThat(factory().validate(context(Map.of("stuck-share", "0.6", "failed-share", "0.6"))))
                .extracting(Problem::key)
                .containsExactly("failed-share");
    }

    private ProviderContext context(Map<String, String> own) {
        Map<String, String> settings = new HashMap<>();
        factory()
                .settings()
                .forEach(setting -> setting.defaultValue().ifPresent(value -> settings.put(setting.key(), value)));
        settings.putAll(own);
        return new ProviderContext(
                Optional.empty(),
                "pool",
                Optional.empty(),
                settings,
                "kubescaler/test",
                Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC));
    }
}
