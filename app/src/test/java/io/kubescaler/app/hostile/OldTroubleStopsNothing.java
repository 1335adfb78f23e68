package io.kubescaler.app.hostile;

import io.kubescaler.control.PassRecord;
import io.kubescaler.model.Instance;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * I13: machines that never came, and nodes that a person holds, stop nothing that concerns the others. A pool is not
 * unhealthy for them, machines that were seen to be ordered and to fail are removed from an unhealthy pool too, and what was there when a process
 * began does not pause its growth. Counts on its own, from the observations and not from the plan.
 */
final class OldTroubleStopsNothing extends Watcher {
    private static final Duration REGISTRATION = Duration.ofMinutes(2);
    private static final Duration OFTEN = Duration.ofSeconds(30);
    private static final Duration UNEVEN = Duration.ofSeconds(1);
    private static final Duration JUST_ORDERED = Duration.ofSeconds(100);

    // processes that have made a pass with a picture of the pool
    private final Set<String> begun = new HashSet<>();
    private final Set<String> hadNode = new HashSet<>();
    private final Map<String, String> uids = new HashMap<>();
    // those whose node has been another one: they came, though the node that they have now may never have been Ready
    private final Set<String> replaced = new HashSet<>();
    // whether there has been a node that does not tell which machine it is
    private boolean anonymous;
    // by process and term
    private final Map<String, Look> looks = new HashMap<>();

    /**
     * The last pass of a process, on the clock of the simulation and its own, the machines that it has seen, and those of them
     * that it has seen from their order on and never running.
     */
    private record Look(long nanos, Instant wall, Set<String> known, Set<String> ordered) {}

    OldTroubleStopsNothing(World world) {
        super(world, "I13");
    }

    @Override
    void passed(Replica replica, PassRecord record) {
        for (Node node : world.journals().nodesNow()) {
            String machine = World.machineOf(node);
            hadNode.add(machine);
            String before = uids.put(machine, node.uid());
            if (before != null && !before.equals(node.uid())) {
                replaced.add(machine);
            }
        }
        anonymous |= world.journals().nodesNow().stream()
                .anyMatch(node -> node.providerId().isEmpty());
        Condition condition = record.plan().condition();
        if (condition.isReadable() && replica.cluster().observed() instanceof Known<ClusterState> known) {
            boolean first = begun.add(replica.identity());
            if (first && condition == Condition.GROWTH_PAUSED && isOfThisCluster(replica, known.value())) {
                violation("%s pauses growth in its first pass: %s"
                        .formatted(replica.identity(), record.plan().message()));
            }
            if (condition == Condition.UNHEALTHY) {
                checkUnhealthy(replica, record, known.value());
            }
            look(replica);
        }
    }

    private void checkUnhealthy(Replica replica, PassRecord record, ClusterState cluster) {
        // decided by the one before, or by the latest
        List<PoolDescription> described = List.copyOf(replica.cloud().described());
        boolean right = described.stream()
                .anyMatch(cloud -> isUnhealthy(cluster, cloud, record.plan().now(), Set.of())
                        || isUnhealthy(cluster, cloud, record.plan().now(), replaced));
        if (!described.isEmpty() && !right) {
            violation("%s takes the pool for unhealthy: %s"
                    .formatted(replica.identity(), record.plan().message()));
        }
        if (record.plan().serverPods() == 0 || anonymous) {
            // where no server was ever seen, by a selector that may be mistyped, nothing is deleted; nor is a machine
            // that
            // may be a node which does not tell what it is
            return;
        }
        Set<String> ordered = lookBefore(replica).map(Look::ordered).orElse(Set.of());
        Set<String> deleted = record.plan().actions().stream()
                .filter(Action.Delete.class::isInstance)
                .map(action -> ((Action.Delete) action).instance())
                .collect(Collectors.toSet());
        described.stream()
                .map(OldTroubleStopsNothing::failed)
                .reduce((one, other) -> {
                    one.retainAll(other);
                    return one;
                })
                .filter(failed -> isOfThisCluster(replica, cluster))
                .ifPresent(failed -> failed.stream()
                        .filter(ordered::contains)
                        .filter(machine -> !hadNode.contains(machine) && !deleted.contains(machine))
                        .forEach(machine -> violation("%s leaves machine %s, which failed, in an unhealthy pool"
                                .formatted(replica.identity(), machine))));
    }

    private void look(Replica replica) {
        Optional<Look> before = lookBefore(replica);
        Set<String> known = new HashSet<>(before.map(Look::known).orElse(Set.of()));
        Set<String> ordered = new HashSet<>(before.map(Look::ordered).orElse(Set.of()));
        List<Instance> listed =
                replica.cloud().decidedBy().map(PoolDescription::instances).orElse(List.of());
        for (Instance machine : listed) {
            boolean isNew = known.add(machine.id()) && before.isPresent();
            Duration age = Duration.between(machine.createdAt(), replica.wallTime());
            if (isNew && machine.state() == Instance.State.BOOTING && age.compareTo(JUST_ORDERED) < 0) {
                ordered.add(machine.id());
            } else if (machine.state() == Instance.State.RUNNING) {
                ordered.remove(machine.id());
            }
        }
        // one that a list left out may have had a node meanwhile
        ordered.retainAll(listed.stream().map(Instance::id).collect(Collectors.toSet()));
        looks.put(term(replica), new Look(world.clock().nanos(), replica.wallTime(), known, ordered));
    }

    // none when nobody has looked for a while, or the clock may say so: a node may have come and gone
    private Optional<Look> lookBefore(Replica replica) {
        return Optional.ofNullable(looks.get(term(replica)))
                .filter(look -> world.clock().nanos() - look.nanos() < OFTEN.toNanos())
                .filter(look -> Duration.between(look.wall(), replica.wallTime())
                                .minusNanos(world.clock().nanos() - look.nanos())
                                .abs()
                                .compareTo(UNEVEN)
                        < 0);
    }

    private static String term(Replica replica) {
        return replica.identity() + " " + replica.term();
    }

    private static Set<String> failed(PoolDescription cloud) {
        return cloud.instances().stream()
                .filter(instance -> instance.state() == Instance.State.FAILED)
                .map(Instance::id)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private boolean isOfThisCluster(Replica replica, ClusterState cluster) {
        return replica.cloud().described().stream()
                .allMatch(cloud -> cloud.instances().stream()
                        .anyMatch(instance -> cluster.nodes().stream()
                                .filter(node -> node.providerId().isPresent() || !world.nodesLackProviderIds())
                                .anyMatch(node -> World.machineOf(node).equals(instance.id()))));
    }

    // who has not seen a node replaced takes the machine for one that never came
    private static boolean isUnhealthy(ClusterState cluster, PoolDescription cloud, Instant now, Set<String> came) {
        int unready = 0;
        int counted = 0;
        for (Node node : cluster.nodes()) {
            Optional<Instance> machine = cloud.instances().stream()
                    .filter(instance -> instance.id().equals(World.machineOf(node)))
                    .findFirst();
            boolean held = node.unschedulable() && node.marks().cordonedAt().isEmpty();
            boolean overdue = !takesServers(node) && isOld(node, machine, now);
            boolean neverCame = neverCame(node, machine) && !came.contains(World.machineOf(node));
            if (!held && !(overdue && neverCame)) {
                counted++;
                unready += overdue ? 1 : 0;
            }
        }
        // one that is on its way out counts or does not, by how far it is
        return unready > 3 && unready * 100L > (counted - leaving(cluster)) * 45;
    }

    private static long leaving(ClusterState cluster) {
        return cluster.nodes().stream()
                .filter(node -> node.beingDeleted() || node.marks().deletingAt().isPresent())
                .count();
    }

    private static boolean isOld(Node node, Optional<Instance> machine, Instant now) {
        Duration age = Duration.between(node.createdAt(), now);
        Duration machineAge =
                machine.map(it -> Duration.between(it.createdAt(), now)).orElse(age);
        return age.compareTo(Scenario.PROVISIONING_TIMEOUT) >= 0
                && machineAge.compareTo(Scenario.PROVISIONING_TIMEOUT) >= 0;
    }

    private static boolean neverCame(Node node, Optional<Instance> machine) {
        boolean never = node.unreadable().isEmpty()
                && !node.readiness().ready()
                && node.readiness()
                        .changedAt()
                        .filter(at -> at.isAfter(node.createdAt().plus(REGISTRATION)))
                        .isEmpty();
        boolean anew = machine.filter(
                        it -> !node.createdAt().isBefore(it.createdAt().plus(Scenario.PROVISIONING_TIMEOUT)))
                .isPresent();
        return never && !anew;
    }

    private static boolean takesServers(Node node) {
        return node.unreadable().isEmpty()
                && node.readiness().ready()
                && node.taints().stream().noneMatch(taint -> taint.key().equals(Scenario.STARTUP_TAINT));
    }
}
