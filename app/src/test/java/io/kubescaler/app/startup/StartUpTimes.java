package io.kubescaler.app.startup;

import io.kubescaler.app.ScalerProcess;
import io.kubescaler.testing.cluster.CloudPool;
import io.kubescaler.testing.cluster.ControlPlane;
import io.kubescaler.testing.cluster.DigitalOceanStandIn;
import io.kubescaler.testing.cluster.KubeletStandIn;
import io.kubescaler.testing.cluster.PoolSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Measures the time from the start of the process to the first decision of {@code run}, on a cluster of 20 nodes: a real
 * API server, and a cloud that answers as DigitalOcean does. Starts the jar as the launcher does, with and without the
 * class archive, with and without leader election, in turns. Time is taken outside the program, from before the process is
 * made until the line comes that tells of the decision.
 *
 * <p>{@code -Druns} says how often. The one argument is the archive, which must fit the Java that runs this.
 */
public final class StartUpTimes {
    private static final int NODES = 20;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Path JAR = Path.of("target", "kubescaler.jar").toAbsolutePath();

    private final Path archive;
    private final Map<String, String> environment;

    /** How the program is started. */
    private enum Way {
        PLAIN(false, false),
        PLAIN_ELECTED(false, true),
        ARCHIVE(true, false),
        ARCHIVE_ELECTED(true, true);

        private final boolean archived;
        private final boolean elected;

        Way(boolean archived, boolean elected) {
            this.archived = archived;
            this.elected = elected;
        }

        @Override
        public String toString() {
            return "%s the archive, %s election".formatted(archived ? "with" : "without", elected ? "with" : "without");
        }
    }

    private StartUpTimes(Path archive, Map<String, String> environment) {
        this.archive = archive;
        this.environment = environment;
    }

    /** Measures and prints a table. */
    @SuppressWarnings("try") // the kubelets work by being there
    public static void main(String[] arguments) throws IOException, InterruptedException {
        // the JDK's HTTP server, which answers as the cloud, would hold back each answer for 40 ms
        System.setProperty("sun.net.httpserver.nodelay", "true");
        Map<String, String> label = Map.of("role", "scalable");
        try (ControlPlane controlPlane = ControlPlane.start();
                KubeletStandIn kubelets = KubeletStandIn.of(controlPlane);
                DigitalOceanStandIn cloud = DigitalOceanStandIn.inFrontOf(
                        controlPlane, Map.of("app", "server"), PoolSpec.of("servers", NODES, label))) {
            cloud.burstLimit(Integer.MAX_VALUE, MINUTE);
            cloud.hourlyLimit(Integer.MAX_VALUE, MINUTE);
            CloudPool pool = cloud.pool("servers");
            Map<String, String> environment =
                    new HashMap<>(ScalerProcess.environment(controlPlane, cloud, pool, "role=scalable"));
            environment.put("MINIMUM_NODE_POOL_SIZE", Integer.toString(NODES));
            environment.put("MAXIMUM_NODE_POOL_SIZE", Integer.toString(2 * NODES));
            environment.put("SCALE_LOOP_TICK_SEC", "10");
            environment.put("HTTP_HOST", "127.0.0.1");
            environment.put("HTTP_PORT", "0");
            new StartUpTimes(Path.of(arguments[0]), environment).measure(Integer.getInteger("runs", 10));
        }
    }

    private void measure(int runs) throws IOException, InterruptedException {
        Map<Way, List<Long>> times = new EnumMap<>(Way.class);
        for (int run = 0; run <= runs; run++) {
            for (Way way : Way.values()) {
                long millis = millisToDecision(way);
                // the first of each only fills the system's caches
                if (run > 0) {
                    times.computeIfAbsent(way, any -> new ArrayList<>()).add(millis);
                }
            }
        }
        System.out.printf("Java %s, %d nodes, %d runs each%n", Runtime.version(), NODES, runs);
        times.forEach((way, all) -> {
            all.sort(null);
            System.out.printf(
                    "%s: median %d ms, least %d, most %d%n",
                    way, all.get(all.size() / 2), all.get(0), all.get(all.size() - 1));
        });
    }

    private long millisToDecision(Way way) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command(way)).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        if (way.elected) {
            // as for the first start: nobody holds it
            builder.environment().putAll(ScalerProcess.election("kubescaler-" + UUID.randomUUID()));
        }
        long started = System.nanoTime();
        Process process = builder.start();
        try (BufferedReader output = process.inputReader()) {
            List<String> said = new ArrayList<>();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.contains("first decision")) {
                    return Duration.ofNanos(System.nanoTime() - started).toMillis();
                }
                said.add(line);
            }
            throw new IllegalStateException("it ended without a decision: " + String.join("\n", said));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    private List<String> command(Way way) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dguice_custom_class_loading=CHILD",
                "-Djdk.reflect.useNativeAccessorOnly=true"));
        if (way.archived) {
            command.add((archive.toString().endsWith(".aot") ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive);
        }
        command.addAll(List.of("-jar", JAR.toString(), "run"));
        return command;
    }
}
