package io.kubescaler.app.config;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.kubescaler.app.config.Settings.PoolSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of the loader share: a configuration that is complete, and ways to change it. */
abstract class ConfigLoaderFixture {
    static final String TOKEN = "tok-0123456789abcdef";
    static final Map<String, String> ENOUGH = Map.of(
            "CLOUD_PROVIDER", "fake",
            "CLOUD_PROVIDER_TOKEN", TOKEN,
            "NODE_POOL_NAME", "games",
            "NODE_SELECTOR", "role=scalable",
            "SERVER_POD_LABEL_NAME", "app",
            "SERVER_POD_LABEL_VALUE", "game-server",
            "SERVER_CPU_RESOURCE_REQUEST", "500");

    @TempDir
    Path folder;

    final ConfigLoader loader =
            new ConfigLoader(List.of(new FakeProviderFactory()), "kubescaler/test", Clock.systemUTC());

    Configuration load(Map<String, String> environment, String... assignments) throws ConfigurationException {
        return loader.load(new Sources(Optional.empty(), environment, List.of(assignments)), Purpose.SCALE);
    }

    Configuration load(Path file, Map<String, String> environment) throws ConfigurationException {
        return loader.load(new Sources(Optional.of(file), environment, List.of()), Purpose.SCALE);
    }

    PoolSettings pool(Map<String, String> environment, String... assignments) throws ConfigurationException {
        return load(environment, assignments).settings().pools().get(0);
    }

    List<Problem> problems(Map<String, String> environment, String... assignments) {
        return catchThrowableOfType(ConfigurationException.class, () -> load(environment, assignments))
                .problems();
    }

    List<Problem> problems(Path file, Map<String, String> environment) {
        return catchThrowableOfType(ConfigurationException.class, () -> load(file, environment))
                .problems();
    }

    Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("kubescaler.conf"), text);
    }

    /** Returns the complete environment with these names and values in it. */
    static Map<String, String> with(Object... pairs) {
        Map<String, String> environment = new HashMap<>(ENOUGH);
        for (int i = 0; i < pairs.length; i += 2) {
            environment.put(pairs[i].toString(), pairs[i + 1].toString());
        }
        return environment;
    }

    /** Returns an environment without one of its variables. */
    static Map<String, String> without(String name, Map<String, String> environment) {
        Map<String, String> less = new HashMap<>(environment);
        less.remove(name);
        return less;
    }
}
