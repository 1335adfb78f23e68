package io.kubescaler.testing.process;

import io.kubescaler.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A program run beside the tests, with its output in a file, that cannot outlive this JVM. Thread-safe.
 *
 * <p>Signals go to its own pid alone.
 */
public final class ChildProcess implements AutoCloseable {
    private final Process process;
    private final Path log;
    private final Leash leash;

    private ChildProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
        this.leash = Leash.on(process.pid());
    }

    /**
     * Starts a program.
     *
     * @param command the program and its arguments
     * @param environment all of its environment variables
     * @param log the file that takes both of its outputs; emptied first
     */
    public static ChildProcess start(List<String> command, Map<String, String> environment, Path log) {
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(log.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            return new ChildProcess(builder.start(), log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns its pid. */
    public long pid() {
        return process.pid();
    }

    /** Returns whether it runs. */
    public boolean alive() {
        return process.isAlive();
    }

    /** Returns what it has written so far. */
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a signal, such as {@code TERM}, {@code STOP} or {@code CONT}. */
    public void signal(String name) {
        try {
            Process kill = new ProcessBuilder("/bin/sh", "-c", "kill -%s %d".formatted(name, process.pid()))
                    .redirectErrorStream(true)
                    .start();
            String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (kill.waitFor() != 0) {
                throw new IllegalStateException("no %s for %d: %s".formatted(name, process.pid(), said));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Ends it at once, as a power cut would, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitExit();
    }

    /**
     * Waits for its end.
     *
     * @return its exit status; empty when it does not end
     */
    public OptionalInt awaitExit() {
        try {
            return process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)
                    ? OptionalInt.of(process.exitValue())
                    : OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    /** Ends it at once if it still runs. */
    @Override
    public void close() {
        kill();
        leash.close();
    }
}
