package io.kubescaler.control;

import static io.kubescaler.provider.ProviderException.RateLimited.Scope.DELETIONS;
import static io.kubescaler.testing.PoolBuilder.NOW;
import static io.kubescaler.testing.PoolBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.control.PoolController.Ports;
import io.kubescaler.model.Instance;
import io.kubescaler.model.Instance.State;
import io.kubescaler.model.Node;
import io.kubescaler.model.Node.Marks;
import io.kubescaler.model.Node.Readiness;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.Resources;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.NodeReport;
import io.kubescaler.plan.Plan;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.provider.ProviderException.RateLimited;
import io.kubescaler.testing.PolicyBuilder;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a controller does to a cluster and a cloud. Nodes have 4 slots and the buffer is 4. Each invariant of section 5
 * of the scaling semantics has its test here, or in the test of the pass.
 */
final class PoolControllerTest {
    private static final Duration LONG = Duration.ofHours(1);

    private final FakeWorld world = new FakeWorld();
    private Leadership leadership = Leadership.ALWAYS;

    private PoolController controller(PoolPolicy policy) {
        return controller(policy, false);
    }

    private PoolController controller(PoolPolicy policy, boolean dryRun) {
        return new PoolController(
                policy,
                new Ports(world, world, () -> leadership.mayAct(), PoolJournal.inMemory()),
                world.timing(),
                dryRun);
    }

    /** Returns a controller that has waited for fifteen minutes for whatever the pool lacks. */
    private PoolController familiar(PoolPolicy policy) {
        PoolController controller = controller(policy);
        Leadership actual = leadership;
        leadership = () -> false;
        world.pass(Duration.ofMinutes(-16));
        for (int i = 0; i < 16; i++) {
            controller.pass();
            world.pass(Duration.ofMinutes(1));
        }
        leadership = actual;
        world.calls.clear();
        return controller;
    }

    /** Lists the machine x, which was ordered long ago and has no node in the pool. */
    private void machineWithoutNode() {
        world.instances.put(
                "x", new Instance("x", Optional.empty(), Optional.of("x"), State.RUNNING, "", NOW.minus(LONG)));
        world.size++;
    }

    private static List<Result> results(PassRecord pass) {
        return pass.outcomes().stream().map(Outcome::result).toList();
    }

    private static NodeReport report(Plan plan, String node) {
        return plan.nodes().stream()
                .filter(it -> it.name().filter(node::equals).isPresent())
                .findFirst()
                .orElseThrow();
    }

    private static String onlyMessage(PassRecord pass) {
        assertThat(pass.outcomes()).hasSize(1);
        return pass.outcomes().get(0).message();
    }

    private FakeWorld expired(String name) {
        return world.node(name, 0, node -> node.expiredFor(LONG));
    }

    private static Node labelled(Node node, String name, String value) {
        Map<String, String> labels = new HashMap<>(node.labels());
        labels.put(name, value);
        return new Node(
                node.name(),
                node.uid(),
                node.resourceVersion(),
                node.createdAt(),
                labels,
                node.providerId(),
                node.unschedulable(),
                node.beingDeleted(),
                node.readiness(),
                node.pressures(),
                node.taints(),
                node.allocatable(),
                node.load(),
                node.marks(),
                Optional.empty(),
                Optional.empty());
    }

    /** The six scenarios that the seed system was tested with. */
    @Nested
    final class Scenarios {
        @Test
        void growsToTheMinimum() {
            controller(policy(0, 2, 5)).pass();
            assertThat(world.writes()).containsExactly("grow 2");
        }

        @Test
        void growsWhenTheBufferIsShort() {
            world.node("a", 4).node("b", 3);
            controller(policy()).pass();
            assertThat(world.writes()).containsExactly("grow 3");
        }

        @Test
        void shrinksToTheMinimumOnceServersHaveEnded() {
            world.node("a", 0).node("b", 0).node("c", 0);
            PoolController controller = controller(policy(4, 1, 5));
            controller.pass();
            assertThat(world.writes()).containsExactly("cordon a", "cordon b");
            controller.pass();
            world.pass(Duration.ofSeconds(120));
            PassRecord pass = controller.pass();
            assertThat(results(pass)).containsExactly(Result.DONE, Result.DONE);
            assertThat(world.nodes).containsOnlyKeys("c");
            assertThat(world.size).isEqualTo(1);
            world.writes();
            world.pass(LONG);
            assertThat(controller.pass().plan().actions()).isEmpty();
        }

        @Test
        void cordonsTheSurplusInOneWrite() {
            world.node("a", 1).node("b", 0);
            controller(policy(3, 1, 5)).pass();
            assertThat(world.nodes.get("b").unschedulable()).isTrue();
            assertThat(world.nodes.get("b").marks())
                    .isEqualTo(new Marks(Optional.of(NOW), Optional.of(NOW), Optional.empty(), false));
            assertThat(world.writes()).containsExactly("cordon b");
        }

        @Test
        void takesBackBeforeItGrows() {
            world.node("a", 4).node("b", 0, node -> node.cordonedFor(LONG).emptyFor(Duration.ofSeconds(10)));
            controller(policy()).pass();
            assertThat(world.writes()).containsExactly("uncordon b");
            assertThat(world.nodes.get("b").unschedulable()).isFalse();
            assertThat(world.nodes.get("b").marks()).isEqualTo(Marks.NONE);
        }

        @Test
        void deletesNodeWithOnlyForeignPodsLeft() {
            world.node("a", 0).node("b", 0, node -> node.expiredFor(LONG).other(Resources.cpu(2000)));
            familiar(policy()).pass();
            assertThat(world.writes()).containsExactly("markDeleting b", "delete i-b");
        }
    }

    /** I1: a node that hosts a live server is never deleted. */
    @Nested
    final class NeverKills {
        @Test
        void readsThePodsLiveBetweenTheMarkAndTheDeletion() {
            expired("b").node("a", 0);
            familiar(policy()).pass();
            assertThat(world.calls).containsSubsequence("describe", "markDeleting b", "readNode b", "delete i-b");
        }

        @Test
        void leavesNodeWhenAServerCameThatTheCacheDoesNotShow() {
            expired("b").node("a", 0);
            world.before.put("readNode b", () -> world.servers.put("b", 1));
            PassRecord pass = familiar(policy()).pass();
            assertThat(results(pass)).containsExactly(Result.SKIPPED);
            assertThat(onlyMessage(pass)).contains("1 live server is on it");
            assertThat(world.writes()).containsExactly("markDeleting b", "mark CLEAR_DELETING b");
        }

        @Test
        void givesTheDeletionUpOnceTheCloudCannotHaveTakenIt() {
            expired("b").node("a", 0);
            world.cloudErrors.put("delete i-b", new ProviderException.Transient("no answer"));
            PoolController controller = familiar(policy());
            controller.pass();
            world.servers.put("b", 1);
            controller.pass();
            world.writes();
            world.pass(Duration.ofMillis(124_999));
            controller.pass();
            assertThat(world.writes()).isEmpty();
            world.pass(Duration.ofMillis(9_999));
            controller.pass();
            assertThat(world.writes()).as("by what the cloud said before").isEmpty();
            world.pass(Duration.ofMillis(1));
            controller.pass();
            assertThat(world.writes()).containsExactly("mark CLEAR_DELETING b");
            assertThat(world.nodes.get("b").marks().cordonedAt()).isPresent();
            assertThat(world.killed).isEmpty();
        }

        @Test
        void doesNotGiveTheDeletionUpByAnAnswerFromBeforeTheCloudCarriedItOut() {
            expired("b").node("a", 0).node("c", 4);
            world.cloudErrors.put("delete i-b", new ProviderException.Transient("no answer"));
            PoolController controller = familiar(policy(4, 2, 5));
            controller.pass();
            assertThat(world.writes()).containsExactly("markDeleting b", "delete i-b");
            world.pass(Duration.ofSeconds(70));
            // what is left is the minimum, which speaks against asking for it again
            world.instances.remove("i-c");
            world.nodes.remove("c");
            world.servers.remove("c");
            world.size--;
            controller.pass();
            world.pass(Duration.ofSeconds(50));
            world.cloudErrors.put(
                    "describe", new RateLimited("kept for growth", LONG, ProviderException.RateLimited.Scope.READS));
            world.instances.remove("i-b");
            world.size--;
            for (int second = 120; second < 300; second++) {
                controller.pass();
                world.servers.put("a", second < 130 ? 0 : 4);
                // its machine goes down any moment
                assertThat(world.nodes.get("b").unschedulable())
                        .as("%d s after the order", second)
                        .isTrue();
                world.pass(Duration.ofSeconds(1));
            }
            assertThat(world.writes()).doesNotContain("mark CLEAR_DELETING b", "uncordon b");
        }

        @ParameterizedTest
        @ValueSource(ints = {0, 1})
        void waitsForBindingsThatWereUnderwayWhenTheNodeWasCordonedWhateverTheWallClockSays(int hoursAhead) {
            PoolPolicy atOnce =
                    new PolicyBuilder().emptyNodeExpiration(Duration.ZERO).build();
            world.node("a", 0).node("b", 0);
            PoolController controller = controller(atOnce);
            controller.pass();
            assertThat(controller.pass().outcomes()).isEmpty();
            world.writes();
            world.setWallClock(Duration.ofHours(hoursAhead));
            world.pass(Duration.ofMillis(4999));
            assertThat(controller.pass().outcomes()).isEmpty();
            assertThat(world.writes()).isEmpty();
            world.pass(Duration.ofMillis(1));
            assertThat(results(controller.pass())).containsExactly(Result.DONE);
        }

        @Test
        void givesNoDeletionUpByTheClockOfAnEarlierProcess() {
            world.node("a", 0).node("b", 1, node -> node.expiredFor(LONG).deletingFor(LONG));
            PoolController controller = controller(policy());
            controller.pass();
            world.pass(Duration.ofMillis(124_999));
            controller.pass();
            assertThat(world.writes()).containsExactly("mark CLEAR_EMPTY_SINCE b");
            world.pass(Duration.ofSeconds(10));
            controller.pass();
            assertThat(world.writes()).containsExactly("mark CLEAR_DELETING b");
        }

        private void cloudTellsNoNodeNames() {
            world.instances.replaceAll((id, machine) ->
                    new Instance(id, machine.providerId(), Optional.empty(), machine.state(), "", machine.createdAt()));
        }

        private void registersAnew(String name, Consumer<PoolBuilder.NodeBuilder> change) {
            world.unwatched.put(name, node(name, change));
        }

        @Test
        void leavesAMachineThatMayRunUnderANameThatTheWatchHasNotToldOf() {
            expired("b").node("a", 0);
            cloudTellsNoNodeNames();
            PoolController controller = familiar(policy());
            registersAnew("renamed", node -> node.providerId(Optional.empty()));
            world.servers.put("renamed", 2);
            assertThat(onlyMessage(controller.pass())).contains("node renamed may be this machine");
            assertThat(world.writes()).isEmpty();
            world.unwatched.clear();
            world.pass(LONG);
            controller.pass();
            assertThat(world.writes()).containsExactly("markDeleting b", "delete i-b");
        }

        @Test
        void leavesAMachineOfWhichTheWatchHasNotToldThatItHasTwoNodes() {
            expired("b").node("a", 0);
            cloudTellsNoNodeNames();
            PoolController controller = familiar(policy());
            registersAnew(
                    "twin", node -> node.providerId(world.instances.get("i-b").providerId()));
            assertThat(onlyMessage(controller.pass())).contains("node twin is this machine too");
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void leavesADarkMachineThatRegisteredAnewWithoutThePoolsLabels() {
            expiredAndDark();
            world.strangers.put("outside", node("outside", it -> it.providerId(Optional.of("test://b"))));
            world.strangersAreWatched = true;
            PoolController controller = controller(policy());
            lookEvery(Duration.ofSeconds(30), Duration.ofMinutes(20), controller);
            assertThat(report(controller.pass().plan(), "b").verdict()).contains("a node outside the pool");
            assertThat(world.calls).doesNotContain("findFurtherNode i-b");
            world.strangers.clear();
            lookEvery(Duration.ofSeconds(30), Duration.ofMinutes(16), controller);
            assertThat(world.instances).doesNotContainKey("i-b");
        }

        @Test
        void deletesADarkMachineBesideANodeOutsideThePoolThatTellsNothing() {
            expiredAndDark();
            world.strangers.put("i-b", node("outside", it -> it.providerId(Optional.empty())));
            world.strangersAreWatched = true;
            PoolController controller = controller(policy());
            lookEvery(Duration.ofSeconds(30), Duration.ofMinutes(16), controller);
            assertThat(world.instances).doesNotContainKey("i-b");
        }

        @Test
        void leavesADarkMachineBesideANodeOutsideThePoolThatTellsNothingAndHostsServers() {
            expiredAndDark();
            cloudTellsNoNodeNames();
            world.strangers.put("outside", node("outside", it -> it.providerId(Optional.empty())));
            world.strangersAreWatched = true;
            world.servers.put("outside", 1);
            PoolController controller = controller(policy());
            lookEvery(Duration.ofSeconds(30), Duration.ofMinutes(20), controller);
            assertThat(world.instances).containsKey("i-b");
            world.servers.remove("outside");
            lookEvery(Duration.ofSeconds(30), Duration.ofMinutes(16), controller);
            assertThat(world.instances).doesNotContainKey("i-b");
        }

        @Test
        void takesNoNodeBackWhoseDeletionTheCloudTookAndShowsLate() {
            expired("b").node("a", 0);
            world.stubborn.add("i-b");
            PoolController controller = familiar(policy());
            controller.pass();
            world.change(
                    "b",
                    it -> node(
                            "b",
                            dark -> dark.expiredFor(LONG)
                                    .deletingFor(Duration.ZERO)
                                    .unreadyFor(Duration.ZERO)));
            lookEvery(Duration.ofSeconds(10), Duration.ofMinutes(5), controller);
            world.change("b", it -> node("b", ready -> ready.expiredFor(LONG).deletingFor(Duration.ZERO)));
            world.servers.put("a", 4);
            lookEvery(Duration.ofSeconds(10), Duration.ofMinutes(1), controller);
            assertThat(world.nodes.get("b").unschedulable()).isTrue();
        }

        private Node node(String name, Consumer<PoolBuilder.NodeBuilder> change) {
            return new PoolBuilder().node(name, 0, change).cluster().nodes().get(0);
        }

        @Test
        void leavesADarkMachineThatHasRegisteredAnewAMomentAgo() {
            expiredAndDark();
            PoolController controller = familiar(policy());
            registersAnew("twin", node -> node.providerId(Optional.of("test://b")));
            assertThat(onlyMessage(controller.pass())).contains("node twin is this machine too");
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void leavesADarkMachineBesideANamelessNodeThatHasComeUpSinceItWasObserved() {
            expiredAndDark();
            cloudTellsNoNodeNames();
            Node renamed = node(
                    "renamed",
                    node -> node.age(Duration.ofMinutes(20)).neverReady().providerId(Optional.empty()));
            world.nodes.put("renamed", renamed);
            PoolController controller = familiar(policy());
            world.before.put(
                    "findFurtherNode i-b",
                    () -> world.change(
                            "renamed",
                            it -> node(
                                    "renamed",
                                    up -> up.age(Duration.ofMinutes(20)).providerId(Optional.empty()))));
            assertThat(onlyMessage(controller.pass())).contains("node renamed may be this machine");
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void leavesANodeThatHasGoneDarkSinceItWasObserved() {
            expired("b").node("a", 0);
            // a server that came past its cordon, and a person forced its pod away
            Node dark = node(
                    "b",
                    node -> node.expiredFor(LONG).deletingFor(Duration.ZERO).unreadyFor(Duration.ZERO));
            world.before.put("readNode b", () -> world.change("b", node -> dark));
            assertThat(onlyMessage(familiar(policy()).pass())).contains("just become not Ready");
            assertThat(world.instances).containsKey("i-b");
        }

        private void expiredAndDark() {
            world.node("a", 0).node("b", 0, node -> node.expiredFor(LONG).unreadyFor(LONG));
        }

        @Test
        void leavesADarkMachineBesideANodeOutsideThePoolThatTellsNothingAndGetsAServerRightBeforeTheOrder() {
            anonymousOutsideGetsAServerAtTheLastMoment();
            assertThat(onlyMessage(familiar(policy()).pass())).contains("node outside may be this machine");
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void deletesAReadyMachineBesideANodeOutsideThePoolThatTellsNothingAndHostsServers() {
            anonymousOutsideGetsAServerAtTheLastMoment();
            isReadyAgain("b");
            familiar(policy()).pass();
            assertThat(world.instances).containsOnlyKeys("i-a");
        }

        @Test
        void leavesAReadyMachineBesideANodeOutsideThePoolThatHasJustRegisteredAndHostsServers() {
            anonymousOutsideGetsAServerAtTheLastMoment();
            isReadyAgain("b");
            anonymousOutside(node -> node.age(Duration.ofSeconds(119)));
            PoolController controller = familiar(policy());
            assertThat(onlyMessage(controller.pass())).contains("node outside may be this machine");
            assertThat(world.writes()).isEmpty();
            lookEvery(Duration.ofSeconds(30), Duration.ofMinutes(1), controller);
            assertThat(world.instances).containsOnlyKeys("i-a");
        }

        private void isReadyAgain(String name) {
            world.change(name, any -> node(name, node -> node.expiredFor(LONG)));
        }

        private void anonymousOutside(Consumer<PoolBuilder.NodeBuilder> change) {
            world.strangers.put("outside", node("outside", node -> {
                node.label("role", "other").providerId(Optional.empty());
                change.accept(node);
            }));
        }

        private void anonymousOutsideGetsAServerAtTheLastMoment() {
            expiredAndDark();
            cloudTellsNoNodeNames();
            anonymousOutside(node -> {});
            world.before.put("findFurtherNode i-b", () -> world.servers.put("outside", 1));
        }

        @Test
        void leavesAMachineThatTheCloudTellsToBeAnotherNodeRightBeforeTheOrder() {
            world.node("a", 0).node("b", 0, node -> node.expiredFor(LONG).providerId(Optional.empty()));
            world.instanceIdLabel = Optional.of("cloud/id");
            world.change("b", node -> labelled(node, "cloud/id", "i-b"));
            world.instances.put(
                    "i-b", new Instance("i-b", Optional.empty(), Optional.empty(), State.RUNNING, "", NOW.minus(LONG)));
            world.nodes.put("twin", node("twin", node -> node.providerId(Optional.of("test://b"))));
            world.servers.put("twin", 1);
            PoolController controller = familiar(policy());
            world.before.put(
                    "describe",
                    () -> world.before.put(
                            "describe",
                            () -> world.instances.put(
                                    "i-b",
                                    new Instance(
                                            "i-b",
                                            Optional.of("test://b"),
                                            Optional.empty(),
                                            State.RUNNING,
                                            "",
                                            NOW.minus(LONG)))));
            assertThat(onlyMessage(controller.pass())).contains("node twin is this machine too");
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void asksForNoFurtherNodeOfAMachineWhoseNameTheCloudTells() {
            expired("b").node("a", 0);
            PoolController controller = familiar(policy());
            controller.pass();
            assertThat(world.instances).doesNotContainKey("i-b");
            assertThat(world.calls).noneMatch(call -> call.startsWith("findFurtherNode"));
        }

        @Test
        void leavesNodeThatSomebodyTookBackOrKeepsOrRelabelled() {
            expired("b").node("a", 0);
            world.before.put("readNode b", () -> world.change("b", node -> FakeWorld.with(node, false, node.marks())));
            assertThat(onlyMessage(familiar(policy()).pass())).contains("schedulable");

            FakeWorld kept = world;
            kept.nodes.clear();
            kept.instances.clear();
            kept.size = 0;
            expired("b").node("a", 0);
            kept.before.put(
                    "readNode b",
                    () -> kept.change(
                            "b",
                            node -> FakeWorld.with(
                                    node,
                                    true,
                                    new Marks(node.marks().cordonedAt(), Optional.empty(), Optional.empty(), true))));
            assertThat(onlyMessage(familiar(policy()).pass())).contains("kept");
            assertThat(world.writes()).noneMatch(call -> call.startsWith("delete"));
        }

        @Test
        void deletesAMachineThatNeverCameThoughSomebodyUncordonedItsNode() {
            world.node("a", 4)
                    .node(
                            "stuck",
                            0,
                            node -> node.neverReady().cordonedFor(LONG).schedulable());
            PoolController controller = familiar(policy(0, 1, 5));
            controller.pass();
            assertThat(world.writes()).containsExactly("mark CLEAR_ALL stuck");
            controller.pass();
            assertThat(world.instances).containsOnlyKeys("i-a");
        }

        @Test
        void leavesNodeThatChangedSinceItWasObserved() {
            expired("b").node("a", 0);
            world.before.put("markDeleting b", () -> world.change("b", node -> node));
            PassRecord pass = familiar(policy()).pass();
            assertThat(onlyMessage(pass)).contains("CONFLICT");
            assertThat(world.writes()).containsExactly("markDeleting b");
        }

        @Test
        void leavesMachineWhoseNodeLacksTheLabelsOfTheSelector() {
            world.node("a", 0);
            machineWithoutNode();
            world.strangers.put(
                    "x", new PoolBuilder().node("x", 0).cluster().nodes().get(0));
            assertThat(onlyMessage(familiar(policy()).pass())).contains("lacks the labels");
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void leavesMachineThatNothingTellsANodeFrom() {
            world.node("a", 0);
            machineWithoutNode();
            world.strangers.put("x", world.nodes.get("a"));
            assertThat(onlyMessage(familiar(policy()).pass())).contains("node a may be this machine");
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void leavesMachineOfAnotherNodeThatAnEmptyOneClaimsByItsLabel() {
            world.node("keeper", 1).node("busy", 3);
            // the node of the busy machine has lost the pool's labels, so only the impostor is in view
            world.nodes.remove("busy");
            world.instanceIdLabel = Optional.of("cloud/id");
            world.node(
                    "impostor",
                    0,
                    node -> node.expiredFor(LONG)
                            .label("cloud/id", "i-busy")
                            .providerId(Optional.empty())
                            .withoutInstance());
            world.size = 2;
            assertThat(onlyMessage(familiar(policy(1, 0, 5)).pass()))
                    .isEqualTo("the cloud says that this machine is node busy");
            assertThat(world.writes()).isEmpty();
            assertThat(world.killed).isEmpty();
        }

        @Test
        void leavesNodeWhoseLabelCameToNameAnotherMachineWhenItWasReadLast() {
            world.node("a", 1);
            expired("b");
            world.instanceIdLabel = Optional.of("cloud/id");
            world.before.put("readNode b", () -> world.change("b", node -> labelled(node, "cloud/id", "i-a")));
            assertThat(onlyMessage(familiar(policy(1, 1, 5)).pass()))
                    .isEqualTo("its label says that it is machine i-a");
            assertThat(world.writes()).containsExactly("markDeleting b", "mark CLEAR_DELETING b");
        }

        @Test
        void leavesMachineWithoutNodeWhenPodsAreBoundToItsName() {
            world.node("a", 0);
            machineWithoutNode();
            world.servers.put("x", 1);
            assertThat(onlyMessage(familiar(policy()).pass())).contains("live server");
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void leavesMachineWithoutNodeThatAnEarlierLeaderMayHaveSeenWithOne() {
            world.node("a", 0).node("b", 3);
            controller(policy()).pass();
            world.nodes.remove("b");
            // no pod tells of those that live on there
            world.servers.remove("b");

            PoolController successor = controller(policy());
            successor.pass();
            assertThat(world.instances).containsKey("i-b");
            lookEvery(Duration.ofMinutes(1), Duration.ofMinutes(16), successor);
            assertThat(world.instances).doesNotContainKey("i-b");
        }

        @Test
        void waitsAnewForAMachineAfterAPauseInWhichItCouldNotLook() {
            world.node("a", 0).node("b", 0);
            PoolController controller = controller(policy(2, 2, 9));
            controller.pass();
            world.nodes.remove("b");
            lookEvery(Duration.ofMinutes(1), Duration.ofMinutes(13), controller);
            world.pass(Duration.ofMillis(120_001));
            controller.pass();
            lookEvery(Duration.ofMinutes(2), Duration.ofSeconds(899), controller);
            assertThat(world.instances)
                    .as("the wait began with the pass after the pause")
                    .containsKey("i-b");
            lookEvery(Duration.ofMinutes(2), Duration.ofSeconds(1), controller);
            assertThat(world.instances).doesNotContainKey("i-b");
        }

        private void lookEvery(Duration interval, Duration time, PoolController controller) {
            for (Duration left = time; !left.isZero(); ) {
                Duration step = left.compareTo(interval) < 0 ? left : interval;
                world.pass(step);
                controller.pass();
                left = left.minus(step);
            }
        }

        private PoolController besideANodeOutsideThePool() {
            world.node("a", 0);
            machineWithoutNode();
            world.strangers.put("x", world.nodes.get("a"));
            world.strangersAreWatched = true;
            return familiar(policy());
        }

        @Test
        void doesNotTryAMachineWhoseNodeIsSeenOutsideThePoolAndWaitsWhenThatGoes() {
            PoolController controller = besideANodeOutsideThePool();
            lookEvery(Duration.ofMinutes(1), Duration.ofMinutes(15), controller);
            assertThat(world.calls).doesNotContain("findNode x");
            world.strangers.clear();
            lookEvery(Duration.ofMinutes(1), Duration.ofMinutes(15), controller);
            assertThat(world.instances).containsKey("x");
            lookEvery(Duration.ofMinutes(1), Duration.ofMinutes(1), controller);
            assertThat(world.instances).doesNotContainKey("x");
        }

        @Test
        void looksForItsNodeOutsideThePoolAlsoWhileTheCloudIsAway() {
            PoolController controller = besideANodeOutsideThePool();
            lookEvery(Duration.ofMinutes(1), Duration.ofMinutes(5), controller);
            world.cloudErrors.put("describe", new ProviderException.Transient("503"));
            world.pass(Duration.ofSeconds(10));
            assertThat(controller.pass().plan().condition()).isEqualTo(Condition.CLOUD_UNREADABLE);
            world.strangers.clear();
            world.cloudErrors.clear();
            world.pass(Duration.ofSeconds(90));
            controller.pass();
            lookEvery(Duration.ofMinutes(1), Duration.ofMinutes(14), controller);
            assertThat(world.instances).containsKey("x");
            lookEvery(Duration.ofMinutes(1), Duration.ofMinutes(2), controller);
            assertThat(world.instances).doesNotContainKey("x");
        }

        @Test
        void waitsAnewForAMachineThatItFoundInUse() {
            world.node("a", 0);
            machineWithoutNode();
            world.servers.put("x", 1);
            PoolController controller = familiar(policy());
            assertThat(onlyMessage(controller.pass())).contains("live server");
            world.servers.remove("x");
            world.pass(Duration.ofMinutes(1));
            assertThat(controller.pass().outcomes()).isEmpty();
            lookEvery(Duration.ofMinutes(1), Duration.ofMinutes(15), controller);
            assertThat(world.instances).doesNotContainKey("x");
        }

        @Test
        void leavesMachineWhoseNameTheCloudHasOnlyJustTold() {
            world.node("a", 0);
            world.instances.put(
                    "x", new Instance("x", Optional.empty(), Optional.empty(), State.BOOTING, "", NOW.minus(LONG)));
            world.size++;
            PoolController controller = familiar(policy());
            world.before.put(
                    "describe",
                    () -> world.before.put("describe", () -> {
                        world.instances.put(
                                "x",
                                new Instance(
                                        "x", Optional.empty(), Optional.of("x"), State.RUNNING, "", NOW.minus(LONG)));
                        world.servers.put("x", 1);
                    }));
            assertThat(onlyMessage(controller.pass())).contains("live server");
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void leavesMachineThatBecameReadyAtTheLastMoment() {
            world.node("a", 0).node("late", 0, node -> node.age(LONG).neverReady());
            world.before.put(
                    "readNode late",
                    () -> world.change(
                            "late",
                            node -> new Node(
                                    node.name(),
                                    node.uid(),
                                    node.resourceVersion(),
                                    node.createdAt(),
                                    node.labels(),
                                    node.providerId(),
                                    node.unschedulable(),
                                    node.beingDeleted(),
                                    new Readiness(true, Optional.of(NOW)),
                                    node.pressures(),
                                    node.taints(),
                                    node.allocatable(),
                                    node.load(),
                                    node.marks(),
                                    Optional.empty(),
                                    Optional.empty())));
            assertThat(onlyMessage(familiar(policy()).pass())).contains("just become Ready");
            assertThat(world.writes()).containsExactly("markDeleting late", "mark CLEAR_DELETING late");
        }
    }

    /** I2 and I7: never lowers the size, never buys twice. */
    @Nested
    final class Growth {
        @Test
        void doesNotResizeWhenSomebodyElseDid() {
            world.node("a", 4);
            PoolController controller = controller(policy());
            AtomicInteger reads = new AtomicInteger();
            world.before.put(
                    "describe",
                    () -> world.before.put("describe", () -> {
                        world.size = 5;
                        reads.incrementAndGet();
                    }));
            PassRecord pass = controller.pass();
            assertThat(reads).hasValue(1);
            assertThat(results(pass)).containsExactly(Result.SKIPPED);
            assertThat(onlyMessage(pass)).contains("5 nodes now and 1 was planned");
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void buysOnceWhileMachinesBootHoweverManyPasses() {
            world.node("a", 4);
            world.unplaced = 6;
            PoolController controller = controller(policy());
            for (int i = 0; i < 60; i++) {
                controller.pass();
                world.pass(Duration.ofSeconds(10));
            }
            assertThat(world.writes()).containsExactly("grow 4");
        }

        @Test
        void buysNothingMoreAfterARestartInTheMiddle() {
            world.node("a", 4);
            controller(policy()).pass();
            world.pass(Duration.ofMinutes(4));
            controller(policy()).pass();
            assertThat(world.writes()).containsExactly("grow 2");
        }

        @Test
        void repeatsSafelyWhenTheAnswerWasLost() {
            world.node("a", 4);
            PoolController controller = controller(policy());
            world.before.put("grow 2", () -> {
                world.size = 2;
                world.instances.put(
                        "lost", new Instance("lost", Optional.empty(), Optional.empty(), State.BOOTING, "", world.now));
                world.cloudErrors.put("grow 2", new ProviderException.Transient("timed out"));
            });
            assertThat(results(controller.pass())).containsExactly(Result.FAILED);
            world.cloudErrors.clear();
            world.writes();
            controller.pass();
            assertThat(world.writes()).isEmpty();
            assertThat(world.size).isEqualTo(2);
        }

        @Test
        void backsOffWhenTheCloudHasNoMore() {
            world.node("a", 4);
            world.cloudErrors.put("grow 2", new ProviderException.QuotaExceeded("droplet limit"));
            PoolController controller = controller(policy());
            controller.pass();
            world.pass(Duration.ofMinutes(4));
            PassRecord during = controller.pass();
            assertThat(during.plan().condition()).isEqualTo(Condition.GROWTH_PAUSED);
            assertThat(during.plan().message()).contains("droplet limit");
            world.pass(Duration.ofMinutes(1));
            controller.pass();
            assertThat(world.writes()).containsExactly("grow 2", "grow 2");
        }

        @Test
        void ordersNoOtherSizeWhileOneThatHadNoAnswerMayStillBeCarriedOut() {
            world.node("a", 4);
            PoolController controller = controller(policy());
            world.cloudErrors.put("grow 2", new ProviderException.Transient("no answer"));
            assertThat(results(controller.pass())).containsExactly(Result.FAILED);
            world.cloudErrors.clear();
            world.writes();
            world.unplaced = 8;
            world.pass(Duration.ofSeconds(30));
            controller.pass();
            assertThat(world.writes())
                    .as("4 nodes are wanted; a late 2 would remove some of them")
                    .containsExactly("grow 2");
        }

        @Test
        void ordersAnotherSizeAtOnceAfterOneThatWasNeverSent() {
            world.node("a", 4);
            PoolController controller = controller(policy());
            world.cloudErrors.put("grow 2", new ProviderException.NotSent("connection refused"));
            assertThat(results(controller.pass())).containsExactly(Result.FAILED);
            world.cloudErrors.clear();
            world.writes();
            world.unplaced = 8;
            world.pass(Duration.ofSeconds(1));
            controller.pass();
            assertThat(world.writes()).containsExactly("grow 4");
        }

        @Test
        void ordersNoOtherSizeWhileTheFirstOfTwoLikeOrdersMayStillBeCarriedOut() {
            world.node("a", 4);
            PoolController controller = controller(policy());
            world.cloudErrors.put("grow 2", new ProviderException.Transient("no answer"));
            controller.pass();
            world.cloudErrors.clear();
            assertThat(results(controller.pass())).as("the same order again").containsExactly(Result.DONE);
            world.writes();
            world.unplaced = 8;
            world.pass(Duration.ofSeconds(59));
            assertThat(onlyMessage(controller.pass())).contains("grow to 2");
            assertThat(world.writes())
                    .as("the first order for 2 would remove the nodes above it")
                    .isEmpty();
            world.pass(Duration.ofSeconds(1));
            controller.pass();
            assertThat(world.writes()).containsExactly("grow 4");
        }

        @Test
        void ordersNoOtherSizeAfterAProviderBrokeDownOverAnOrder() {
            world.node("a", 4);
            PoolController controller = controller(policy());
            world.before.put("grow 2", () -> {
                throw new IllegalStateException("plug-in bug after it had sent the order");
            });
            assertThat(results(controller.pass())).containsExactly(Result.FAILED);
            world.writes();
            world.unplaced = 8;
            world.pass(Duration.ofSeconds(30));
            controller.pass();
            assertThat(world.writes()).containsExactly("grow 2");
        }

        @Test
        void growsByAllThatIsMissingOnceAnOrderWithoutAnswerIsTooOldToBeCarriedOut() {
            world.node("a", 4);
            PoolController controller = controller(policy());
            world.cloudErrors.put("grow 2", new ProviderException.Transient("no answer"));
            controller.pass();
            world.cloudErrors.clear();
            world.writes();
            world.unplaced = 8;
            world.pass(Duration.ofSeconds(60));
            controller.pass();
            assertThat(world.writes()).containsExactly("grow 4");
        }

        @Test
        void ordersNoMoreThanPlannedWhenItComesAfterADeletion() {
            world.node("a", 4)
                    .node(
                            "b",
                            0,
                            node -> node.cordonedFor(LONG)
                                    .emptyFor(Duration.ofSeconds(100))
                                    .unreadyFor(LONG));
            PoolController controller = familiar(policy());
            world.cloudErrors.put("grow 3", new ProviderException.InvalidRequest("not now"));
            assertThat(results(controller.pass())).containsExactly(Result.FAILED);
            world.cloudErrors.clear();
            world.writes();
            world.pass(Duration.ofSeconds(30));
            // what failed comes last: by then the size that the target was reckoned from is one less
            assertThat(results(controller.pass())).containsExactly(Result.DONE, Result.DONE);
            assertThat(world.writes()).containsExactly("markDeleting b", "delete i-b", "grow 2");
        }

        @Test
        void sendsFewRequestsWhileTheyFailHoweverManyEventsCome() {
            world.node("a", 4);
            world.cloudErrors.put("grow 2", new ProviderException.Unauthorized("token is read-only"));
            PoolController controller = controller(policy());
            for (int i = 0; i < 1200; i++) {
                controller.pass();
                world.pass(Duration.ofMillis(50));
            }
            // at 0, 0.05, 1, 3, 7, 15, 31 s
            assertThat(world.calls.stream().filter("grow 2"::equals)).hasSize(7);
            assertThat(world.calls.stream().filter("describe"::equals)).hasSizeLessThan(21);
        }

        @Test
        void sendsFewRequestsWhileALiveCheckObjects() {
            world.node("a", 0);
            machineWithoutNode();
            world.strangers.put("x", world.nodes.get("a"));
            PoolController controller = controller(policy());
            for (int i = 0; i < 600; i++) {
                controller.pass();
                world.pass(Duration.ofSeconds(1));
            }
            assertThat(world.calls.stream().filter("findNode x"::equals)).hasSizeLessThan(26);
        }

        @Test
        void forgetsPausesOfWhatIsNoLongerWanted() {
            world.node("a", 4);
            world.cloudErrors.put("grow 2", new ProviderException.Unauthorized("token is read-only"));
            PoolController controller = controller(policy());
            controller.pass();
            controller.pass();
            controller.pass();
            assertThat(world.calls.stream().filter("grow 2"::equals)).hasSize(2);
            world.servers.put("a", 0);
            assertThat(controller.pass().plan().actions()).isEmpty();
            world.servers.put("a", 4);
            controller.pass();
            assertThat(world.calls.stream().filter("grow 2"::equals)).hasSize(3);
        }

        @Test
        void triesAgainAtOnceAfterAChangeInBetween() {
            expired("b").node("a", 0);
            world.before.put("markDeleting b", () -> world.change("b", node -> node));
            PoolController controller = familiar(policy());
            assertThat(results(controller.pass())).containsExactly(Result.SKIPPED);
            assertThat(results(controller.pass())).containsExactly(Result.DONE);
        }

        @Test
        void keepsQuietWhenTheAnswerToAGrowAsksForIt() {
            world.node("a", 4);
            world.cloudErrors.put("grow 2", new ProviderException.RateLimited("too many", Duration.ofSeconds(60)));
            PoolController controller = controller(policy());
            assertThat(results(controller.pass())).containsExactly(Result.FAILED);
            world.calls.clear();
            world.pass(Duration.ofSeconds(59));
            controller.pass();
            assertThat(world.calls).isEmpty();
        }

        @Test
        void plansTheNextPassWithTheSizeThatItsOwnActionsLeft() {
            world.node("a", 4);
            PoolController controller = familiar(policy());
            controller.pass();
            assertThat(controller.pass().plan().size()).isEqualTo(2);
            world.boot();
            world.pass(Duration.ofMinutes(1));
            expired("b");
            expired("c");
            controller.pass();
            world.pass(Duration.ofMinutes(1));
            controller.pass();
            assertThat(controller.pass().plan().size()).isEqualTo(world.size).isEqualTo(2);
        }

        @Test
        void startsPausesAnewAfterASuccess() {
            world.node("a", 4);
            world.cloudErrors.put("grow 2", new ProviderException.Transient("500"));
            PoolController controller = controller(policy());
            controller.pass();
            controller.pass();
            assertThat(onlyMessage(controller.pass())).startsWith("tried 2 times");
            world.cloudErrors.clear();
            world.pass(Duration.ofSeconds(1));
            assertThat(results(controller.pass())).containsExactly(Result.DONE);
            world.pass(Duration.ofSeconds(60));
            world.unplaced = 4;
            world.cloudErrors.put("grow 3", new ProviderException.Transient("500"));
            assertThat(results(controller.pass())).containsExactly(Result.FAILED);
            assertThat(results(controller.pass())).containsExactly(Result.FAILED);
            // nobody wants it for a while: then it is tried at once again
            world.unplaced = 0;
            assertThat(controller.pass().outcomes()).isEmpty();
            world.unplaced = 4;
            assertThat(results(controller.pass())).containsExactly(Result.FAILED);
        }

        @Test
        void takesAnOrderThatWasNeverSentForNoneToLookAt() {
            world.node("a", 4).node("b", 3, node -> node.cordonedFor(LONG));
            world.before.put(
                    "describe",
                    () -> world.before.put(
                            "describe",
                            () -> world.cloudErrors.put(
                                    "describe",
                                    new ProviderException.RateLimited("too many", Duration.ofSeconds(60)))));
            PoolController controller = controller(policy());
            PassRecord first = controller.pass();
            assertThat(first.outcomes()).hasSize(2);
            assertThat(first.outcomes().get(1).message()).contains("asks to wait");
            onlyReadsMustWait();
            world.servers.put("a", 0);
            world.pass(Duration.ofSeconds(61));
            assertThat(controller.pass().plan().condition()).isEqualTo(Condition.OK);
            assertThat(world.calls).doesNotContain("describe for an order");
        }

        @Test
        void ordersFromWhatIsKeptForItWhileReadsMustWait() {
            world.node("a", 4).node("b", 0);
            PoolController controller = controller(policy());
            controller.pass();
            onlyReadsMustWait();
            world.unplaced = 1;
            world.pass(Duration.ofSeconds(10));

            assertThat(results(controller.pass())).containsExactly(Result.DONE);
            assertThat(world.writes()).containsExactly("grow 3");
        }

        @Test
        void takesBackByTheLastGoodAnswerWhileReadsMustWaitAndLeavesWhatIsKeptForOrders() {
            world.node("a", 0).node("b", 0, node -> node.cordonedFor(LONG).emptyFor(Duration.ofSeconds(10)));
            PoolController controller = controller(policy());
            controller.pass();
            onlyReadsMustWait();
            world.unplaced = 4;
            world.pass(Duration.ofSeconds(10));

            assertThat(results(controller.pass())).containsExactly(Result.DONE);
            assertThat(world.calls).contains("uncordon b").doesNotContain("describe for an order");
        }

        @Test
        void growsAndReadsWhileDeletionsAloneMustWait() {
            expired("b");
            world.node("a", 4);
            world.cloudErrors.put(
                    "delete i-b",
                    new ProviderException.RateLimited("too many deletions", Duration.ofSeconds(2010), DELETIONS));
            PoolController controller = familiar(policy(0, 1, 100));
            assertThat(results(controller.pass())).containsExactly(Result.FAILED);
            expired("c");
            world.unplaced = 40;
            world.pass(Duration.ofSeconds(10));
            world.writes();

            controller.pass();
            assertThat(world.writes())
                    .as("b and c are taken back too")
                    .contains("grow 11")
                    .doesNotContain("delete i-c");
        }

        @Test
        void keepsQuietWhenTheAnswerToADeletionAsksForIt() {
            expired("b").node("a", 4);
            world.cloudErrors.put("delete i-b", new ProviderException.RateLimited("429", Duration.ofSeconds(60)));
            PoolController controller = familiar(policy(0, 1, 100));
            controller.pass();
            world.calls.clear();
            world.pass(Duration.ofSeconds(59));
            assertThat(controller.pass().plan().message()).contains("rate limit");
            assertThat(world.calls).isEmpty();
        }

        @Test
        void deletesNothingWhileReadsMustWaitAndLeavesWhatIsKeptForGrowth() {
            world.node("a", 0).node("b", 0, node -> node.cordonedFor(LONG).emptyFor(Duration.ofSeconds(115)));
            PoolController controller = controller(policy(0, 1, 10));
            assertThat(controller.pass().outcomes()).isEmpty();
            onlyReadsMustWait();
            world.pass(Duration.ofSeconds(10));

            assertThat(results(controller.pass())).containsExactly(Result.FAILED);
            assertThat(world.calls).doesNotContain("delete i-b", "describe for an order");
        }

        @Test
        void isNotBlindAfterADeletionWhileReadsMustWait() {
            expired("b").node("a", 0);
            world.before.put("delete i-b", this::onlyReadsMustWait);
            PoolController controller = familiar(policy());
            assertThat(results(controller.pass())).containsExactly(Result.DONE);
            world.unplaced = 4;

            controller.pass();
            assertThat(results(controller.pass())).containsExactly(Result.DONE);
            assertThat(world.size).isEqualTo(2);
        }

        @Test
        void asksForADeletionThatIsRefusedFurtherAndFurtherApart() {
            twentyExpired(new ProviderException.InvalidRequest("422"));
            PoolController controller = controller(policy(0, 1, 100));

            assertThat(deletionsInAnHour(controller)).isLessThanOrEqualTo(20 * 16);
            assertThat(deletionsInAnHour(controller)).isLessThanOrEqualTo(20 * 6);
        }

        @Test
        void asksForADeletionThatMayHaveBeenLostEvery30Seconds() {
            twentyExpired(new ProviderException.Transient("500"));
            assertThat(deletionsInAnHour(controller(policy(0, 1, 100)))).isBetween(20 * 90, 20 * 125);
        }

        @Test
        void finishesADeletionThatIsRefusedFurtherAndFurtherApart() {
            twentyExpired(new ProviderException.Transient("500"));
            PoolController controller = controller(policy(0, 1, 100));
            controller.pass();
            for (int i = 0; i < 20; i++) {
                world.cloudErrors.put("delete i-x" + i, new ProviderException.InvalidRequest("422"));
            }

            assertThat(deletionsInAnHour(controller)).isLessThanOrEqualTo(20 * 16);
            assertThat(deletionsInAnHour(controller)).isLessThanOrEqualTo(20 * 6);
        }

        @Test
        void asksForADeletionThatTheCloudTakesAndDoesNotShowFurtherAndFurtherApart() {
            twentyExpired(new ProviderException.Transient("500"));
            world.cloudErrors.clear();
            for (int i = 0; i < 20; i++) {
                world.stubborn.add("i-x" + i);
            }
            PoolController controller = controller(policy(0, 1, 100));

            assertThat(deletionsInAnHour(controller)).isLessThanOrEqualTo(20 * 16);
            assertThat(deletionsInAnHour(controller)).isLessThanOrEqualTo(20 * 6);
        }

        @Test
        void keepsThePauseOfARefusedDeletionWhileTheCloudCannotBeReadNowAndThen() {
            expired("b").node("a", 0);
            world.cloudErrors.put("delete i-b", new ProviderException.InvalidRequest("422"));
            PoolController controller = controller(policy(0, 1, 100));
            deletionsInAnHour(controller);
            world.cloudErrors.put("describe", new ProviderException.Transient("500"));
            world.pass(Duration.ofSeconds(10));
            controller.pass();
            world.cloudErrors.remove("describe");

            assertThat(deletionsInAnHour(controller)).isLessThanOrEqualTo(6);
        }

        private void twentyExpired(ProviderException error) {
            world.node("a", 1);
            for (int i = 0; i < 20; i++) {
                expired("x" + i);
                world.cloudErrors.put("delete i-x" + i, error);
            }
        }

        private int deletionsInAnHour(PoolController controller) {
            world.calls.clear();
            for (int second = 0; second < 3600; second += 5) {
                world.pass(Duration.ofSeconds(5));
                controller.pass();
            }
            return (int) world.calls.stream()
                    .filter(call -> call.startsWith("delete "))
                    .count();
        }

        private void onlyReadsMustWait() {
            world.cloudErrors.put(
                    "describe",
                    new ProviderException.RateLimited(
                            "kept for growth", Duration.ofMinutes(5), ProviderException.RateLimited.Scope.READS));
        }

        @Test
        void keepsQuietForAsLongAsTheCloudAsks() {
            world.node("a", 4);
            world.cloudErrors.put("describe", new ProviderException.RateLimited("too many", Duration.ofSeconds(60)));
            PoolController controller = controller(policy());
            assertThat(controller.pass().plan().condition()).isEqualTo(Condition.CLOUD_UNREADABLE);
            world.cloudErrors.clear();
            world.calls.clear();
            world.pass(Duration.ofSeconds(59));
            assertThat(controller.pass().plan().message()).contains("rate limit");
            assertThat(world.calls).isEmpty();
            world.pass(Duration.ofSeconds(11));
            controller.pass();
            assertThat(world.writes()).containsExactly("grow 2");
        }
    }

    /** I3, I4, I5, I8 and I9. */
    @Nested
    final class Steadfast {
        @Test
        void goesOnWithTheOthersWhenOneDeletionFails() {
            expired("b");
            expired("c");
            expired("d").node("a", 0);
            world.cloudErrors.put("delete i-b", new ProviderException.Transient("500"));
            PassRecord pass = familiar(policy()).pass();
            assertThat(results(pass)).containsExactly(Result.FAILED, Result.DONE, Result.DONE);
            assertThat(world.nodes).containsOnlyKeys("a", "b");
        }

        @Test
        void goesOnWithTheOthersWhenOneLiveReadFails() {
            expired("b");
            expired("c").node("a", 0);
            world.clusterErrors.put("readNode b", new ClusterException(ClusterException.Kind.UNAVAILABLE, "timed out"));
            PassRecord pass = familiar(policy()).pass();
            assertThat(results(pass)).containsExactly(Result.FAILED, Result.DONE);
            assertThat(world.writes()).doesNotContain("delete i-b");
        }

        @Test
        void triesWhatFailedLastAfterTheOthers() {
            expired("b");
            expired("c").node("a", 0);
            world.cloudErrors.put("delete i-b", new ProviderException.Transient("500"));
            world.cloudErrors.put("delete i-c", new ProviderException.Transient("500"));
            PoolController controller = familiar(policy());
            controller.pass();
            expired("d");
            controller.pass();
            world.writes();
            world.pass(Duration.ofSeconds(30));
            controller.pass();
            assertThat(world.writes())
                    .containsSubsequence("delete i-d", "delete i-b")
                    .containsSubsequence("delete i-d", "delete i-c");
        }

        @Test
        void keepsANodeForTakingBackWhoseDeletionTheCloudRefusedForCertain() {
            expired("b").node("a", 0);
            world.cloudErrors.put("delete i-b", new ProviderException.InvalidRequest("the cluster is being upgraded"));
            Optional<Instant> emptySince = world.nodes.get("b").marks().emptySince();
            PoolController controller = controller(policy());
            controller.pass();
            assertThat(world.nodes.get("b").marks().deletingAt()).isEmpty();
            assertThat(world.nodes.get("b").marks().emptySince())
                    .isEqualTo(emptySince)
                    .isPresent();
            world.unplaced = 1;
            controller.pass();
            assertThat(world.nodes.get("b").unschedulable()).isFalse();
        }

        @Test
        void doesNotTakeANodeBackWhoseDeletionHadNoAnswer() {
            expired("b").node("a", 0);
            world.cloudErrors.put("delete i-b", new ProviderException.Transient("no answer"));
            PoolController controller = familiar(policy());
            controller.pass();
            world.unplaced = 1;
            controller.pass();
            assertThat(world.nodes.get("b").unschedulable()).isTrue();
        }

        @Test
        void keepsANodeForTakingBackWhoseDeletionALiveCheckStopped() {
            expired("b").node("a", 0);
            world.before.put("readNode b", () -> world.servers.put("b", 1));
            PoolController controller = familiar(policy());
            assertThat(results(controller.pass())).containsExactly(Result.SKIPPED);
            world.unplaced = 3;
            world.writes();
            controller.pass();
            assertThat(world.writes())
                    .as("3 slots are free on a node that nobody was told to delete")
                    .containsExactly("mark CLEAR_EMPTY_SINCE b", "uncordon b");
        }

        @Test
        void takesANodeBackWhileTheCloudIsAwayAndItsLastAnswerIsRecent() {
            world.node("a", 4).node("b", 1, node -> node.cordonedFor(LONG));
            world.node("c", 1, node -> node.cordonedFor(LONG).deletingFor(Duration.ofSeconds(5)));
            PoolController controller = controller(policy(1, 1, 10));
            world.unreadable = Optional.of("not synced yet");
            controller.pass();
            world.unreadable = Optional.empty();
            world.cloudErrors.put("describe", new ProviderException.Transient("timed out"));
            world.pass(Duration.ofMinutes(9));
            world.writes();
            PassRecord pass = controller.pass();
            assertThat(pass.plan().condition()).isEqualTo(Condition.CLOUD_UNREADABLE);
            assertThat(world.writes()).containsExactly("uncordon b");
        }

        @Test
        void takesNoNodeBackWhenTheLastAnswerOfTheCloudIsTenMinutesOld() {
            world.node("a", 4).node("b", 1, node -> node.cordonedFor(LONG));
            PoolController controller = controller(policy(1, 1, 10));
            world.unreadable = Optional.of("not synced yet");
            controller.pass();
            world.unreadable = Optional.empty();
            world.cloudErrors.put("describe", new ProviderException.Transient("timed out"));
            world.pass(Duration.ofMinutes(10));
            world.writes();
            controller.pass();
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void takesNoNodeBackThatTheCloudIsDeletingByNow() {
            // a person deletes the empty node with the cloud's own tool
            passAfterSomebodyDeletesTheNodeSetAside(() -> world.size = 1);
            assertThat(world.nodes.get("b").unschedulable()).isTrue();
        }

        @Test
        void takesNoNodeBackThatTheCloudIsDeletingThoughTheSizeIsAsPlanned() {
            // a person replaces the empty node with the cloud's own tool: one goes and one comes
            PassRecord pass = passAfterSomebodyDeletesTheNodeSetAside(() -> world.instances.put(
                    "x", new Instance("x", Optional.empty(), Optional.empty(), State.BOOTING, "", world.now)));
            assertThat(pass.plan().actions()).extracting(Action::type).containsExactly("uncordon");
            assertThat(onlyMessage(pass)).isEqualTo("the cloud deletes its machine, or no longer lists it");
            assertThat(world.nodes.get("b").unschedulable()).isTrue();
        }

        private PassRecord passAfterSomebodyDeletesTheNodeSetAside(Runnable besides) {
            Duration lately = Duration.ofSeconds(10);
            world.node("a", 0).node("b", 0, node -> node.expiredFor(lately));
            PoolController controller = controller(policy());
            controller.pass();
            world.instances.computeIfPresent(
                    "i-b",
                    (id, it) -> new Instance(
                            id, it.providerId(), it.nodeName(), State.DELETING, "draining", it.createdAt()));
            besides.run();
            world.unplaced = 1;
            world.pass(Duration.ofSeconds(5));
            return controller.pass();
        }

        @Test
        void leavesToTheNextPassWhatItHasNotComeToWithinHalfAMinute() {
            expired("b");
            expired("c").node("a", 0);
            world.before.put("delete i-b", () -> world.pass(Duration.ofSeconds(30)));
            PoolController controller = familiar(policy());
            PassRecord slow = controller.pass();
            assertThat(results(slow)).containsExactly(Result.DONE, Result.SKIPPED);
            assertThat(slow.outcomes().get(1).message()).isEqualTo("the pass has acted for 30 s");
            assertThat(results(controller.pass())).containsExactly(Result.DONE);
        }

        @Test
        void finishesAFailedDeletionLater() {
            expired("b").node("a", 0);
            world.cloudErrors.put("delete i-b", new ProviderException.Transient("cut"));
            PoolController controller = familiar(policy());
            controller.pass();
            world.cloudErrors.clear();
            world.pass(Duration.ofSeconds(30));
            // another process: nothing but the annotation tells that the deletion was begun
            familiar(policy()).pass();
            assertThat(world.nodes).containsOnlyKeys("a");
            assertThat(world.size).isEqualTo(1);
        }

        @Test
        void staysAtTheMinimumWhenTheSizeFellMeanwhile() {
            expired("b").node("a", 4).node("c", 4);
            PoolController controller = familiar(policy(0, 2, 5));
            world.before.put("describe", () -> world.before.put("describe", () -> world.size = 2));
            PassRecord pass = controller.pass();
            assertThat(results(pass)).containsExactly(Result.SKIPPED);
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void neverRestartsTheClockOfACordonedNode() {
            world.node("a", 0).node("b", 0);
            PoolController controller = controller(policy());
            controller.pass();
            Marks first = world.nodes.get("a").marks();
            for (int i = 0; i < 5; i++) {
                world.pass(Duration.ofSeconds(20));
                controller.pass();
            }
            assertThat(world.nodes.get("a").marks()).isEqualTo(first);
            assertThat(world.writes()).containsExactly("cordon a");
        }

        @Test
        void leavesAlonePersonsCordonUntilThePersonLiftsIt() {
            world.node("held", 0, node -> node.cordonedByPerson()).node("a", 4).node("b", 4);
            PoolController controller = controller(policy(0, 1, 5));
            for (int i = 0; i < 100; i++) {
                controller.pass();
                world.pass(Duration.ofMinutes(1));
            }
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void doesNothingWhileTheClusterCannotBeRead() {
            world.node("a", 4);
            world.unreadable = Optional.of("the watch is silent since 90 s");
            PassRecord pass = controller(policy()).pass();
            assertThat(pass.plan().condition()).isEqualTo(Condition.CLUSTER_UNREADABLE);
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void goesOnWithTheActionsWhenAMarkFailsUnexpectedly() {
            expired("b").node("a", 0).node("c", 0, node -> node.cordonedFor(LONG));
            world.before.put("mark SET_EMPTY_SINCE c", () -> {
                throw new IllegalStateException("client bug");
            });
            assertThat(results(familiar(policy()).pass())).containsExactly(Result.DONE);
            assertThat(world.nodes).doesNotContainKey("b");
        }

        @Test
        void writesAMarkThatFailsWithGrowingPauses() {
            world.node("a", 0).node("c", 0, node -> node.cordonedFor(LONG));
            world.clusterErrors.put(
                    "mark SET_EMPTY_SINCE c", new ClusterException(ClusterException.Kind.FORBIDDEN, "no patch"));
            PoolController controller = controller(policy());
            for (int i = 0; i < 60; i++) {
                controller.pass();
                world.pass(Duration.ofMillis(50));
            }
            assertThat(world.writes()).hasSize(3);
            world.clusterErrors.clear();
            world.pass(Duration.ofSeconds(2));
            controller.pass();
            assertThat(world.nodes.get("c").marks().emptySince()).contains(world.now);
        }

        @Test
        void survivesAProviderBuiltForAnotherVersion() {
            expired("b").node("a", 0);
            world.before.put("delete i-b", () -> {
                throw new AbstractMethodError("delete");
            });
            assertThat(results(familiar(policy()).pass())).containsExactly(Result.FAILED);
            world.before.put("describe", () -> {
                throw new NoClassDefFoundError("com/example/Sdk");
            });
            PassRecord pass = controller(policy()).pass();
            assertThat(pass.plan().condition()).isEqualTo(Condition.CLOUD_UNREADABLE);
        }

        @Test
        void survivesAProviderThatThrowsWhatItMustNot() {
            world.node("a", 4);
            world.before.put("describe", () -> {
                throw new IllegalStateException("plug-in bug");
            });
            PassRecord pass = controller(policy()).pass();
            assertThat(pass.plan().condition()).isEqualTo(Condition.CLOUD_UNREADABLE);
            assertThat(pass.plan().message()).contains("plug-in bug");
        }
    }

    /** I6: only the leader acts, and looks again before every single write. */
    @Nested
    final class OnlyTheLeader {
        @Test
        void stopsBetweenTwoActionsWhenTheLeaseIsLost() {
            expired("b");
            expired("c").node("a", 0);
            world.before.put("readNode c", () -> leadership = () -> false);
            PassRecord pass = familiar(policy()).pass();
            assertThat(results(pass)).containsExactly(Result.DONE, Result.NOT_ACTING);
            assertThat(world.writes()).containsExactly("markDeleting b", "delete i-b", "markDeleting c");
        }

        @Test
        void looksAgainBeforeItMarksANodeForDeletion() {
            expired("b").node("a", 0);
            PoolController controller = familiar(policy());
            world.before.put("describe", () -> world.before.put("describe", () -> leadership = () -> false));
            assertThat(results(controller.pass())).containsExactly(Result.NOT_ACTING);
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void looksAgainAfterTheLiveReadOfAGrow() {
            world.node("a", 4);
            world.before.put("describe", () -> world.before.put("describe", () -> leadership = () -> false));
            assertThat(results(controller(policy()).pass())).containsExactly(Result.NOT_ACTING);
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void looksAgainAfterTheLiveReadOfATakingBack() {
            world.node("a", 4).node("b", 0, node -> node.cordonedFor(LONG));
            world.before.put("describe", () -> world.before.put("describe", () -> leadership = () -> false));
            assertThat(results(controller(policy()).pass())).containsExactly(Result.NOT_ACTING);
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void looksAgainBeforeItGivesARefusedDeletionUp() {
            expired("b").node("a", 0);
            world.before.put("delete i-b", () -> leadership = () -> false);
            world.cloudErrors.put("delete i-b", new ProviderException.InvalidRequest("the cluster is being upgraded"));
            familiar(policy()).pass();
            assertThat(world.writes()).containsExactly("markDeleting b", "delete i-b");
        }

        @Test
        void touchesNothingInADryRun() {
            expired("b").node("a", 0).node("c", 0).node("d", 0, node -> node.cordonedFor(LONG));
            PassRecord pass = controller(policy(), true).pass();
            assertThat(pass.plan().actions()).isNotEmpty();
            assertThat(pass.plan().marks()).isNotEmpty();
            assertThat(results(pass)).containsOnly(Result.NOT_ACTING);
            assertThat(world.writes()).isEmpty();
        }

        @Test
        void endsAfterTheActionAtHandWhenStopped() {
            expired("b");
            expired("c").node("a", 0);
            PoolController controller = familiar(policy());
            world.before.put("delete i-b", controller::stop);
            assertThat(results(controller.pass())).containsExactly(Result.DONE, Result.NOT_ACTING);
        }
    }

    @Test
    void asksTheCloudOnceAnIntervalWhileNothingIsToDo() {
        world.node("a", 0);
        PoolController controller = controller(policy());
        for (int i = 0; i < 100; i++) {
            controller.pass();
            world.pass(Duration.ofMillis(100));
        }
        assertThat(world.calls).containsExactly("describe");
    }
}
