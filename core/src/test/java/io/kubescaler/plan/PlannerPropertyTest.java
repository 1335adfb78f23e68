package io.kubescaler.plan;

import static io.kubescaler.testing.PoolBuilder.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Reading.Known;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What holds of every plan, tried on thousands of pools made by chance. A failure names the seed of its case;
 * {@code -Dseed=SEED} runs that case alone, with {@code -Dcases=N} so many from there on.
 */
final class PlannerPropertyTest {
    private final Planner planner = new Planner();

    private static void forEachCase(BiConsumer<Random, String> check) {
        String given = System.getProperty("seed", "");
        long first = given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        int cases = Integer.getInteger("cases", given.isEmpty() ? 2000 : 1);
        for (long seed = first; seed != first + cases; seed++) {
            check.accept(new Random(seed), "seed " + seed);
        }
    }

    private Plan plan(PoolPolicy policy, PoolSnapshot snapshot) {
        return planner.plan(policy, snapshot, PoolHistory.NONE, NOW);
    }

    @Test
    void everyPlanKeepsTheInvariants() {
        forEachCase((random, seed) -> {
            PoolPolicy policy = RandomPool.policy(random);
            RandomPool pool = RandomPool.wild(random);
            Plan plan = plan(policy, pool.snapshot());
            String described = "%s: %s%n%s%n%s".formatted(seed, policy, pool, plan.actions());
            killsNobody(pool, plan, described);
            staysWithinTheLimits(policy, pool, plan, described);
            leavesWhatIsAPersons(pool, plan, described);
            buysNoMoreThanIsMissing(policy, plan, described);
            saysWhy(plan, described);
        });
    }

    @Test
    void countsInTheRightNumber() {
        Pattern wrong = Pattern.compile("\\b1 (?:(?:slot|node|server|machine|time)s|are|were|remain|take)\\b"
                + "|\\b(?:0|[2-9]|\\d{2,}) (?:(?:slot|node|server|machine|time)|is(?! the )|was|remains|takes)\\b");
        forEachCase((random, seed) -> {
            Plan plan = plan(RandomPool.policy(random), RandomPool.wild(random).snapshot());
            List<String> texts = new ArrayList<>(List.of(plan.message()));
            plan.actions().forEach(action -> texts.add(action.reason().message()));
            plan.marks().forEach(mark -> texts.add(mark.reason().message()));
            plan.nodes().forEach(node -> texts.add(node.verdict()));
            assertThat(texts).as(seed).allSatisfy(text -> assertThat(text).doesNotContainPattern(wrong));
        });
    }

    /** I1, and protection. */
    private static void killsNobody(RandomPool pool, Plan plan, String described) {
        for (Action action : plan.actions()) {
            if (action instanceof Action.Delete delete) {
                RandomPool.Machine machine = pool.machines.get(delete.instance().substring("i-".length()));
                assertThat(machine.servers).as(described).isZero();
                assertThat(machine.keep && machine.joined).as(described).isFalse();
                assertThat(machine.guarded && machine.joined).as(described).isFalse();
                assertThat(machine.listed).as(described).isTrue();
            }
        }
    }

    /** I2 and I3. */
    private static void staysWithinTheLimits(PoolPolicy policy, RandomPool pool, Plan plan, String described) {
        List<Action.Grow> grows = plan.actions().stream()
                .filter(Action.Grow.class::isInstance)
                .map(Action.Grow.class::cast)
                .toList();
        assertThat(grows).as(described).hasSizeLessThanOrEqualTo(1);
        for (Action.Grow grow : grows) {
            assertThat(grow.from()).as(described).isEqualTo(pool.size);
            assertThat(grow.to()).as(described).isGreaterThan(pool.size).isLessThanOrEqualTo(policy.maximum());
            assertThat(grow.to()).as(described).isLessThanOrEqualTo(pool.limit.orElse(Integer.MAX_VALUE));
        }
        long expired = plan.actions().stream()
                .filter(it -> it.reason() instanceof Reason.Expired)
                .count();
        if (expired > 0) {
            assertThat(pool.size - expired).as(described).isGreaterThanOrEqualTo(policy.minimum());
        }
    }

    /** I4 and I5. */
    private static void leavesWhatIsAPersons(RandomPool pool, Plan plan, String described) {
        Set<String> targets = new HashSet<>();
        for (Action action : plan.actions()) {
            assertThat(targets.add(action.target())).as(described).isTrue();
            RandomPool.Machine machine = pool.machines.get(action.target().replaceFirst("^i-", ""));
            if (machine == null) {
                assertThat(action).as(described).isInstanceOf(Action.Grow.class);
            } else {
                assertThat(machine.held()).as(described).isFalse();
                if (action instanceof Action.Cordon) {
                    assertThat(machine.unschedulable
                                    || machine.keep
                                    || (!machine.ready && machine.state != Instance.State.DELETING))
                            .as(described)
                            .isFalse();
                }
                if (action instanceof Action.Uncordon) {
                    assertThat(machine.unschedulable && machine.cordonedAt.isPresent())
                            .as(described)
                            .isTrue();
                }
            }
        }
        for (Mark mark : plan.marks()) {
            RandomPool.Machine machine = pool.machines.get(mark.node());
            assertThat(machine.held()).as(described).isFalse();
            if (mark.kind() == Mark.Kind.SET_EMPTY_SINCE) {
                assertThat(machine.emptySince.map(NOW::isBefore).orElse(true))
                        .as(described)
                        .isTrue();
            }
        }
    }

    /** I7: with one node less than is ordered, the buffer or the minimum would be missed. */
    private static void buysNoMoreThanIsMissing(PoolPolicy policy, Plan plan, String described) {
        for (Action action : plan.actions()) {
            // one that is for a server without a place buys for that, whatever slots are free
            if (action instanceof Action.Grow grow
                    && grow.to() > policy.minimum()
                    && !(grow.reason() instanceof Reason.NoRoomForServer)) {
                int ordered = grow.to() - grow.from();
                long fewer = plan.free()
                        + plan.upcoming()
                        + (ordered - 1) * plan.slotsPerNewNode().orElse(0);
                assertThat(fewer).as(described).isLessThan(plan.required());
            }
        }
    }

    /**
     * I14: under Ok, each server that is on no node has room on one, or more nodes than enough for all are coming, or it
     * is the business of another pool.
     */
    @Test
    void noServerWaitsUnderOkThatNothingIsDoneFor() {
        forEachCase((random, seed) -> {
            PoolPolicy policy = RandomPool.policy(random);
            RandomPool pool = RandomPool.wild(random);
            WaitingByChance waiting = WaitingByChance.of(random);
            PoolSnapshot snapshot = pool.snapshot(waiting::addTo);
            Plan plan = plan(policy, snapshot);
            ClusterState cluster = ((Known<ClusterState>) snapshot.cluster()).value();
            String described = "%s: %s%n%s%n%s%n%s".formatted(seed, policy, pool, cluster.unplaced(), plan.message());
            boolean coming = plan.upcoming() > 0
                    // its taint may be about to go
                    || cluster.nodes().stream()
                            .anyMatch(node -> Fitness.isReady(node, policy) && !Fitness.hasSettled(node, NOW))
                    || plan.actions().stream()
                            .anyMatch(it -> it instanceof Action.Grow || it instanceof Action.Uncordon);
            if (plan.condition() == Condition.OK && !coming) {
                assertThat(cluster.unplaced())
                        .as(described)
                        .allSatisfy(server ->
                                assertThat(cluster.nodes()).anyMatch(node -> WaitingByChance.hasRoom(node, server)));
            }
            assertThat(plan.required()).as(described).isGreaterThanOrEqualTo(policy.buffer() + plan.unplaced());
            assertThat(plan.unplaced() < cluster.unplaced().size() && plan.condition() == Condition.OK)
                    .as(described)
                    .isFalse();
            assertThat(plan(policy, shuffled(snapshot, random))).as(described).isEqualTo(plan);
        });
    }

    /** I10. */
    private static void saysWhy(Plan plan, String described) {
        plan.actions().forEach(action -> {
            assertThat(action.reason().message()).as(described).isNotBlank();
            assertThat(action.reason().code()).as(described).matches("[A-Z][A-Za-z]+");
        });
        plan.marks()
                .forEach(mark ->
                        assertThat(mark.reason().message()).as(described).isNotBlank());
        assertThat(plan.nodes())
                .as(described)
                .allSatisfy(node -> assertThat(node.verdict()).isNotBlank());
        if (plan.condition() == Condition.UNHEALTHY) {
            assertThat(plan.actions())
                    .as(described)
                    .allMatch(action -> action instanceof Action.Delete
                            ? !(action.reason() instanceof Reason.Expired)
                            : action.reason() instanceof Reason.CloudIsDeleting);
            assertThat(plan.marks()).as(described).noneMatch(mark -> mark.kind() == Mark.Kind.SET_EMPTY_SINCE);
        }
    }

    @Test
    void theOrderOfTheSnapshotDoesNotMatter() {
        forEachCase((random, seed) -> {
            PoolPolicy policy = RandomPool.policy(random);
            PoolSnapshot snapshot = RandomPool.wild(random).snapshot();
            assertThat(plan(policy, shuffled(snapshot, random))).as(seed).isEqualTo(plan(policy, snapshot));
        });
    }

    /** A planner that has planned before decides as a new one does, whatever has changed in between. */
    @Test
    void whatWasPlannedBeforeDoesNotMatter() {
        forEachCase((random, seed) -> {
            PoolPolicy policy = RandomPool.policy(random);
            RandomPool pool = RandomPool.wild(random);
            Planner used = new Planner();
            PoolHistory history = PoolHistory.NONE;
            Instant now = NOW;
            Map<Node, Node> known = new HashMap<>();
            for (int pass = 0; pass < 8; pass++) {
                PoolPolicy asked = random.nextInt(12) == 0 ? RandomPool.policy(random) : policy;
                PoolSnapshot whole = withTheSameNodes(pool.snapshot(), known);
                PoolSnapshot snapshot = random.nextInt(12) == 0 ? half(whole, random) : whole;
                Plan plan = used.plan(asked, snapshot, history, now);
                assertThat(plan)
                        .as("%s, pass %d: %s", seed, pass, pool)
                        .isEqualTo(new Planner().plan(asked, snapshot, history, now));
                if (random.nextBoolean()) {
                    pool.apply(plan, now);
                }
                pool.change();
                history = plan.history();
                now = now.plusSeconds(random.nextInt(400) - 20);
            }
        });
    }

    // a node that did not change is the same object, as those who watch a cluster give it
    private static PoolSnapshot withTheSameNodes(PoolSnapshot snapshot, Map<Node, Node> known) {
        ClusterState cluster = ((Known<ClusterState>) snapshot.cluster()).value();
        List<Node> nodes = cluster.nodes().stream()
                .map(node -> known.computeIfAbsent(node, same -> same))
                .toList();
        return new PoolSnapshot(
                snapshot.cloud(),
                Reading.known(new ClusterState(nodes, cluster.unplaced(), cluster.servers(), cluster.shared())));
    }

    // one side cannot be read
    private static PoolSnapshot half(PoolSnapshot whole, Random random) {
        return random.nextBoolean()
                ? new PoolSnapshot(whole.cloud(), Reading.unreadable("it is away"))
                : new PoolSnapshot(Reading.unreadable("it is away"), whole.cluster());
    }

    private static PoolSnapshot shuffled(PoolSnapshot snapshot, Random random) {
        PoolDescription cloud = ((Known<PoolDescription>) snapshot.cloud()).value();
        ClusterState cluster = ((Known<ClusterState>) snapshot.cluster()).value();
        List<Instance> instances = new ArrayList<>(cloud.instances());
        List<Node> nodes = new ArrayList<>(cluster.nodes());
        List<Pod> unplaced = new ArrayList<>(cluster.unplaced());
        Collections.shuffle(instances, random);
        Collections.shuffle(nodes, random);
        Collections.shuffle(unplaced, random);
        return new PoolSnapshot(
                Reading.known(new PoolDescription(
                        cloud.size(), instances, cloud.instanceIdLabel(), cloud.template(), cloud.limit())),
                Reading.known(new ClusterState(nodes, unplaced, cluster.servers(), cluster.shared())));
    }

    @Test
    void thePassAfterTakesNothingBack() {
        forEachCase((random, seed) -> {
            PoolPolicy policy = RandomPool.policy(random);
            RandomPool pool = RandomPool.wild(random);
            // a deletion that is given up brings a node back, which is news for the pass after
            pool.machines.values().forEach(it -> it.deletingAt = Optional.empty());
            String before = "%s: %s%n%s".formatted(seed, policy, pool);
            Plan first = plan(policy, pool.snapshot());
            pool.apply(first, NOW);
            Plan second = planner.plan(policy, pool.snapshot(), first.history(), NOW);
            String described = "%s%n%s %s%n%s %s"
                    .formatted(before, first.actions(), first.marks(), second.actions(), second.marks());
            Set<String> touched = new HashSet<>(targets(first));
            touched.retainAll(targets(second));
            if (first.condition() == Condition.AT_MAXIMUM) {
                // deletions have made room for more of what was missing
                touched.remove("");
            }
            if (first.actions().stream()
                    .anyMatch(it -> it instanceof Action.Delete && !(it.reason() instanceof Reason.Expired))) {
                // what never came may have stood for a part of the minimum
                touched.remove("");
            }
            if (policy.cordonDelay().isZero()) {
                touched.removeAll(takenBackNeedlessly(first, second));
            }
            assertThat(touched).as(described).isEmpty();
            assertThat(second.marks()).as(described).noneMatch(first.marks()::contains);
        });
    }

    // a node with little room is taken back for one server, and after it one with room for all
    private static List<String> takenBackNeedlessly(Plan first, Plan second) {
        List<Action> forServers = first.actions().stream()
                .filter(it -> it.reason() instanceof Reason.RoomForServer)
                .toList();
        return forServers.stream()
                .limit(Math.max(0, forServers.size() - 1))
                .map(Action::target)
                .filter(target -> second.actions().stream()
                        .anyMatch(it -> it.target().equals(target) && it.reason() instanceof Reason.Surplus))
                .toList();
    }

    private static Set<String> targets(Plan plan) {
        return plan.actions().stream().map(Action::target).collect(Collectors.toSet());
    }

    @Test
    void comesToRestAtTheSmallestPoolThatThePolicyAllows() {
        forEachCase((random, seed) -> {
            PoolPolicy policy = RandomPool.policy(random);
            RandomPool pool = RandomPool.healthy(random);
            String described = "%s: %s%n%s".formatted(seed, policy, pool);
            Duration step = policy.emptyNodeExpiration().plusSeconds(1);
            PoolHistory history = PoolHistory.NONE;
            Instant now = NOW;
            int rest = 0;
            Plan plan = plan(policy, pool.snapshot());
            for (int pass = 0; rest < 3; pass++) {
                assertThat(pass)
                        .as("%s%n%s%n%s", described, pool, plan.actions())
                        .isLessThan(12);
                plan = planner.plan(policy, pool.snapshot(), history, now);
                rest = plan.actions().isEmpty() && plan.marks().isEmpty() ? rest + 1 : 0;
                pool.apply(plan, now);
                pool.settle(now);
                history = plan.history();
                now = now.plus(step);
            }
            isSmallest(policy, pool, plan, "%s%n%s%n%s".formatted(described, pool, plan));
        });
    }

    private static void isSmallest(PoolPolicy policy, RandomPool pool, Plan plan, String described) {
        assertThat(pool.size).as(described).isGreaterThanOrEqualTo(policy.minimum());
        boolean enough = plan.free() >= plan.required();
        assertThat(enough || plan.condition() == Condition.AT_MAXIMUM)
                .as(described)
                .isTrue();
        long takers =
                pool.machines.values().stream().filter(it -> !it.unschedulable).count();
        pool.machines.forEach((name, machine) -> {
            boolean ours = machine.unschedulable && machine.cordonedAt.isPresent();
            boolean deletable = ours && machine.servers == 0 && !machine.keep;
            assertThat(deletable && pool.size > policy.minimum()).as(described).isFalse();
            boolean needed = plan.free() - machine.slots() < plan.required() || takers - 1 < policy.minimum();
            assertThat(machine.unschedulable || machine.keep || machine.slots() == 0 || needed)
                    .as("%s is surplus: %s", name, described)
                    .isTrue();
            assertThat(ours && machine.slots() > 0 && !machine.keep && !enough)
                    .as(described)
                    .isFalse();
        });
    }
}
