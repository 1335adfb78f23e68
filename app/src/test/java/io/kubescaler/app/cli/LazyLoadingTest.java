package io.kubescaler.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.app.Main;
import io.kubescaler.testing.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What only says something short must not load what only a running scaler needs: that takes a second. */
class LazyLoadingTest {
    private static final List<String> HEAVY =
            List.of(" io.fabric8.", " com.google.inject.", " io.javalin.", " okhttp3.", " io.micrometer.");

    private Process process;

    @AfterEach
    void stop() {
        process.destroyForcibly();
    }

    @ParameterizedTest
    @CsvSource({"version, 0", "chekc, 2", "--help, 0"})
    void loadsNothingHeavyWhenItOnlySaysSomethingShort(String argument, int status) throws Exception {
        String output = run(argument);

        assertThat(process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(status);
        assertThat(output.lines().filter(line -> line.contains("[class,load]")))
                .isNotEmpty()
                .noneMatch(line -> HEAVY.stream().anyMatch(line::contains));
    }

    private String run(String argument) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xlog:class+load:stdout",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Main.class.getName(),
                        argument)
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
