package io.kubescaler.kubernetes.lease;

import static io.kubescaler.testing.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.kubernetes.lease.LeaseReplica.Act;
import io.kubescaler.testing.cluster.ControlPlane;
import io.kubescaler.testing.cluster.WithControlPlane;
import io.kubescaler.testing.process.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two replicas, each a process of its own, on one Lease of a real API server: however the leader ends, the other takes
 * over, and never before the leader's last write must have ended.
 */
@WithControlPlane
class LeaseLeadershipIT {
    private static final LeaseTiming TIMING = LeaseReplica.TIMING;

    @TempDir
    Path folder;

    private final ControlPlane controlPlane;
    private String namespace;
    private CuttableProxy proxy;
    private Replica first;
    private Replica second;

    LeaseLeadershipIT(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
    }

    /** A replica in a process of its own. */
    private final class Replica {
        final ChildProcess process;
        final Path acts;

        Replica(String identity, String url) {
            acts = folder.resolve(identity + ".acts");
            process = ChildProcess.start(
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:+UseSerialGC",
                            "-Xmx64m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            LeaseReplica.class.getName(),
                            url,
                            controlPlane.kubeconfig().toString(),
                            namespace,
                            identity,
                            acts.toString()),
                    Map.of(),
                    Path.of("target", "lease-replica-" + identity + ".log"));
        }

        List<Act> acts() {
            try {
                return Files.exists(acts)
                        ? Files.readAllLines(acts).stream().map(Act::parse).toList()
                        : List.of();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        boolean actsAfter(long moment) {
            List<Act> all = acts();
            return !all.isEmpty() && all.get(all.size() - 1).at() > moment;
        }

        long firstActAfter(long moment) {
            return acts().stream()
                    .mapToLong(Act::at)
                    .filter(at -> at > moment)
                    .findFirst()
                    .orElseThrow();
        }

        long lastActBefore(long moment) {
            return acts().stream()
                    .mapToLong(Act::at)
                    .filter(at -> at < moment)
                    .max()
                    .orElseThrow();
        }
    }

    @BeforeEach
    void startReplicas() throws IOException {
        namespace = controlPlane.newNamespace();
        URI server = URI.create(controlPlane.url());
        proxy = new CuttableProxy(new InetSocketAddress(server.getHost(), server.getPort()));
        first = new Replica("first", "https://127.0.0.1:" + proxy.port());
        await().until(() -> first.actsAfter(Long.MIN_VALUE));
        second = new Replica("second", controlPlane.url());
        await().until(() -> second.process.output().contains("STANDBY"));
        assertThat(second.acts()).isEmpty();
    }

    @AfterEach
    void endReplicas() {
        first.process.close();
        if (second != null) {
            second.process.close();
        }
        proxy.close();
    }

    @Test
    void handsOverWhenTheLeaderIsKilled() {
        long killed = System.nanoTime();
        first.process.kill();

        assertHandover(killed);
    }

    @Test
    void handsOverWhenTheLeaderIsFrozenAndHasItStandByWhenItGoesOn() {
        first.process.signal("STOP");
        long frozen = System.nanoTime();

        assertHandover(frozen);

        first.process.signal("CONT");
        assertStandsBy(frozen);
    }

    @Test
    void handsOverWhenTheLeadersConnectionIsCutAndHasItStandByWhenItIsMended() {
        proxy.cut();
        long cut = System.nanoTime();

        assertHandover(cut);
        // the leader heard of nothing, and stopped by itself
        assertThat(first.process.alive()).isTrue();

        proxy.heal();
        assertStandsBy(second.firstActAfter(cut));
    }

    @Test
    void handsOverAtTheNextLookWhenTheLeaderEnds() {
        first.process.signal("TERM");
        assertThat(first.process.awaitExit()).hasValue(143);
        long ended = System.nanoTime();

        await().until(() -> second.actsAfter(ended));
        assertThat(second.firstActAfter(0)).isGreaterThan(first.lastActBefore(Long.MAX_VALUE));
    }

    private void assertHandover(long ended) {
        await().pollInterval(Duration.ofMillis(50)).until(() -> second.actsAfter(ended));
        long takenOver = second.firstActAfter(ended);
        assertThat(Duration.ofNanos(takenOver - first.lastActBefore(takenOver)))
                .as("time between the leader's last act and the other's first")
                .isGreaterThanOrEqualTo(TIMING.longestWrite());
    }

    /** The first replica, which hears of the cluster again, does not act while the second leads. */
    private void assertStandsBy(long since) {
        await().until(() -> first.process.output().lines().anyMatch(line -> line.contains("is held by second")));
        long seen = System.nanoTime();
        await().until(() -> second.actsAfter(seen + TIMING.retryPeriod().toNanos()));
        assertThat(first.acts()).allSatisfy(act -> assertThat(act.at()).isLessThan(second.firstActAfter(since)));
        assertThat(second.acts()).extracting(Act::number).isSorted().doesNotHaveDuplicates();
    }
}
