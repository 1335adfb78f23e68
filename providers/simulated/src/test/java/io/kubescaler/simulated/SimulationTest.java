package io.kubescaler.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Instance;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import io.kubescaler.model.PodSelectors;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Resources;
import io.kubescaler.provider.ProviderException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final LabelSelector SERVER = LabelSelector.parse("app=game");
    private static final LabelSelector SELECTOR = LabelSelector.parse("role=scalable");
    private static final Resources NODE = Resources.cpu(4000).with(Resources.PODS, 110);
    private static final Resources ONE_SERVER = Resources.cpu(1000).with(Resources.PODS, 1);
    private static final CloudSettings SETTINGS = CloudSettings.of("games", 2, NODE, Map.of("role", "scalable"));

    @Test
    void startsWithReadyNodesOfTheInitialSize() {
        Simulation simulation = open(SETTINGS, 1);

        assertThat(nodes(simulation)).extracting(Node::name).containsExactly("games-000001", "games-000002");
        assertThat(nodes(simulation)).allMatch(node -> node.readiness().ready());
        assertThat(nodes(simulation))
                .extracting(node -> node.labels().get(SimulatedCloud.INSTANCE_LABEL))
                .containsExactly("machine-000001", "machine-000002");
    }

    @Test
    void bootsAMachineIntoANodeThatIsReadyAMomentLater() throws ProviderException {
        Simulation simulation = open(SETTINGS, 1);
        simulation.provider().grow(3);
        simulation.clock().advance(Duration.ofSeconds(59));
        assertThat(nodes(simulation)).hasSize(2);

        simulation.clock().advance(Duration.ofSeconds(1));
        assertThat(nodes(simulation)).hasSize(3);
        assertThat(nodes(simulation).get(2).readiness().ready()).isFalse();
        simulation.clock().advance(Duration.ofSeconds(5));
        assertThat(nodes(simulation).get(2).readiness().ready()).isTrue();
        assertThat(nodes(simulation).get(2).readiness().changedAt()).contains(START.plusSeconds(65));
    }

    @Test
    void takesTheNodeAndItsServersWhenAMachineGoes() {
        Simulation simulation = open(SETTINGS, 1);
        simulation.cluster().createPod(PodSpec.server("s1", SERVER.requiredLabels(), Resources.cpu(1000)));
        String node =
                simulation.cluster().pod("default/s1").orElseThrow().nodeName().orElseThrow();
        String machine = "machine" + node.substring("games".length());

        simulation.provider().delete(List.of(machine));
        assertThat(simulation.cluster().hasNode(node))
                .as("a deletion takes time")
                .isTrue();
        simulation.clock().advance(Duration.ofSeconds(20));
        assertThat(simulation.cluster().hasNode(node)).isFalse();
        assertThat(simulation.cluster().killedServers()).hasSize(1);
    }

    @Test
    void neverBringsUpAMachineThatWasDeletedWhileItBooted() throws ProviderException {
        Simulation simulation = open(SETTINGS.withTimes(DurationRange.parse("1m"), DurationRange.parse("10m")), 1);
        simulation.provider().grow(3);
        simulation.provider().delete(List.of("machine-000003"));
        simulation.clock().advance(Duration.ofHours(1));

        assertThat(nodes(simulation)).hasSize(2);
        assertThat(simulation.cloud().machineCount()).isEqualTo(2);
    }

    @Test
    void makesTheSharesOfStuckAndFailedMachinesThatWereAskedFor() throws ProviderException {
        Simulation simulation = open(SETTINGS.withShares(0.2, 0.3), 7);
        simulation.provider().grow(2002);
        simulation.clock().advance(Duration.ofDays(1));

        List<Instance> machines = simulation.provider().describe().instances();
        assertThat(count(machines, Instance.State.BOOTING)).isBetween(350L, 450L);
        assertThat(count(machines, Instance.State.FAILED)).isBetween(540L, 660L);
        assertThat(nodes(simulation)).hasSize((int) count(machines, Instance.State.RUNNING));
    }

    @Test
    void limitsTheRateOfRequestsAndSaysHowLongToWait() throws ProviderException {
        Simulation simulation = open(SETTINGS.withLimits(OptionalInt.empty(), OptionalInt.of(2)), 1);
        SimulatedProvider provider = simulation.provider();
        provider.describe();
        simulation.clock().advance(Duration.ofSeconds(20));
        provider.describe();

        assertThat(provider.delete(List.of("machine-000001")).get(0).error())
                .hasValueSatisfying(error -> assertThat(error.waitBeforeNext()).contains(Duration.ofSeconds(40)));
        simulation.clock().advance(Duration.ofSeconds(40));
        assertThat(provider.describe().size()).isEqualTo(2);
    }

    @Test
    void countsTheTimeOfEveryMachineFromItsOrderUntilItIsGone() {
        Simulation simulation = open(SETTINGS, 1);
        simulation.clock().advance(Duration.ofMinutes(30));
        simulation.cloud().removeByOthers("machine-000001");
        simulation.clock().advance(Duration.ofMinutes(30));

        assertThat(simulation.cloud().machineTime())
                .isEqualTo(Duration.ofMinutes(90).plusSeconds(20));
    }

    @Test
    void removesMachinesOfItsOwnChoiceWhenItIsToldASmallerSize() throws CloudError {
        Simulation simulation = open(SETTINGS, 1);
        simulation.cloud().resize(1);

        assertThat(simulation.cloud().machines()).hasSize(1);
    }

    @Test
    void hasTheSameHistoryForTheSameSeedAndAnotherForAnother() {
        assertThat(history(42)).isEqualTo(history(42)).isNotEqualTo(history(43));
    }

    @Test
    void simulatesThirtyDaysWithAThousandServersInSeconds() {
        CloudSettings settings = CloudSettings.of("games", 300, NODE, Map.of("role", "scalable"));
        Simulation simulation = open(settings, 1);
        Churn churn = new Churn(simulation, Duration.ofHours(1));
        churn.start(1000);
        // of this thread alone: other builds on the machine do not count
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        simulation.clock().advance(Duration.ofDays(30));
        Duration took = Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before);

        assertThat(churn.created).as("1000 servers of an hour each for 30 days").isGreaterThan(700_000);
        assertThat(simulation.cluster().unplacedCount()).isZero();
        assertThat(took).as("730,000 servers and 1.4 million events").isLessThan(Duration.ofSeconds(20));
    }

    /** A steady number of servers: each that ends is followed by another. */
    private static final class Churn {
        private final Simulation simulation;
        private final Duration meanLife;
        private final SplittableRandom lives;
        private int created;

        Churn(Simulation simulation, Duration meanLife) {
            this.simulation = simulation;
            this.meanLife = meanLife;
            lives = simulation.randomness().stream("lives");
        }

        void start(int servers) {
            for (int i = 0; i < servers; i++) {
                createOne();
            }
        }

        private void createOne() {
            created++;
            String name = "s" + created;
            simulation.cluster().createPod(PodSpec.server(name, SERVER.requiredLabels(), ONE_SERVER));
            Duration life = Duration.ofNanos(lives.nextLong(2 * meanLife.toNanos()));
            simulation.clock().after(life, () -> {
                simulation.cluster().deletePod("default/" + name, Duration.ZERO);
                createOne();
            });
        }
    }

    private static List<String> history(long seed) {
        Simulation simulation = open(
                SETTINGS.withTimes(DurationRange.parse("1m..10m"), DurationRange.parse("5s..1m"))
                        .withShares(0.1, 0.1),
                seed);
        List<String> history = new ArrayList<>();
        simulation.cluster().listen(new ClusterListener() {
            @Override
            public void changed() {
                history.add(simulation.clock().now() + " " + nodes(simulation));
            }
        });
        simulation.cloud().resizeByOthers(12);
        new Churn(simulation, Duration.ofMinutes(10)).start(20);
        simulation
                .clock()
                .after(Duration.ofMinutes(12), () -> simulation.cloud().resizeByOthers(4));
        simulation.clock().advance(Duration.ofMinutes(30));
        return history;
    }

    private static Simulation open(CloudSettings settings, long seed) {
        return Simulation.open(
                SimulationClock.virtual(START),
                new Randomness(seed),
                settings,
                PodSelectors.ofServers(SERVER),
                List.of(),
                Duration.ofSeconds(5));
    }

    private static List<Node> nodes(Simulation simulation) {
        var reading = simulation.cluster().forPool(SELECTOR, SERVER).observe();
        return ((Reading.Known<ClusterState>) reading).value().nodes();
    }

    private static long count(List<Instance> machines, Instance.State state) {
        return machines.stream().filter(machine -> machine.state() == state).count();
    }
}
