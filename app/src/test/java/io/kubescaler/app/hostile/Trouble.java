package io.kubescaler.app.hostile;

import io.kubescaler.app.hostile.Fault.Kind;
import io.kubescaler.model.Node;
import io.kubescaler.model.NodeConstraints;
import io.kubescaler.model.Pod;
import io.kubescaler.model.Pod.Owner;
import io.kubescaler.model.Resources;
import io.kubescaler.simulated.NodeSpec;
import io.kubescaler.simulated.PodSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Makes the faults of a scenario happen and end. For one simulation. */
final class Trouble {
    private static final String FORBIDS = "karpenter.sh/do-not-disrupt=true";
    private static final Duration LATE = Duration.ofSeconds(3);
    // longer than any expiration of a scenario
    private static final Duration FORWARD = Duration.ofMinutes(11);
    private static final Duration PAST_FRESHNESS = NothingByAnOldPicture.OLDEST.multipliedBy(3);
    private static final Duration PAST_PROVISIONING = Scenario.PROVISIONING_TIMEOUT.plusMinutes(1);

    private final World world;
    private final SplittableRandom random;
    private final List<Fault> lasting = new ArrayList<>();
    private final Repairs repairs;
    private final OtherNames names;
    private int agents;
    private int unlabelled;
    private int late;
    private int growFirst;
    private int pods;

    Trouble(World world) {
        this.world = world;
        random = world.randomness().stream("trouble");
        repairs = new Repairs(world);
        names = new OtherNames(world, repairs);
    }

    void begin(Fault fault) {
        world.history().note("fault: " + fault);
        switch (fault.kind()) {
            case API_REFUSES,
                    API_SILENT,
                    API_ANSWERS_LOST,
                    API_SLOW,
                    API_CONFLICTS,
                    WATCH_LATE,
                    LEASE_REFUSED,
                    LEASE_SILENT,
                    LEASE_ANSWERS_LOST,
                    CLOUD_UNAUTHORIZED,
                    CLOUD_NOT_FOUND,
                    CLOUD_QUOTA,
                    CLOUD_RATE_LIMITED,
                    CLOUD_UNAVAILABLE,
                    CLOUD_GARBLED,
                    CLOUD_SILENT,
                    CLOUD_ANSWERS_LOST,
                    CLOUD_SLOW,
                    CLOUD_GRANTS_IN_PART,
                    CLOUD_LISTS_TWICE,
                    CLOUD_LISTS_TOO_FEW,
                    CLOUD_FAILS_ONE_DELETION,
                    CLOUD_CARRIES_OUT_LATE,
                    CLOUD_READS_WAIT -> onTheNetwork(fault);
            case CLOUD_REFUSES_DELETIONS -> onTheNetwork(lasting(fault, Duration.ofMinutes(30)));
            case WATCH_SILENT -> onTheNetwork(lasting(fault, PAST_FRESHNESS));
            case WATCH_OPENS_AND_ENDS -> {
                onTheNetwork(lasting(fault, PAST_FRESHNESS));
                world.replicas().forEach(replica -> replica.cutWatches(false));
            }
            case WATCH_CUT -> toReplica(fault, replica -> replica.cutWatches(false));
            case WATCH_GONE -> toReplica(fault, replica -> replica.cutWatches(true));
            case WATCH_REPLAYS -> toReplica(fault, Replica::replayWatches);
            case CLOUD_BOOTS_FAIL -> {
                world.cloud().faults().failBooting("no power");
                repairs.later(fault, () -> world.cloud().faults().recover());
            }
            case KILLED -> toReplica(fault, replica -> replica.kill("by a fault"));
            case KILLED_BEFORE_CHANGE -> toReplica(fault, Replica::killBeforeChange);
            case KILLED_AFTER_CHANGE -> toReplica(fault, Replica::killAfterChange);
            case STOPPED -> toReplica(fault, Replica::stop);
            case FROZEN -> toReplica(fault, replica -> replica.freeze(fault.lasts(), false));
            case SUSPENDED -> toReplica(fault, replica -> replica.freeze(fault.lasts(), true));
            case CLOCK_JUMPS -> {
                Duration by = Duration.ofMillis((long) ((fault.choice() - 0.5) * 1_200_000));
                toReplica(fault, replica -> replica.moveWallClock(by));
            }
            case OTHERS_GROW_THE_POOL -> resizeByOthers(1 + (int) (fault.choice() * 3));
            case OTHERS_SHRINK_THE_POOL -> resizeByOthers(-1 - (int) (fault.choice() * 2));
            case MACHINE_VANISHES -> vanish(fault);
            case NODE_OBJECT_DELETED -> toNode(fault, this::deleteObject);
            case NODE_CORDONED -> toNode(fault, node -> cordon(fault, node));
            case NODE_UNCORDONED -> toNode(fault, node -> world.cluster().setUnschedulable(node.name(), false));
            case NODE_LEAVES_THE_SELECTOR -> toNode(fault, node -> leaveTheSelector(fault, node));
            case NODE_COMES_AND_GOES_UNSEEN -> toNode(fault, this::comeAndGoUnseen);
            case NODE_TAINTED ->
                forAWhile(
                        fault,
                        node -> world.cluster().setTaint(node, Scenario.STARTUP_TAINT, true),
                        node -> world.cluster().setTaint(node, Scenario.STARTUP_TAINT, false));
            case NODE_RESERVED ->
                forAWhile(
                        fault,
                        node -> world.cluster().setTaint(node, "example.com/reserved", true),
                        node -> world.cluster().setTaint(node, "example.com/reserved", false));
            case NODE_KEPT ->
                forAWhile(
                        fault,
                        node -> world.cluster().setKeep(node, true),
                        node -> world.cluster().setKeep(node, false));
            case NODE_UNREADABLE ->
                forAWhile(
                        fault,
                        node -> world.cluster().setNodeUnreadable(node, Optional.of("status: garbled")),
                        node -> world.cluster().setNodeUnreadable(node, Optional.empty()));
            case NODE_RECORDONED -> recordon(fault);
            case POD_UNREADABLE -> unreadable(fault);
            case NODE_FLAPS -> forAWhile(fault, node -> world.cluster().setReady(node, false), names::ready);
            case MOST_NODES_UNREADY -> mostUnready(fault);
            case MACHINE_REGISTERS_ANEW -> toNode(fault, node -> registerAnew(fault, node));
            case MOST_NODES_HELD -> mostHeld(fault);
            case CORDONED_NODE_KEPT -> keepCordoned(fault);
            case OTHERS_GROW_FIRST -> growFirst++;
            case SERVER_BOUND_LATE -> late++;
            case SERVER_BOUND_PAST_CORDON -> boundPastCordon(fault);
            case NO_TOKEN_MOUNTED -> replaceWithoutToken(fault);
            case POD_FORBIDS_DISRUPTION ->
                chosen(fault).ifPresent(node -> protect(fault, node, Map.of(), Optional.of(FORBIDS)));
            case OTHERS_SERVER_RUNS ->
                cordonedOne(fault)
                        .or(() -> chosen(fault))
                        .ifPresent(node -> protect(
                                longEnough(fault), node, Scenario.PROTECTED.requiredLabels(), Optional.empty()));
            case AGENT_TAINTS_NEW_NODES -> {
                agents++;
                repairs.later(longEnough(fault), () -> agents--);
            }
            case LABELS_COME_LATE -> withoutLabels(fault);
            case NODES_LACK_PROVIDER_IDS -> names.lackProviderIds(fault);
            case MACHINE_LEAVES_THE_POOL ->
                cordonedOne(fault)
                        .or(() -> chosen(fault))
                        .ifPresent(node -> names.leaveThePool(
                                lasting(fault, Scenario.PROVISIONING_TIMEOUT.multipliedBy(2)), node.name()));
            case NODE_GOES_DARK -> cordonedOne(fault).or(() -> chosen(fault)).ifPresent(node -> goDark(fault, node));
            case CLOUD_SAYS_FAILED -> toNode(fault, node -> sayFailed(fault, node));
            case SELECTOR_MISTYPED -> {
                world.configure(it -> it.withMistyped(true), "the server selector is mistyped");
                repairs.later(
                        longEnough(fault),
                        () -> world.configure(it -> it.withMistyped(false), "the server selector is right"));
            }
            case POOLS_OVERLAP -> {
                Overlapping overlapping = new Overlapping(world);
                overlapping.begin(fault.choice());
                repairs.later(fault, overlapping::end);
            }
        }
    }

    /** Ends all trouble, and sets right what a person would. */
    void endAll() {
        List.copyOf(lasting).forEach(this::end);
        repairs.makeAll();
        world.replicas().forEach(Replica::setWallClockRight);
        world.cloud().faults().letMachinesComeUp();
        late = 0;
        growFirst = 0;
    }

    /**
     * A node was written by a replica: a binding may have been under way to one that is cordoned now, and the clock of the
     * replica be set forward before it arrives.
     */
    void nodeWritten(Replica replica, Node before, Node after) {
        names.nodeWritten(before, after);
        // the scheduler chooses no node that is not Ready
        boolean mayHaveBeenChosen = before.readiness().ready() && !before.unschedulable();
        if (late > 0 && mayHaveBeenChosen && after.unschedulable()) {
            late--;
            pods++;
            String name = "late-" + pods;
            if (random.nextInt(4) == 0) {
                world.history().note("the clock of %s is set forward".formatted(replica.identity()));
                replica.moveWallClock(FORWARD);
            }
            world.clock().after(Duration.ofMillis(1 + random.nextLong(LATE.toMillis())), () -> {
                if (!world.calm() && world.cluster().hasNode(after.name())) {
                    world.history().note("a binding that was under way reaches node " + after.name());
                    repairs.bind(name, after.name());
                    world.watchers().forEach(watcher -> watcher.boundLate(name, after));
                }
            });
        }
    }

    /** A node has joined the cluster; an agent may still have to come up there. */
    void nodeJoined(String name) {
        if (agents > 0) {
            world.clock().after(Duration.ZERO, () -> setAgentTaint(name, true));
            Duration lasts = World.READY_AFTER.plusMillis(1 + random.nextLong(60_000));
            world.clock().after(lasts, () -> setAgentTaint(name, false));
        }
        if (unlabelled > 0) {
            labelLate(name);
        }
        names.nodeJoined(name);
    }

    /** Returns whether machines are told by their provider IDs alone, which new nodes lack. */
    boolean nodesLackProviderIds() {
        return names.lackProviderIds();
    }

    private void withoutLabels(Fault fault) {
        unlabelled++;
        world.cluster().labelNewNodes(Map.of("pool", "none"));
        repairs.later(longEnough(fault), () -> {
            unlabelled--;
            if (unlabelled == 0) {
                world.cluster().labelNewNodes(Map.of());
            }
        });
    }

    private void labelLate(String name) {
        boolean soon = random.nextBoolean();
        boolean mute = random.nextInt(3) == 0;
        Duration lasts = Duration.ofMillis(1 + random.nextLong(soon ? 60_000 : 2_400_000));
        repairs.later(lasts, repairs.onceMore(name, () -> world.cluster().setLabel(name, "pool", "hostile")));
        if (mute) {
            world.clock()
                    .after(
                            World.READY_AFTER.plusMillis(1),
                            repairs.inTrouble(name, () -> world.cluster().setReady(name, false)));
            repairs.later(Duration.ofMinutes(30), repairs.onceMore(name, () -> names.ready(name)));
        }
    }

    private void setAgentTaint(String node, boolean there) {
        if (world.cluster().hasNode(node)) {
            world.cluster().setTaint(node, "example.com/agent", there);
        }
    }

    private void onTheNetwork(Fault fault) {
        world.network().begin(fault);
        lasting.add(fault);
        world.clock().after(fault.lasts(), () -> end(fault));
    }

    private void end(Fault fault) {
        if (lasting.remove(fault)) {
            world.history().note("over: " + fault.kind());
            world.network().end(fault);
        }
    }

    private void toReplica(Fault fault, Consumer<Replica> what) {
        world.replica(fault.replica()).ifPresent(what);
    }

    /** A replica has looked at the size for the last time and is about to grow the pool: somebody else may come first. */
    void beforeGrowth() {
        if (growFirst > 0) {
            growFirst--;
            resizeByOthers(1 + random.nextInt(4));
        }
    }

    /** A deletion may still be carried out: now and then somebody holds its node, and nobody can read what becomes of it. */
    void deletionUnanswered(Replica replica, String machine) {
        Optional<Fault> late = world.network().atWork(Kind.CLOUD_CARRIES_OUT_LATE, replica.index());
        if (late.isPresent() && random.nextBoolean()) {
            Fault kept = lasting(late.get(), Duration.ofMinutes(5));
            world.nodeOf(machine).ifPresent(node -> {
                world.othersActed("keeps node %s, which is being deleted".formatted(node.name()));
                world.cluster().setKeep(node.name(), true);
                repairs.later(
                        kept,
                        repairs.onceMore(node.name(), () -> world.cluster().setKeep(node.name(), false)));
            });
            Fault reads = new Fault(
                    late.get().at(),
                    Duration.ofMinutes(3),
                    Kind.CLOUD_READS_WAIT,
                    replica.index(),
                    random.nextDouble());
            world.clock().after(Duration.ofMillis(random.nextLong(50_000)), () -> {
                if (!world.calm()) {
                    onTheNetwork(reads);
                }
            });
        }
    }

    private void replaceWithoutToken(Fault fault) {
        world.pods().mountNoToken(fault);
        toReplica(fault, Replica::stop);
        repairs.later(fault, () -> {
            world.pods().mountAgain(fault);
            toReplica(fault, Replica::stop);
        });
    }

    private void resizeByOthers(int by) {
        int wanted = Math.max(0, world.cloud().size() + by);
        world.othersActed("resizes the pool to " + wanted);
        world.cloud().resizeByOthers(wanted);
    }

    private void vanish(Fault fault) {
        List<String> machines = List.copyOf(world.cloud().machines());
        if (!machines.isEmpty()) {
            String machine = machines.get((int) (fault.choice() * machines.size()));
            world.othersActed("machine %s vanishes".formatted(machine));
            world.cloud().removeByOthers(machine);
        }
    }

    private Optional<Node> chosen(Fault fault) {
        List<Node> nodes = world.journals().nodesNow();
        return nodes.isEmpty() ? Optional.empty() : Optional.of(nodes.get((int) (fault.choice() * nodes.size())));
    }

    private void toNode(Fault fault, Consumer<Node> what) {
        chosen(fault).ifPresent(node -> {
            world.othersActed("%s: %s".formatted(fault.kind(), node.name()));
            what.accept(node);
        });
    }

    private void forAWhile(Fault fault, Consumer<String> what, Consumer<String> back) {
        toNode(fault, node -> {
            what.accept(node.name());
            repairs.later(fault, repairs.onceMore(node.name(), () -> back.accept(node.name())));
        });
    }

    private void cordon(Fault fault, Node node) {
        if (!node.unschedulable()) {
            world.cluster().setUnschedulable(node.name(), true);
            repairs.later(
                    fault, repairs.onceMore(node.name(), () -> world.cluster().setUnschedulable(node.name(), false)));
        }
    }

    private void recordon(Fault fault) {
        List<Node> ours = world.journals().nodesNow().stream()
                .filter(node ->
                        node.unschedulable() && node.marks().cordonedAt().isPresent())
                .toList();
        if (!ours.isEmpty()) {
            String node = ours.get((int) (fault.choice() * ours.size())).name();
            world.othersActed("uncordons and cordons node " + node);
            world.cluster().setUnschedulable(node, false);
            world.cluster().setUnschedulable(node, true);
            repairs.later(fault, repairs.onceMore(node, () -> world.cluster().setUnschedulable(node, false)));
        }
    }

    // all servers of one node, best of one that is set aside: it could go for want of servers
    private void unreadable(Fault fault) {
        List<Pod> all = world.journals().podsNow().stream()
                .filter(pod -> pod.isServer(Scenario.SERVER) && pod.nodeName().isPresent())
                .toList();
        List<String> hosts = all.stream().map(Trouble::host).distinct().toList();
        List<String> setAside = hosts.stream()
                .filter(name -> world.node(name).filter(Node::unschedulable).isPresent())
                .toList();
        List<String> nodes = setAside.isEmpty() ? hosts : setAside;
        if (!nodes.isEmpty()) {
            String node = nodes.get((int) (fault.choice() * nodes.size()));
            String what = random.nextBoolean() ? "labels" : "status";
            all.stream().filter(pod -> host(pod).equals(node)).map(Pod::key).forEach(key -> {
                world.othersActed("makes the %s of pod %s unreadable".formatted(what, key));
                world.cluster().setPodUnreadable(key, Optional.of(what));
                repairs.later(longEnough(fault), () -> world.cluster().setPodUnreadable(key, Optional.empty()));
            });
        }
    }

    private static String host(Pod pod) {
        return pod.nodeName().orElseThrow();
    }

    private void mostUnready(Fault fault) {
        for (Node node : world.journals().nodesNow()) {
            if (random.nextInt(10) < 8) {
                world.cluster().setReady(node.name(), false);
                repairs.later(fault, repairs.onceMore(node.name(), () -> names.ready(node.name())));
            }
        }
    }

    // the successor has not seen the node, or the clock says that it went long ago
    private void deleteObject(Node node) {
        String name = node.name();
        boolean servers = world.podsOn(name).stream().anyMatch(pod -> pod.isServer(Scenario.SERVER));
        world.cluster().removeNode(name);
        if (servers) {
            world.livesOnUnseen(World.machineOf(node));
        }
        int what = random.nextInt(4);
        world.clock().after(Duration.ofMillis((long) (random.nextDouble() * 600_000)), () -> {
            if (!world.calm() && what == 0) {
                world.replicas().forEach(replica -> replica.kill("after a Node object was deleted"));
            } else if (!world.calm() && what == 1) {
                world.history().note("the clocks are set forward after a Node object was deleted");
                world.replicas().forEach(replica -> replica.moveWallClock(PAST_PROVISIONING));
            }
        });
    }

    // every third time its object is deleted at last, when it has been gone for longer than a machine may take to come
    private void leaveTheSelector(Fault fault, Node node) {
        boolean deleted = random.nextInt(3) == 0;
        world.cluster().setLabel(node.name(), "pool", "other");
        repairs.later(deleted ? lasting(fault, PAST_PROVISIONING) : fault, repairs.onceMore(node.name(), () -> {
            if (deleted && !world.calm()) {
                deleteObject(node);
            } else {
                world.cluster().setLabel(node.name(), "pool", "hostile");
            }
        }));
    }

    private void sayFailed(Fault fault, Node node) {
        String machine = World.machineOf(node);
        world.othersActed("the cloud says that machine %s has failed".formatted(machine));
        world.sayFailed(machine, true);
        repairs.later(longEnough(fault), () -> world.sayFailed(machine, false));
        int what = random.nextInt(3);
        if (what == 1) {
            deleteObject(node);
        } else if (what == 2) {
            world.cluster().setLabel(node.name(), "pool", "other");
            boolean forgotten = random.nextBoolean();
            Duration outside = Duration.ofSeconds(60 + random.nextLong(240));
            if (forgotten) {
                world.clock()
                        .after(
                                Duration.ofMillis(1),
                                repairs.inTrouble(
                                        node.name(),
                                        () -> world.replicas()
                                                .forEach(replica -> replica.kill(
                                                        "after node %s left the pool".formatted(node.name())))));
            }
            world.clock().after(outside, repairs.inTrouble(node.name(), () -> deleteObject(node)));
            repairs.later(
                    fault,
                    repairs.onceMore(node.name(), () -> world.cluster().setLabel(node.name(), "pool", "hostile")));
        }
    }

    private void comeAndGoUnseen(Node node) {
        String name = node.name();
        String machine = World.machineOf(node);
        NodeSpec spec = world.registeredAnew(name);
        deleteObject(node);
        world.clock().after(Duration.ofMillis(540_000 + random.nextLong(330_000)), () -> {
            if (!world.calm() && world.cloud().machines().contains(machine) && names.mayRegister(name)) {
                blindEverybody();
                world.othersActed("machine %s has node %s for two minutes".formatted(machine, name));
                world.cluster().addNode(spec);
                names.ready(name);
                world.clock()
                        .after(
                                Duration.ofSeconds(30),
                                repairs.inTrouble(name, () -> repairs.bind("unseen-" + machine, name)));
                world.clock().after(Duration.ofSeconds(120), repairs.inTrouble(name, () -> {
                    world.cluster().removeNode(name);
                    world.livesOnUnseen(machine);
                }));
            }
        });
    }

    private void blindEverybody() {
        Duration time = Duration.ofSeconds(130 + random.nextInt(120));
        boolean frozen = random.nextBoolean();
        for (Replica replica : world.replicas()) {
            if (frozen) {
                replica.freeze(time, random.nextBoolean());
            } else {
                onTheNetwork(new Fault(Duration.ZERO, time, Kind.CLOUD_UNAVAILABLE, replica.index(), 0));
            }
        }
    }

    private void registerAnew(Fault fault, Node node) {
        String name = node.name();
        String machine = World.machineOf(node);
        NodeSpec spec = world.registeredAnew(name);
        deleteObject(node);
        // often between two passes
        Duration most = switch (random.nextInt(3)) {
            case 0 -> Duration.ofMinutes(20);
            case 1 -> Duration.ofMinutes(1);
            default -> Duration.ofSeconds(1);
        };
        world.clock().after(Duration.ofMillis((long) (random.nextDouble() * most.toMillis())), () -> {
            if (world.cloud().machines().contains(machine) && names.mayRegister(name)) {
                world.othersActed("machine %s registers anew as node %s".formatted(machine, name));
                world.cluster().addNode(spec);
            }
        });
        repairs.later(fault, repairs.onceMore(name, () -> names.ready(name)));
    }

    // a server has come past its cordon a moment before, and a person forces its pods away, which live on unseen
    private void goDark(Fault fault, Node node) {
        String name = node.name();
        if (!node.readiness().ready() || node.marks().deletingAt().isPresent()) {
            return;
        }
        pods++;
        world.othersActed("puts a server on node %s, which is about to go dark".formatted(name));
        repairs.bind("dark-" + pods, name);
        int looking = random.nextInt(3);
        if (looking == 0) {
            world.replicas()
                    .forEach(replica -> onTheNetwork(
                            new Fault(fault.at(), fault.lasts(), Kind.CLOUD_UNAVAILABLE, replica.index(), 0)));
        } else if (looking == 1) {
            world.replicas().forEach(replica -> replica.kill("before node %s goes dark".formatted(name)));
        }
        world.clock()
                .after(
                        Duration.ofMillis(1 + random.nextLong(40_000)),
                        repairs.inTrouble(name, () -> names.forceAway(name)));
        repairs.later(lasting(fault, PAST_PROVISIONING), repairs.onceMore(name, () -> names.ready(name)));
    }

    private void mostHeld(Fault fault) {
        for (Node node : world.journals().nodesNow()) {
            if (random.nextInt(10) < 8) {
                world.othersActed("works on node " + node.name());
                cordon(fault, node);
                world.cluster().setReady(node.name(), false);
                repairs.later(fault, repairs.onceMore(node.name(), () -> names.ready(node.name())));
            }
        }
    }

    private void keepCordoned(Fault fault) {
        List<Node> cordoned = cordoned();
        if (!cordoned.isEmpty()) {
            String name = cordoned.get((int) (fault.choice() * cordoned.size())).name();
            world.othersActed("keeps node %s, which is cordoned".formatted(name));
            world.cluster().setKeep(name, true);
            repairs.later(fault, repairs.onceMore(name, () -> world.cluster().setKeep(name, false)));
        }
    }

    private List<Node> cordoned() {
        return world.journals().nodesNow().stream().filter(Node::unschedulable).toList();
    }

    private void boundPastCordon(Fault fault) {
        cordonedOne(fault).ifPresent(node -> {
            pods++;
            world.othersActed("puts a server on node %s past its cordon".formatted(node.name()));
            repairs.bind("past-" + pods, node.name());
        });
    }

    private Optional<Node> cordonedOne(Fault fault) {
        List<Node> cordoned = cordoned();
        return cordoned.isEmpty()
                ? Optional.empty()
                : Optional.of(cordoned.get((int) (fault.choice() * cordoned.size())));
    }

    // longer than most expirations, so that a node could go meanwhile
    private static Fault longEnough(Fault fault) {
        return lasting(fault, Duration.ofMinutes(10));
    }

    private static Fault lasting(Fault fault, Duration least) {
        Duration lasts = fault.lasts().compareTo(least) < 0 ? least : fault.lasts();
        return new Fault(fault.at(), lasts, fault.kind(), fault.replica(), fault.choice());
    }

    private void protect(Fault fault, Node node, Map<String, String> labels, Optional<String> annotation) {
        pods++;
        PodSpec pod = new PodSpec(
                "default",
                "precious-" + pods,
                labels,
                NodeConstraints.NONE,
                Resources.cpu(10),
                Owner.OTHER,
                annotation);
        world.othersActed("a pod on node %s keeps it".formatted(node.name()));
        world.cluster().bindPod(pod, node.name());
        repairs.later(fault, () -> world.cluster().deletePod("default/" + pod.name(), Duration.ZERO));
    }
}
