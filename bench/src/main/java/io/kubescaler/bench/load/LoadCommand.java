package io.kubescaler.bench.load;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.kubescaler.bench.PoolShape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code load}: measures the shipped program from outside. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = "Runs app/target/kubescaler.jar between a cluster and a cloud of any size, and measures it.",
        sortOptions = false)
public final class LoadCommand implements Callable<Integer> {
    @Option(names = "--nodes", defaultValue = "1000", description = "nodes of the pool (default ${DEFAULT-VALUE})")
    private int nodes;

    @Option(names = "--pods-per-node", defaultValue = "30", description = "pods of a node (default ${DEFAULT-VALUE})")
    private int podsPerNode;

    @Option(names = "--real", description = "a real kube-apiserver in place of the fake one")
    private boolean real;

    @Option(
            names = "--rest",
            defaultValue = "300",
            description = "seconds for which requests are counted at rest (default ${DEFAULT-VALUE})")
    private int rest;

    @Option(
            names = "--samples",
            defaultValue = "100",
            description = "shortages to make, at rest and again under changes (default ${DEFAULT-VALUE})")
    private int samples;

    @Option(
            names = "--changes",
            defaultValue = "1000",
            description = "pods that change in a second; 0 for none (default ${DEFAULT-VALUE})")
    private int changes;

    @Option(names = "--java", description = "home of the Java that runs the program (default: the one that runs this)")
    private Path java = Path.of(System.getProperty("java.home"));

    @Option(
            names = "--jvm",
            defaultValue = "-XX:+UseSerialGC -Xmx96m",
            description = "flags of that Java, quoted together (default: ${DEFAULT-VALUE})")
    private String jvm = "";

    @Option(names = "--env", description = "an environment variable of the program, NAME=VALUE; may be repeated")
    private Map<String, String> environment = new LinkedHashMap<>();

    @Option(
            names = "--jar",
            defaultValue = "../app/target/kubescaler.jar",
            description = "the program (default ${DEFAULT-VALUE})")
    private Path jar = Path.of("");

    @Option(names = "--json", description = "a file that the figures are written to as JSON, too")
    private Optional<Path> json = Optional.empty();

    @Override
    public Integer call() throws IOException, InterruptedException {
        // the JDK's server would else wait for acknowledgements within an event
        System.setProperty("sun.net.httpserver.nodelay", "true");
        PoolShape shape = new PoolShape(nodes, podsPerNode);
        List<String> flags = Arrays.stream(jvm.split(" ", -1))
                .filter(flag -> !flag.isEmpty())
                .toList();
        LoadRun.Plan plan = new LoadRun.Plan(
                new Scaler.Java(java, flags),
                jar.toAbsolutePath(),
                environment,
                Duration.ofSeconds(rest),
                samples,
                real ? 0 : changes,
                Path.of("target", "load.log"));
        try (ClusterUnderLoad cluster = real ? new RealCluster(shape) : new FakeCluster(shape)) {
            LoadResult result = new LoadRun(plan, shape, cluster).run(setting(cluster));
            System.out.println(new LoadTable(result));
            if (json.isPresent()) {
                write(result, json.get());
            }
        }
        return 0;
    }

    private LoadResult.Setting setting(ClusterUnderLoad cluster) throws IOException, InterruptedException {
        String environmentText = environment.isEmpty() ? "" : environment + " ";
        return new LoadResult.Setting(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                machine(),
                firstLine(java.resolve("bin").resolve("java").toString(), "--version"),
                environmentText + jvm,
                cluster.description(),
                nodes,
                cluster.pods(),
                firstLine("git", "rev-parse", "--short", "HEAD"));
    }

    private static String machine() throws IOException {
        String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(line -> line.startsWith("model name"))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .orElse("unknown CPU");
        return "%d x %s".formatted(Runtime.getRuntime().availableProcessors(), model);
    }

    private static String firstLine(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? output.lines().findFirst().orElse("") : "unknown";
    }

    private static void write(LoadResult result, Path file) throws IOException {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentArraysWith(DefaultIndenter.SYSTEM_LINEFEED_INSTANCE);
        Files.writeString(
                file,
                new ObjectMapper()
                                .registerModule(new Jdk8Module())
                                .writer(printer)
                                .writeValueAsString(result) + "\n");
    }
}
