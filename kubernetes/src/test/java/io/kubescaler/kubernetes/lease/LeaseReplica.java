package io.kubescaler.kubernetes.lease;

import io.kubescaler.kubernetes.client.ClientFactory;
import io.kubescaler.kubernetes.client.ConnectionException;
import io.kubescaler.kubernetes.client.KubernetesSettings;
import io.kubescaler.testing.Patience;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The main program of a replica that does nothing but act while it may: each act is a line of its own file, numbered and
 * with the moment of the check on the machine's monotonic clock, which all processes share. Ends on SIGTERM, last of all
 * giving back the lease.
 */
final class LeaseReplica {
    static final LeaseTiming TIMING =
            new LeaseTiming(Duration.ofSeconds(6), Duration.ofSeconds(5), Duration.ofMillis(1500));

    private static final long BETWEEN_ACTS_MILLIS = 5;

    private LeaseReplica() {}

    /**
     * One act.
     *
     * @param at when it was checked that the replica may, in nanoseconds of {@link System#nanoTime}
     * @param number counts the acts of a replica from 0
     */
    record Act(long at, long number) {
        static Act parse(String line) {
            String[] parts = line.split(" ", -1);
            return new Act(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
        }
    }

    /** Arguments: URL of the API server, kubeconfig, namespace, identity, file of the acts. */
    public static void main(String[] arguments) throws ConnectionException, IOException, InterruptedException {
        ClientFactory factory = new ClientFactory(
                new KubernetesSettings(Optional.of(arguments[0]), Optional.of(Path.of(arguments[1])), Optional.empty()),
                Map.of(),
                Optional.empty(),
                Path.of("none"));
        LeaseLeadership leadership = new LeaseLeadership(
                factory.createForLease(TIMING.requestTimeout()),
                arguments[2],
                "kubescaler",
                arguments[3],
                TIMING,
                List.of("games"),
                List.of((before, after) -> System.out.println(after.role() + ": " + after.message())));
        CountDownLatch terminated = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            terminated.countDown();
            try {
                ended.await(Patience.SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }));
        leadership.start();
        try (Writer acts = Files.newBufferedWriter(
                Path.of(arguments[4]), StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (long number = 0; !terminated.await(BETWEEN_ACTS_MILLIS, TimeUnit.MILLISECONDS); ) {
                long checkedAt = System.nanoTime();
                if (leadership.mayAct()) {
                    acts.write(checkedAt + " " + number + "\n");
                    acts.flush();
                    number++;
                }
            }
        } finally {
            leadership.close();
            ended.countDown();
        }
    }
}
