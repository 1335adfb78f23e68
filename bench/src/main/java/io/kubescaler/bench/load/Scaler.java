package io.kubescaler.bench.load;

import io.kubescaler.testing.process.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The program as it is shipped, as a child process. For one thread. */
final class Scaler implements AutoCloseable {
    private static final Duration SYNC = Duration.ofMinutes(10);
    private static final Duration STEP = Duration.ofMillis(50);

    private final HttpClient http = HttpClient.newHttpClient();
    private final Java java;
    private final int port;
    private final ChildProcess process;

    /**
     * The Java that runs it.
     *
     * @param home where it is
     * @param flags its flags, beside those that every run has
     */
    record Java(Path home, List<String> flags) {
        Java {
            flags = List.copyOf(flags);
        }

        Path tool(String name) {
            return home.resolve("bin").resolve(name);
        }
    }

    /** Starts it, with these environment variables and a port for its HTTP server. */
    Scaler(Java java, Path jar, Map<String, String> environment, Path log) {
        this.java = java;
        port = freePort();
        List<String> command = new ArrayList<>(List.of(java.tool("java").toString()));
        command.addAll(java.flags());
        command.addAll(List.of("-Dguice_custom_class_loading=CHILD", "-jar", jar.toString(), "run"));
        Map<String, String> all = new HashMap<>(environment);
        all.put("HTTP_PORT", Integer.toString(port));
        all.put("PATH", System.getenv("PATH"));
        process = ChildProcess.start(command, all, log);
    }

    /** Waits until it is ready: synced, the cloud readable, the lease known. */
    void awaitReady() throws InterruptedException {
        long end = System.nanoTime() + SYNC.toNanos();
        while (!isReady()) {
            if (System.nanoTime() - end > 0 || !process.alive()) {
                throw new IllegalStateException("the scaler did not become ready:\n" + process.output());
            }
            TimeUnit.MILLISECONDS.sleep(STEP.toMillis());
        }
    }

    private boolean isReady() throws InterruptedException {
        try {
            HttpRequest request = request("/readyz");
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Returns what Linux says of it. */
    ProcessFigures figures() {
        return ProcessFigures.of(process.pid());
    }

    /** Returns the sum of a metric of its own over all labels, of those lines that hold a text; 0 when there is none. */
    double metric(String name, String label) throws InterruptedException {
        try {
            return http.send(request("/metrics"), BodyHandlers.ofString())
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                    .filter(line -> line.contains(label))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the bytes of heap in use. */
    long heapUsed() throws InterruptedException {
        return (long) metric("jvm_memory_used_bytes", "area=\"heap\"");
    }

    /** Has it collect all garbage, through {@code jcmd}. */
    void collectGarbage() throws InterruptedException {
        try {
            Process jcmd = new ProcessBuilder(java.tool("jcmd").toString(), Long.toString(process.pid()), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (jcmd.waitFor() != 0) {
                throw new IllegalStateException("jcmd ended with " + jcmd.exitValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.signal("TERM");
        if (process.awaitExit().isEmpty()) {
            process.kill();
        }
        process.close();
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)))
                .timeout(Duration.ofSeconds(10))
                .build();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
