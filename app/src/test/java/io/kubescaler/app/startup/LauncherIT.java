package io.kubescaler.app.startup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.kubescaler.testing.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher starts the program with the class archive where it fits, and in silence without it where it does not. */
class LauncherIT {
    private static final Path HOME = Path.of(System.getProperty("java.home"));
    private static final String ARCHIVE = Runtime.version().feature() >= 25 ? "kubescaler.aot" : "kubescaler.jsa";
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    @TempDir
    Path checkout;

    private Path jar;
    private Path archive;

    @BeforeEach
    void copyTheCheckout() throws IOException {
        for (String folder : List.of("core", "providers", "app/target")) {
            Files.createDirectories(checkout.resolve(folder));
        }
        Files.writeString(checkout.resolve("pom.xml"), "");
        Files.copy(Path.of("..", "kubescaler"), checkout.resolve("kubescaler"));
        jar = checkout.resolve("app/target/kubescaler.jar");
        archive = jar.resolveSibling(ARCHIVE);
        Files.copy(TARGET.resolve("kubescaler.jar"), jar);
    }

    @Test
    void takesClassesFromTheArchiveOfTheBuild() throws IOException {
        requireArchive();

        assertThat(classesFromArchive(Path.of("..").toRealPath())).isPositive();
    }

    @Test
    void startsWithoutAnArchive() throws IOException {
        assertThat(classesFromArchive(checkout)).isZero();
    }

    @Test
    void startsWithAnArchiveOfAnotherJar() throws IOException {
        requireArchive();
        Files.copy(TARGET.resolve(ARCHIVE), archive);
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(classesFromArchive(checkout)).isZero();
    }

    @Test
    void startsWithHalfAnArchive() throws IOException {
        requireArchive();
        byte[] whole = Files.readAllBytes(TARGET.resolve(ARCHIVE));
        Files.write(archive, Arrays.copyOf(whole, whole.length / 2));

        assertThat(classesFromArchive(checkout)).isZero();
    }

    @Test
    void startsWithAnArchiveThatIsNone() throws IOException {
        Files.writeString(archive, "This is no archive.\n".repeat(10_000));

        assertThat(classesFromArchive(checkout)).isZero();
    }

    /** A build without an archive has warned and goes on; where every integration test is to run, it is wrong. */
    private static void requireArchive() {
        if (Boolean.parseBoolean(System.getenv("KUBESCALER_REQUIRE_ITS"))) {
            assertThat(TARGET.resolve(ARCHIVE)).exists();
        }
        assumeThat(TARGET.resolve(ARCHIVE)).exists();
    }

    /** Runs {@code kubescaler version}, which must print that alone, and returns how many of our classes were archived. */
    private long classesFromArchive(Path root) throws IOException {
        Path loaded = checkout.resolve("loaded");
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", System.getenv("PATH"));
        environment.put("JAVA_HOME", HOME.toString());
        environment.put("KUBESCALER_JAVA_OPTS", "-Xlog:class+load:file=" + loaded);
        try (ChildProcess launcher = ChildProcess.start(
                List.of(root.resolve("kubescaler").toString(), "version"), environment, checkout.resolve("output"))) {
            assertThat(launcher.awaitExit()).hasValue(0);
            assertThat(launcher.output().lines())
                    .satisfiesExactly(
                            first -> assertThat(first).startsWith("kubescaler "),
                            second -> assertThat(second).startsWith("commit "),
                            third -> assertThat(third).startsWith("Java "));
        }
        return Files.readAllLines(loaded).stream()
                .filter(line -> line.contains(" io.kubescaler.") && line.contains("shared objects file"))
                .count();
    }
}
