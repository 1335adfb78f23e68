package io.kubescaler.app.cli;

import io.kubescaler.kubernetes.client.InCluster;
import io.kubescaler.kubernetes.client.InCluster.ServiceAccount;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the program gets from whoever started it. Immutable; the writers are for one thread at a time.
 *
 * @param environment the environment variables
 * @param inCluster the cluster that the process runs in; empty outside of one
 * @param out where results go
 * @param err where everything else goes
 * @param clock the time
 * @param stopSignal begins to listen for being asked to stop; asked by a command that runs without end
 */
public record Surroundings(
        Map<String, String> environment,
        Optional<InCluster> inCluster,
        PrintWriter out,
        PrintWriter err,
        Clock clock,
        Supplier<StopSignal> stopSignal) {
    public Surroundings {
        environment = Map.copyOf(environment);
    }

    /** Makes surroundings without a mounted service account, in which a command stops when the process is asked to end. */
    public Surroundings(Map<String, String> environment, PrintWriter out, PrintWriter err, Clock clock) {
        this(environment, InCluster.of(environment, Optional.empty()), out, err, clock, ProcessStopSignal::begin);
    }

    /** Returns those of this process. */
    public static Surroundings ofProcess() {
        Map<String, String> environment = System.getenv();
        return new Surroundings(
                environment,
                InCluster.of(environment, ServiceAccount.mounted(InCluster.SERVICE_ACCOUNT_FOLDER)),
                writer(System.out),
                writer(System.err),
                Clock.systemUTC(),
                ProcessStopSignal::begin);
    }

    // UTF-8 as JSON has it, whatever the locale
    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }
}
