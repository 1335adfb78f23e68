package io.kubescaler.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fuzzes targets with Jazzer, one after the other, each in a process of its own. Arguments: {@code CLASS=SEEDS}, the
 * seeds being a folder below {@code src/test/fuzz}, or {@code CLASS=SEEDS=network} for one that needs connections; the property {@code seconds} says for how long each. What breaks a
 * target is left in {@code target/fuzz}, beside the log and the corpus. Exit status 1 when anything does.
 */
public final class FuzzRun {
    private static final Pattern EXECUTIONS = Pattern.compile("stat::number_of_executed_units:\\s*(\\d+)");

    private FuzzRun() {}

    /** Runs all targets. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int seconds = Integer.getInteger("seconds", 60);
        int findings = 0;
        long executions = 0;
        for (String argument : arguments) {
            String[] parts = argument.split("=", 3);
            Path folder = Path.of("target", "fuzz", parts[1]);
            int status = fuzz(parts[0], Path.of("src", "test", "fuzz", parts[1]), folder, seconds, parts.length > 2);
            long executed = executions(folder);
            executions += executed;
            findings += status == 0 ? 0 : 1;
            System.out.printf("%s executions=%d %s%n", parts[1], executed, status == 0 ? "ok" : "BROKE, see " + folder);
        }
        System.out.printf("targets=%d executions=%d findings=%d%n", arguments.length, executions, findings);
        System.exit(findings == 0 ? 0 : 1);
    }

    private static int fuzz(String target, Path seeds, Path folder, int seconds, boolean network)
            throws IOException, InterruptedException {
        Path corpus = Files.createDirectories(folder.resolve("corpus"));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx768m",
                "-cp",
                System.getProperty("java.class.path"),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + target,
                "--instrumentation_includes=io.kubescaler.**",
                "--custom_hook_includes=io.kubescaler.**",
                "--reproducer_path=" + folder,
                corpus.toString(),
                seeds.toString(),
                "-max_total_time=" + seconds,
                "-timeout=" + Patience.SECONDS,
                "-max_len=8192",
                "-artifact_prefix=" + folder + "/",
                "-print_final_stats=1"));
        if (network) {
            command.add("--disabled_hooks=com.code_intelligence.jazzer.sanitizers.ServerSideRequestForgery");
        }
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log(folder).toFile())
                .start();
        try {
            return process.waitFor(seconds + Patience.SECONDS, TimeUnit.SECONDS) ? process.exitValue() : 1;
        } finally {
            process.destroyForcibly();
        }
    }

    private static Path log(Path folder) {
        return folder.resolve("log.txt");
    }

    private static long executions(Path folder) throws IOException {
        Matcher matcher = EXECUTIONS.matcher(Files.readString(log(folder)));
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }
}
