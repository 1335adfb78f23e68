package io.kubescaler.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A slow machine is no defect: no test and no step of the build waits for a time of its own, or judges how long something
 * took. What waits does so by {@code Patience}; what must end in time is tested on a clock of the test's.
 */
class LimitsTest {
    private static final List<String> FORBIDDEN = List.of(
            // waits of its own
            "\\.atMost\\(Duration",
            "\\bAwaitility\\.await\\(",
            "\\.(await|poll|get|waitFor|awaitTermination|tryAcquire|offer|join|waitUntilCondition)"
                    + "\\([^;{}]*?\\d+, (TimeUnit\\.)?(SECONDS|MILLISECONDS|MINUTES)\\)",
            "\\.join\\(\\d",
            "\\.timeout\\(Duration",
            "\\.awaitExit\\(Duration",
            "@Timeout\\((value = )?\\d",
            // verdicts on speed
            "nanoTime\\(\\) - \\w+\\)*\\s*(\\.as\\([^;]*?)?\\.isLess",
            "assertTimeout");
    private static final List<Pattern> PATTERNS =
            FORBIDDEN.stream().map(Pattern::compile).toList();

    @Test
    void noTestAndNoStepOfTheBuildDependsOnSpeed() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : sources()) {
            found.addAll(limits(file.toString(), Files.readString(file)));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void seesWhatItForbids() {
        assertThat(limits("A", "\n await().atMost(Duration.ofSeconds(5)).until(() -> done);"))
                .containsExactly("A:2: .atMost(Duration");
        assertThat(limits("A", "if (!latch.await(60, TimeUnit.SECONDS)) {")).hasSize(1);
        assertThat(limits("A", "thread.join(5_000);")).hasSize(1);
        assertThat(limits("A", "@Timeout(30)")).hasSize(1);
        assertThat(limits("A", "assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(LIMIT);"))
                .hasSize(1);
    }

    private static List<String> limits(String name, String source) {
        List<String> found = new ArrayList<>();
        for (Pattern pattern : PATTERNS) {
            for (Matcher matcher = pattern.matcher(source); matcher.find(); ) {
                long line = 1
                        + source.substring(0, matcher.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                found.add("%s:%d: %s".formatted(name, line, matcher.group()));
            }
        }
        return found;
    }

    private static List<Path> sources() throws IOException {
        List<Path> roots = new ArrayList<>(List.of(Path.of("src", "packaging"), Path.of("src", "test")));
        roots.add(Path.of("..", "core", "src", "test"));
        roots.add(Path.of("..", "kubernetes", "src", "test"));
        roots.add(Path.of("..", "testing", "src"));
        roots.add(Path.of("..", "docs", "example-provider", "src", "test"));
        try (Stream<Path> providers = Files.list(Path.of("..", "providers"))) {
            providers.map(provider -> provider.resolve("src").resolve("test")).forEach(roots::add);
        }
        return roots.stream()
                .filter(Files::isDirectory)
                .flatMap(LimitsTest::javaFiles)
                .toList();
    }

    private static Stream<Path> javaFiles(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files
                    .filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("LimitsTest.java") && !file.endsWith("Waiting.java"))
                    .toList()
                    .stream();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
