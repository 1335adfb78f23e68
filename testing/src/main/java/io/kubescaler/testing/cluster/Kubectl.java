package io.kubescaler.testing.cluster;

import io.kubescaler.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The real kubectl, as one user. Thread-safe.
 *
 * @param binary where it is
 * @param kubeconfig the kubeconfig that it uses
 */
public record Kubectl(Path binary, Path kubeconfig) {
    /**
     * What a command came to.
     *
     * @param status its exit status
     * @param output its standard output
     * @param errors its standard error
     */
    public record Result(int status, String output, String errors) {}

    /**
     * Runs a command that must succeed.
     *
     * @return its standard output
     * @throws AssertionError when it fails
     */
    public String run(String... arguments) {
        Result result = tryToRun(arguments);
        if (result.status() != 0) {
            throw new AssertionError("kubectl %s ended with %d: %s"
                    .formatted(String.join(" ", arguments), result.status(), result.errors()));
        }
        return result.output();
    }

    /** Runs a command, for at most a minute. */
    public Result tryToRun(String... arguments) {
        List<String> command = new ArrayList<>(List.of(binary.toString(), "--kubeconfig=" + kubeconfig));
        command.addAll(Arrays.asList(arguments));
        try {
            Path errors = Files.createTempFile("kubectl", ".err");
            try {
                return run(new ProcessBuilder(command).redirectError(errors.toFile()), errors);
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Result run(ProcessBuilder builder, Path errors) throws IOException {
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("still running after a minute: " + builder.command());
            }
            return new Result(process.exitValue(), output, Files.readString(errors));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
