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
        Files.createDirectories(checkout.resolve("app/target"));
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

    @Test
    void buildsAnewWhenASourceOfAnyModuleInTheJarIsNewer() throws IOException {
        for (String module : modulesInTheJar()) {
            Path source = checkout.resolve(module).resolve("src/main/java/Newer.java");
            Files.createDirectories(source.getParent());
            Files.writeString(source, "");
            Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
            assertThat(builds()).as("with an older source in " + module).isFalse();
            Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(120)));
            assertThat(builds()).as("with a newer source in " + module).isTrue();
            Files.delete(source);
            Files.copy(TARGET.resolve("kubescaler.jar"), jar);
        }
    }

    private static List<String> modulesInTheJar() throws IOException {
        List<String> modules = Files.readAllLines(Path.of("..", "pom.xml")).stream()
                .map(String::strip)
                .filter(line -> line.startsWith("<module>"))
                .map(line -> line.substring("<module>".length(), line.indexOf("</")))
                .filter(module -> !module.equals("testing") && !module.equals("bench"))
                .toList();
        assertThat(modules).contains("core", "kubernetes", "providers", "app");
        return modules;
    }

    /** Whether the launcher wants to build; a Maven in the place of the real one says so, and fails. */
    private boolean builds() throws IOException {
        Path tools = Files.createDirectories(checkout.resolve(".tools"));
        Path maven = tools.resolve("mvn");
        Files.writeString(maven, "#!/bin/sh\necho 'asked to build'\nexit 1\n");
        assertThat(maven.toFile().setExecutable(true)).isTrue();
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", tools + ":" + System.getenv("PATH"));
        environment.put("JAVA_HOME", HOME.toString());
        try (ChildProcess launcher = ChildProcess.start(
                List.of(checkout.resolve("kubescaler").toString(), "version"),
                environment,
                checkout.resolve("output"))) {
            int status = launcher.awaitExit().orElseThrow();
            boolean built = launcher.output().contains("asked to build");
            assertThat(status).isEqualTo(built ? 1 : 0);
            return built;
        }
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
