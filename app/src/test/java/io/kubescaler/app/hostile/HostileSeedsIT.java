package io.kubescaler.app.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The production controller against every fault that we can name, for a fixed set of seeds; {@code -Dseeds=N} for more. */
final class HostileSeedsIT {
    private static final long SEEDS = Long.getLong("seeds", 1500);

    @Test
    void violatesNoInvariant() throws InterruptedException {
        Seeds.Total total = new Seeds(System.out).run(1, SEEDS);

        assertThat(total.violations()).isZero();
        // histories in which nothing happens would prove nothing
        assertThat(total.acts().deletions()).isGreaterThan(SEEDS);
        assertThat(total.acts().grows()).isGreaterThan(SEEDS);
        assertThat(total.ticks()).isGreaterThan(100 * SEEDS);
    }

    @Test
    void isTheSameHistoryInAnotherProcess() throws IOException, InterruptedException {
        ByteArrayOutputStream here = new ByteArrayOutputStream();
        Seeds.Total total = new Seeds(new PrintStream(here, true, StandardCharsets.UTF_8)).run(1, 20);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Dseeds=20",
                        Seeds.class.getName())
                .redirectErrorStream(true)
                .start();
        List<String> there = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();

        assertThat(process.waitFor()).as(() -> String.join("\n", there)).isZero();
        assertThat(there).endsWith("digest of all histories: " + total.digest(), total.toString());
    }
}
