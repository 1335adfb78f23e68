package io.kubescaler.app.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.app.simulate.Trace.Server;
import io.kubescaler.simulated.DurationRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Traces that are small enough to do by hand. */
final class PolicyRunTest {
    private static Server server(long start, long seconds) {
        return new Server(Duration.ofSeconds(start), Optional.of(Duration.ofSeconds(seconds)));
    }

    private static Outcome run(Trace trace, int slotsPerNode, int buffer, long expirationSeconds) {
        Grid grid = new Grid(
                slotsPerNode,
                DurationRange.constant(Duration.ofSeconds(240)),
                List.of(buffer),
                List.of(Duration.ofSeconds(expirationSeconds)),
                0,
                10,
                Duration.ofMinutes(15),
                Duration.ofSeconds(60),
                1,
                OptionalDouble.empty());
        return PolicyRun.of(trace, grid, grid.cells().get(0), share -> {});
    }

    /**
     * Without a buffer no node stands ready. The first server, at 105 s, has one ordered 20 ms later, the time in which
     * events are gathered; it is Ready 240 s after that, and the server waits for 240.02 s. It ends at 945.02 s. The node
     * is surplus 20 ms later, cordoned on the next tick of 10 s after 60 s, and goes on the next one after 120 s more. The
     * second server at 3,000 s finds nothing and waits as long, until the end of the trace at 3,600 s and beyond.
     */
    @Test
    void everyServerWaitsForItsOwnNodeWithoutABuffer() {
        Outcome outcome = run(new Trace(List.of(server(105, 600), server(3000, 600))), 1, 0, 120);

        assertThat(outcome.waits()).containsExactly(Duration.ofMillis(240_020), Duration.ofMillis(240_020));
        assertThat(outcome.waited()).isEqualTo(2);
        assertThat(outcome.peakNodes()).isEqualTo(1);
        // from the order at 105.02 s to the deletion within 20 s of 1,125.04 s, and from 3,000.02 s to the end at 3,600
        // s
        assertThat(outcome.nodeHours() * 3600).isCloseTo(1020.02 + 599.98 + 10, Offset.offset(10.1));
        assertThat(outcome.nodesOrdered()).isEqualTo(2);
        assertThat(outcome.changes()).isEqualTo(1);
    }

    /**
     * One slot is to stand free and a node has two. The first server takes one slot at once; the other stands free. The
     * second, at 10 s, takes that one, and a second node is ordered at 10.02 s, Ready at 250.02 s. The third, at 100 s,
     * waits for it: 150.02 s. The fourth, at 300 s, has room.
     */
    @Test
    void aServerWaitsOnlyWhereTheBufferIsUsedUp() {
        Trace trace = new Trace(List.of(server(0, 1000), server(10, 1000), server(100, 1000), server(300, 1000)));
        Outcome outcome = run(trace, 2, 1, 600);

        assertThat(outcome.waits())
                .containsExactly(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ofMillis(150_020));
        assertThat(outcome.waitShare()).isEqualTo(0.25);
        assertThat(outcome.waitOf(0.5)).isZero();
        assertThat(outcome.waitOf(1)).isEqualTo(Duration.ofMillis(150_020));
    }

    /** A server without a duration runs to the end, and one that never has room waits until then. */
    @Test
    void whoNeverHasRoomWaitsUntilTheEnd() {
        List<Server> servers = new ArrayList<>();
        servers.add(new Server(Duration.ZERO, Optional.empty()));
        for (int i = 0; i < 10; i++) {
            servers.add(server(60, 540));
        }
        Outcome outcome = run(new Trace(servers), 1, 0, 120);

        assertThat(outcome.waits()).hasSize(11);
        assertThat(outcome.waitOf(1)).as("ten nodes are the most").isEqualTo(Duration.ofSeconds(540));
        assertThat(outcome.peakNodes()).isEqualTo(10);
    }

    @Test
    void isTheSameForTheSameSeed() {
        Trace trace = new Trace(List.of(server(0, 500), server(5, 900), server(700, 50)));

        assertThat(run(trace, 2, 3, 0)).isEqualTo(run(trace, 2, 3, 0));
    }

    /** One server for 2 h, another for 1 h beside it, and none in between: 1 node for 2 h, with 1 slot 2 for the second. */
    @Test
    void knowsTheLeastThatAnybodyCouldDoWith() {
        Trace trace = new Trace(List.of(server(0, 7200), server(3600, 3600)));

        assertThat(trace.lowerBoundNodeHours(1)).isEqualTo(3);
        assertThat(trace.lowerBoundNodeHours(2)).isEqualTo(2);
        assertThat(trace.peak()).isEqualTo(2);
    }
}
