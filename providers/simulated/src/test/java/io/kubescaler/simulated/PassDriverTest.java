package io.kubescaler.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.Leadership;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.control.PoolController;
import io.kubescaler.control.PoolController.Ports;
import io.kubescaler.control.PoolController.Timing;
import io.kubescaler.control.PoolJournal;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import io.kubescaler.plan.Action;
import io.kubescaler.testing.PolicyBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The production controller on virtual time. */
class PassDriverTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final LabelSelector SERVER = LabelSelector.parse("app=game");
    private static final LabelSelector SELECTOR = LabelSelector.parse("role=scalable");
    private static final Resources SLOT = Resources.cpu(1000).with(Resources.PODS, 1);
    private static final Resources NODE = Resources.cpu(4000).with(Resources.PODS, 110);
    private static final CloudSettings SETTINGS = CloudSettings.of("games", 2, NODE, Map.of("role", "scalable"))
            .withTimes(DurationRange.parse("1m..4m"), DurationRange.parse("20s"));

    @Test
    void passesAtOnceThenOnEveryTickAndSoonAfterAnEvent() {
        World world = new World(SETTINGS, policy(0, 2, 10), 1);
        world.simulation.clock().advance(Duration.ofSeconds(25));
        world.simulation.cluster().setLabel("games-000001", "zone", "1");
        world.simulation.clock().advance(Duration.ofSeconds(20));

        assertThat(world.passes)
                .extracting(pass -> Duration.between(START, pass.plan().now()))
                .containsExactly(
                        Duration.ZERO,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(20),
                        Duration.ofMillis(25_020),
                        Duration.ofMillis(35_020));
    }

    @Test
    void growsForABurstAndShrinksToTheMinimumAfterwards() {
        World world = new World(SETTINGS, policy(4, 2, 50), 1);
        for (int i = 0; i < 30; i++) {
            world.serve("s" + i, Duration.ofMinutes(20));
        }
        world.simulation.clock().advance(Duration.ofMinutes(10));
        assertThat(world.simulation.cloud().size())
                .as("34 slots of 4 a node are 9 nodes, bought once")
                .isEqualTo(9);
        assertThat(world.simulation.cluster().unplacedCount()).isZero();

        world.simulation.clock().advance(Duration.ofMinutes(30));
        assertThat(world.simulation.cluster().nodeCount()).isEqualTo(2);
        assertThat(world.simulation.cloud().machineCount()).isEqualTo(2);
        assertThat(world.simulation.cluster().killedServers()).isEmpty();
        assertThat(world.actions()).noneMatch(line -> line.contains(Result.FAILED.name()));
    }

    @Test
    void replacesMachinesThatNeverCome() {
        World world = new World(SETTINGS.withShares(0.25, 0.25), policy(4, 2, 50), 3);
        for (int i = 0; i < 20; i++) {
            world.serve("s" + i, Duration.ofHours(10));
        }
        world.simulation.clock().advance(Duration.ofHours(6));

        assertThat(world.simulation.cluster().unplacedCount()).isZero();
        assertThat(world.simulation.cluster().nodeCount()).isEqualTo(6);
        assertThat(world.simulation.cluster().killedServers()).isEmpty();
        assertThat(world.actions()).anyMatch(line -> line.contains("delete") && line.contains("DONE"));
    }

    /** A simulation with a controller at work on it. */
    private static final class World {
        private final Simulation simulation;
        private final List<PassRecord> passes = new ArrayList<>();

        World(CloudSettings settings, PoolPolicy policy, long seed) {
            SimulationClock clock = SimulationClock.virtual(START);
            simulation = Simulation.open(
                    clock,
                    new Randomness(seed),
                    settings,
                    PodSelectors.ofServers(SERVER),
                    List.of(),
                    Duration.ofSeconds(5));
            PoolController controller = new PoolController(
                    policy,
                    new Ports(
                            simulation.cluster().forPool(SELECTOR, SERVER),
                            simulation.provider(),
                            Leadership.ALWAYS,
                            PoolJournal.inMemory()),
                    new Timing(clock.asClock(), clock::nanos, Duration.ofSeconds(10)),
                    false);
            PassDriver driver = new PassDriver(clock, controller, Duration.ofSeconds(10), List.of(passes::add));
            simulation.cluster().listen(driver);
            driver.start();
        }

        void serve(String name, Duration life) {
            simulation.cluster().createPod(PodSpec.server(name, SERVER.requiredLabels(), SLOT));
            simulation.clock().after(life, () -> simulation.cluster().deletePod("default/" + name, Duration.ZERO));
        }

        List<String> actions() {
            return passes.stream()
                    .flatMap(pass -> pass.outcomes().stream()
                            .map(outcome -> "%s %s %s %s"
                                    .formatted(
                                            pass.plan().now(),
                                            type(outcome.action()),
                                            outcome,
                                            pass.plan().size())))
                    .toList();
        }

        private static String type(Action action) {
            return action.type();
        }
    }

    private static PoolPolicy policy(int buffer, int minimum, int maximum) {
        return new PolicyBuilder()
                .selector(SELECTOR.toString())
                .serverSelector(SERVER)
                .slotSize(SLOT)
                .numbers(buffer, minimum, maximum)
                .startupTaints(Set.of())
                .build();
    }
}
