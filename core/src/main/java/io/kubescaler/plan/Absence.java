package io.kubescaler.plan;

import io.kubescaler.model.Instance;
import io.kubescaler.model.MachineIdentity;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolHistory.Awaited;
import io.kubescaler.model.PoolHistory.LeftOut;
import io.kubescaler.model.PoolHistory.Stranger;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.plan.Machines.Group;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Tells for how long machines have been seen without a node that is fit for servers. Such a machine may have had one and
 * hold servers that no pod tells of any more; a process that has just begun to watch cannot know. Made for one pass.
 */
final class Absence {
    /** How old a machine may be at its first sight to be one that was just ordered: less than any takes to get servers. */
    private static final Duration JUST_ORDERED = Duration.ofMinutes(2);

    private static final Group[] GROUPS = {Group.WITHOUT_NODE, Group.UNFIT};

    private final PoolPolicy policy;
    private final PoolView view;
    private final Optional<PoolHistory.Machines> before;
    private final Instant now;
    // found out once they are asked for
    private Optional<Strangers> strangers = Optional.empty();
    private Optional<List<Node>> gone = Optional.empty();

    /**
     * The nodes of the pool that are no machine of it by anything that they tell.
     *
     * @param hosts those that may host servers
     * @param formerHosts those that may have hosted some, and do not any more as far as they tell
     * @param others all others
     */
    private record Strangers(List<Node> hosts, List<Node> formerHosts, List<Node> others) {
        private Stream<Node> hostsNowOrBefore() {
            return Stream.concat(hosts.stream(), formerHosts.stream());
        }

        private Stream<Node> all() {
            return Stream.concat(hostsNowOrBefore(), others.stream());
        }
    }

    Absence(PoolPolicy policy, PoolView view, PoolHistory history, Instant now) {
        this.policy = policy;
        this.view = view;
        this.before = history.machines();
        this.now = now;
    }

    /** Returns for how long that machine, which is not fit, has been seen as it is, not Ready and without a sign of servers. */
    Duration lasted(Machine machine) {
        return view.sightings()
                .uptime()
                .map(uptime -> uptime.minus(awaited(machine, uptime).since().orElse(uptime)))
                // what is noted counts
                .orElseGet(() -> machine.age(now));
    }

    /** Returns whether the node of that machine, which is not fit, was seen to go, or looks as if it had replaced another. */
    boolean lostItsNode(Machine machine) {
        return machine.registeredAnew(policy) || wasSeenToLoseItsNode(machine);
    }

    private boolean wasSeenToLoseItsNode(Machine machine) {
        if (before.isEmpty()) {
            return false;
        }
        String id = machine.requireInstance().id();
        boolean changed = awaitedBefore(machine)
                .map(Awaited::node)
                .orElseGet(() -> before.get().nodeOf(id))
                .filter(node -> !uid(machine).equals(Optional.of(node)))
                .isPresent();
        return changed || before.get().hadLostItsNode(id);
    }

    /** Returns whether that machine, as far as can be told, was never Ready, under no node that it ever had. */
    boolean neverCame(Machine machine) {
        return machine.neverReady()
                && !(machine.instance().isPresent() && (lostItsNode(machine) || hasRunWithoutNode(machine)));
    }

    /** Returns whether the same is certain: nor has there been any sign that it runs. */
    boolean neverCameForCertain(Machine machine) {
        return neverCame(machine) && !hasRun(machine);
    }

    // there was a sign that it runs all the same
    private boolean hasRunWithoutNode(Machine machine) {
        return machine.node().isEmpty() && hasRun(machine);
    }

    /** Returns whether there has been a sign that this machine runs since it is seen without a fit node. */
    boolean hasRun(Machine machine) {
        return showsServers(machine) || hadRun(machine);
    }

    private boolean hadRun(Machine machine) {
        return awaitedBefore(machine).map(Awaited::hasRun).orElse(false);
    }

    /** Returns what was seen of the machines, this pass included. */
    PoolHistory.Machines seen() {
        Set<String> lost = new HashSet<>();
        Map<String, Awaited> awaited = new HashMap<>();
        for (Machine machine : withoutFitNode()) {
            String id = machine.requireInstance().id();
            if (wasSeenToLoseItsNode(machine)) {
                lost.add(id);
            }
            view.sightings().uptime().ifPresent(uptime -> awaited.put(id, awaited(machine, uptime)));
        }
        Map<String, LeftOut> leftOut = before.flatMap(it -> view.sightings()
                        .uptime()
                        .map(uptime -> it.leftOutOf(view.listedIds(), uptime, !gone().isEmpty())))
                .orElse(Map.of());
        return new PoolHistory.Machines(
                view.listedIds(), view.joined(), lost, awaited, leftOut, strangersThatMayHaveHosted());
    }

    private List<Machine> withoutFitNode() {
        List<Machine> all = new ArrayList<>();
        for (Group group : GROUPS) {
            all.addAll(view.in(group));
        }
        // their removal may be given up
        for (Machine machine : view.in(NodeState.DELETING)) {
            if (!machine.fit()) {
                all.add(machine);
            }
        }
        all.removeIf(machine -> machine.instance().isEmpty());
        return all;
    }

    private Map<String, Stranger> strangersThatMayHaveHosted() {
        // as in nearly every pass
        if (view.in(Group.STRANGERS).isEmpty()) {
            return Map.of();
        }
        Duration uptime = view.sightings().uptime().orElse(Duration.ZERO);
        Map<String, Stranger> all = new HashMap<>();
        // in files that somebody wrote, two may have one UID
        strangers()
                .hostsNowOrBefore()
                .forEach(node -> all.put(node.uid(), new Stranger(node, firstSeen(node, uptime))));
        return all;
    }

    /** Returns whether the cloud lists that machine, or has listed it of late. */
    boolean knows(String instance) {
        return view.listedIds().contains(instance) || knewBefore(instance);
    }

    private boolean knewBefore(String instance) {
        return before.filter(it -> it.know(instance)).isPresent();
    }

    private Optional<Awaited> awaitedBefore(Machine machine) {
        return before.flatMap(it -> it.awaited(machine.requireInstance().id()));
    }

    private Awaited awaited(Machine machine, Duration uptime) {
        Optional<Awaited> last = awaitedBefore(machine).filter(it -> it.node().equals(uid(machine)));
        // the other nodes are looked through for those that had no fit node in the pass before
        boolean begins = last.isPresent() || machine.node().isPresent();
        Optional<Duration> since = last.flatMap(Awaited::since)
                .or(() -> begins ? Optional.of(uptime) : Optional.empty())
                .filter(any -> !showsServers(machine) && !isReady(machine));
        return new Awaited(
                uid(machine),
                awaitedBefore(machine).map(Awaited::first).orElse(uptime),
                since,
                hasRun(machine),
                hasNotRun(machine) && last.map(Awaited::fromTheStart).orElseGet(() -> isJustOrdered(machine)));
    }

    // it runs under that name, though it may not be fit; one that the cloud never set up does not
    private static boolean isReady(Machine machine) {
        return !machine.neverReady()
                && machine.node().filter(node -> node.readiness().ready()).isPresent();
    }

    // an older one may have had a node already, while nobody looked, or while the cloud left it out of its list
    private boolean isJustOrdered(Machine machine) {
        Instance instance = machine.requireInstance();
        return instance.state() == Instance.State.BOOTING
                && Duration.between(instance.createdAt(), now).abs().compareTo(JUST_ORDERED) < 0
                && before.isPresent()
                && !knewBefore(instance.id());
    }

    private static boolean hasNotRun(Machine machine) {
        Instance.State state = machine.requireInstance().state();
        return state == Instance.State.BOOTING || state == Instance.State.FAILED;
    }

    /**
     * Returns whether that machine has had no node since it was ordered, by all that can be known: it had just been ordered when
     * it was seen first, and in no pass since was there a sign that it runs.
     */
    boolean neverHadANode(Machine machine) {
        return machine.node().isEmpty()
                && awaitedBefore(machine)
                        .filter(it -> it.fromTheStart()
                                && it.node().isEmpty()
                                && it.since().isPresent()
                                && !it.hasRun())
                        .isPresent()
                && !showsServers(machine);
    }

    /**
     * Says which node of the pool may be that machine besides its own, rather one that may host servers; empty when none may.
     * One that has a node may have registered anew under another name: as one that hosts servers, or may have, and that came
     * after it was ordered. While its node is Ready, its kubelet is alive under that name, as far as was seen until a moment
     * ago: only a node that has just registered may be it then.
     */
    Optional<String> mayBeAnother(Machine machine) {
        boolean known = machine.node().isPresent()
                && machine.requireInstance().nodeName().isPresent();
        // as in nearly every pass
        if (known || view.in(Group.STRANGERS).isEmpty()) {
            return Optional.empty();
        }
        MachineIdentity identity = identity(machine);
        return candidates(machine, identity).filter(identity::mayBe).findFirst().map(identity::cannotBeToldFrom);
    }

    private Stream<Node> candidates(Machine machine, MachineIdentity identity) {
        if (machine.node().isEmpty()) {
            return strangers().all();
        }
        Stream<Node> some = machine.requireNode().readiness().ready()
                ? strangers().hostsNowOrBefore().filter(this::hasJustRegistered)
                : Stream.concat(
                        strangers().hostsNowOrBefore(),
                        strangers().others().stream().filter(this::mayComeUp));
        return some.filter(node -> !identity.isOlder(node));
    }

    // a kubelet that registers anew is not Ready at first
    private boolean mayComeUp(Node node) {
        return !isBeingDeletedByUs(node)
                && Duration.between(node.createdAt(), now).abs().compareTo(policy.provisioningTimeout()) < 0;
    }

    // by the clock that never jumps; what is noted counts for a process that only looks on
    private boolean hasJustRegistered(Node node) {
        Duration known = view.sightings()
                .uptime()
                .map(uptime -> uptime.minus(firstSeen(node, uptime)))
                .orElseGet(() -> Duration.between(node.createdAt(), now).abs());
        return known.compareTo(Fitness.READY_LAGS) < 0;
    }

    private Duration firstSeen(Node stranger, Duration uptime) {
        return before.map(it -> it.strangers().get(stranger.uid()))
                .map(Stranger::since)
                .orElse(uptime);
    }

    /** Returns whether a node of the pool that may host servers may be that machine, which has none, and came after it. */
    boolean mayHaveCome(Machine machine) {
        if (machine.node().isPresent() || view.in(Group.STRANGERS).isEmpty()) {
            return false;
        }
        MachineIdentity identity = identity(machine);
        return strangers().hosts().stream().anyMatch(node -> identity.mayBe(node) && !identity.isOlder(node));
    }

    private MachineIdentity identity(Machine machine) {
        return new MachineIdentity(machine.requireInstance(), view.identities());
    }

    private Strangers strangers() {
        if (strangers.isEmpty()) {
            List<Node> hosts = new ArrayList<>();
            List<Node> formerHosts = new ArrayList<>();
            List<Node> others = new ArrayList<>();
            for (Machine machine : view.in(Group.STRANGERS)) {
                Node node = machine.requireNode();
                if (view.identities().claim(node)) {
                    continue;
                }
                if (isBeingDeletedByUs(node)) {
                    others.add(node);
                } else if (Fitness.mayHostServers(node)) {
                    hosts.add(node);
                } else if (mayHaveHosted(node)) {
                    formerHosts.add(node);
                } else {
                    others.add(node);
                }
            }
            strangers = Optional.of(new Strangers(hosts, formerHosts, others));
        }
        return strangers.get();
    }

    // it was a machine that has left the list since, as each does that is deleted, and empty
    private static boolean isBeingDeletedByUs(Node node) {
        return node.marks().deletingAt().isPresent()
                && node.unschedulable()
                && node.unreadable().isEmpty()
                && node.load().servers() == 0
                && node.load().protector().isEmpty();
    }

    private boolean mayHaveHosted(Node node) {
        return !Fitness.neverReady(node)
                || before.filter(it -> it.strangers().containsKey(node.uid())).isPresent();
    }

    // servers may live on there, whichever machine such a node was; one that has turned out to be a machine is still
    // there
    private List<Node> gone() {
        if (gone.isEmpty()) {
            Map<String, Stranger> all =
                    before.map(it -> new HashMap<>(it.strangers())).orElseGet(HashMap::new);
            view.in(Group.STRANGERS)
                    .forEach(machine -> all.remove(machine.requireNode().uid()));
            // as in nearly every pass
            if (!all.isEmpty()) {
                view.machines().stream()
                        .flatMap(machine -> machine.node().stream())
                        .forEach(node -> all.remove(node.uid()));
            }
            gone = Optional.of(all.values().stream().map(Stranger::node).toList());
        }
        return gone.get();
    }

    private boolean mayHaveBeenOneThatIsGone(Machine machine) {
        // as in nearly every pass
        if (gone().isEmpty()) {
            return false;
        }
        MachineIdentity identity = identity(machine);
        return gone().stream()
                .filter(node -> machine.node().isEmpty() || !identity.isOlder(node))
                // the cloud may tell by now which machine it was
                .anyMatch(node -> identity.is(node) || identity.mayBe(node));
    }

    /** Returns whether a node that is not the pool's is, or may be, that machine. */
    boolean isElsewhere(Machine machine) {
        return view.sightings().elsewhere().contains(machine.requireInstance().id());
    }

    /** Says that a node that is not the pool's may be that machine; empty when none may. */
    Optional<String> mayBeElsewhere(Machine machine) {
        return isElsewhere(machine)
                ? Optional.of(
                        ("a node outside the pool, or one that cannot be read, may be this machine: check its labels by"
                                        + " the node-selector %s, and set its spec.providerID if it has none")
                                .formatted(policy.selector()))
                : Optional.empty();
    }

    // when the sign goes, by an act of somebody's, the servers may live on
    private boolean showsServers(Machine machine) {
        return isElsewhere(machine)
                || machine.doubt().isPresent()
                || mayHaveBeenOneThatIsGone(machine)
                || machine.servers() > 0
                || machine.node()
                        .filter(it -> it.unreadable().isPresent()
                                || it.load().protector().isPresent())
                        .isPresent();
    }

    private static Optional<String> uid(Machine machine) {
        return machine.node().map(Node::uid);
    }
}
