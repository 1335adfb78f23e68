package io.kubescaler.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import io.kubescaler.digitalocean.DigitalOceanProviderFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Fails when a key is missing from {@code config.example.conf} or {@code docs/configuration.md}, or told wrongly there. */
class ConfigDocumentationTest {
    private static final Path ROOT = root();
    private static final Path EXAMPLE = ROOT.resolve("config.example.conf");
    private static final Path DOCUMENT = ROOT.resolve("docs/configuration.md");

    @TempDir
    Path folder;

    @Test
    void loadsTheExampleAsItIs() throws Exception {
        Configuration configuration = load(EXAMPLE);

        assertThat(configuration.settings().pools())
                .singleElement()
                .satisfies(pool -> assertThat(pool.policy().pool()).isEqualTo("game-servers"));
    }

    /** Whoever copies it sets what only they can know, and no more by accident. */
    @Test
    void setsInTheExampleWhatThereIsNoDefaultForAndNothingElse() throws Exception {
        assertThat(load(EXAMPLE).values())
                .filteredOn(value -> value.origin().startsWith(EXAMPLE.toString()))
                .extracting(EffectiveValue::key)
                .containsExactlyInAnyOrder(
                        "cluster-name",
                        "node-pool-name",
                        "node-selector",
                        "server-pod-label-name",
                        "server-pod-label-value",
                        "server-cpu-resource-request");
    }

    @Test
    void loadsTheExampleWithEveryKeyThatIsCommentedOut() throws Exception {
        Config all = ConfigFactory.parseString(uncommented());
        assertThat(Key.values())
                .allSatisfy(key -> assertThat(all.hasPath(Layers.ROOT + "." + key.path()))
                        .as(key.path())
                        .isTrue());

        // of what excludes each other, the one: the label or a selector, one pool or several
        String several = uncommented()
                .replaceAll("(?m)^  server-pod-selector = .*$", "")
                .replaceAll("(?m)^  node-pool-name = .*$", "");

        assertThat(load(several).settings().pools()).hasSize(2);
        assertThat(load(several.replaceAll("(?s)\\n  node-pools = \\[.*?\\n  \\]", "\n  node-pool-name = games"))
                        .settings()
                        .pools())
                .hasSize(1);
        assertThat(load(uncommented()
                                .replaceAll("(?m)^  server-pod-label-.* = .*$", "")
                                .replaceAll("(?m)^  node-pool-name = .*$", ""))
                        .settings()
                        .pools())
                .hasSize(2);
    }

    /** Returns the example with the settings in force that are commented out: a # right before a word. */
    private String uncommented() throws IOException {
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), "none");
        return Files.readString(EXAMPLE)
                .replaceAll("(?m)^( *)#(?=\\S)|^( *)#(?=  [\"{])", "$1$2")
                .replace("/home/me/.kube/config", kubeconfig.toString());
    }

    private Configuration load(String text) throws IOException, ConfigurationException {
        return load(Files.writeString(folder.resolve("kubescaler.conf"), text));
    }

    private static Configuration load(Path file) throws ConfigurationException {
        ConfigLoader loader =
                new ConfigLoader(List.of(new DigitalOceanProviderFactory()), "kubescaler/test", Clock.systemUTC());
        Map<String, String> token = Map.of("CLOUD_PROVIDER_TOKEN", "dop_v1_0123456789abcdef");
        return loader.load(new Sources(Optional.of(file), token, List.of()), Purpose.SCALE);
    }

    @ParameterizedTest
    @EnumSource(Key.class)
    void showsEveryKeyInTheExampleWithAComment(Key key) throws IOException {
        List<String> lines = Files.readAllLines(EXAMPLE);
        String name = key.path().substring(key.path().lastIndexOf('.') + 1);
        Pattern setting = Pattern.compile("\\s*#?%s( =| \\{).*".formatted(Pattern.quote(name)));

        int line = indexOf(lines, setting);

        assertThat(line).as("%s in %s", key.path(), EXAMPLE).isPositive();
        assertThat(lines.subList(Math.max(0, line - 3), line))
                .as("a comment on %s", key.path())
                .anyMatch(text -> text.strip().startsWith("# "));
    }

    @ParameterizedTest
    @EnumSource(Key.class)
    void tellsOfEveryKeyWithItsVariableAndDefault(Key key) throws IOException {
        String row = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| `%s` |".formatted(key.path())))
                .findFirst()
                .orElse("");

        assertThat(row).as("%s in %s", key.path(), DOCUMENT).contains("| `%s`".formatted(key.variable()));
        defaultOf(key).ifPresent(value -> assertThat(row).contains("| `%s` |".formatted(value)));
    }

    @Test
    void givesNoDefaultToAKeyThatDoesNotExist() {
        Config reference = ConfigFactory.parseResources(ConfigLoader.class.getClassLoader(), "reference.conf");

        assertThat(reference.getConfig(Layers.ROOT).entrySet())
                .allSatisfy(entry -> assertThat(Key.of(entry.getKey())).isPresent());
    }

    private static Optional<String> defaultOf(Key key) {
        Config reference = ConfigFactory.parseResources(ConfigLoader.class.getClassLoader(), "reference.conf");
        return Values.at(reference.getObject(Layers.ROOT), key.path()).map(ConfigDocumentationTest::text);
    }

    private static String text(ConfigValue value) {
        return value.unwrapped() instanceof String text ? text : value.render(ConfigRenderOptions.concise());
    }

    private static int indexOf(List<String> lines, Pattern pattern) {
        for (int i = 0; i < lines.size(); i++) {
            if (pattern.matcher(lines.get(i)).matches()) {
                return i;
            }
        }
        return -1;
    }

    // tests run in the folder of their module
    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("config.example.conf")) ? here : Path.of("..");
    }
}
