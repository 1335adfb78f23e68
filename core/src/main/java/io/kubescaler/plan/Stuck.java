package io.kubescaler.plan;

import io.kubescaler.model.Count;
import io.kubescaler.model.Instance;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolHistory.GrowthBackoff;
import io.kubescaler.model.PoolPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Step 6 of a pass: finds the machines that never came, pauses growth for them and deletes them. */
final class Stuck {
    private final PoolPolicy policy;
    private final PoolView view;
    private final Absence absence;
    private final PoolHistory history;
    private final Instant now;
    private final Draft draft;
    private final List<Machine> stuck = new ArrayList<>();
    private final List<Machine> withoutSlots = new ArrayList<>();

    Stuck(PoolPolicy policy, PoolView view, Absence absence, PoolHistory history, Instant now, Draft draft) {
        this.policy = policy;
        this.view = view;
        this.absence = absence;
        this.history = history;
        this.now = now;
        this.draft = draft;
        view.in(NodeState.UNREADY).forEach(this::addIfStuck);
        for (Machine machine : view.in(Machines.Group.UNFIT)) {
            if (machine.wasSetAsideToBeRemoved(policy)) {
                addIfStuck(machine);
            }
        }
        // of an old node a device may be gone for a moment only, as while its driver is replaced
        for (Machine machine : view.withoutSlots()) {
            if (machine.countsTowardsSize()
                    && machine.age(now).compareTo(policy.provisioningTimeout().multipliedBy(2)) < 0) {
                withoutSlots.add(machine);
            }
        }
    }

    private void addIfStuck(Machine machine) {
        if (machine.countsTowardsSize() && machine.neverReady()) {
            stuck.add(machine);
        }
    }

    /** Returns the pause of growth, with the machines counted in that are not yet, or without any once one came. */
    GrowthBackoff backoff() {
        GrowthBackoff before = history.growth();
        boolean anyIsListed = before.counted().stream().anyMatch(view.listedIds()::contains);
        Set<String> cameAfterAll = anyIsListed ? ofUse(before.counted()) : Set.of();
        boolean recovered = !cameAfterAll.isEmpty()
                || before.failedAt()
                        .map(failedAt -> view.in(NodeState.ACTIVE).stream()
                                .anyMatch(machine -> becameOfUseAfter(machine, failedAt)))
                        .orElse(false);
        if (!recovered
                && stuck.isEmpty()
                && withoutSlots.isEmpty()
                && before.counted().isEmpty()) {
            return before;
        }
        Set<String> counted = before.counted().stream()
                .filter(machine -> absence.knows(machine) && !cameAfterAll.contains(machine))
                .collect(Collectors.toSet());
        GrowthBackoff standing = recovered
                ? new GrowthBackoff(0, Optional.empty(), counted, "")
                : new GrowthBackoff(before.failures(), before.failedAt(), counted, before.why());
        List<Machine> fresh = Stream.concat(
                        stuck.stream().filter(machine -> !absence.lostItsNode(machine)), withoutSlots.stream())
                .filter(machine -> machine.doubt().isEmpty() && !absence.mayHaveCome(machine))
                .filter(machine -> !counted.contains(machine.requireInstance().id()))
                .toList();
        if (fresh.isEmpty()) {
            return standing;
        }
        Set<String> ids =
                fresh.stream().map(machine -> machine.requireInstance().id()).collect(Collectors.toSet());
        // what is overdue at the first pass may have been for weeks; where no machine at all came, more would help
        // nobody
        return history.isFirst() && anyHasItsNodeHere() ? standing.counting(ids) : standing.failed(now, ids, why(ids));
    }

    private Set<String> ofUse(Set<String> machines) {
        return view.in(NodeState.ACTIVE).stream()
                .filter(machine -> machine.lacking().isEmpty())
                .flatMap(machine -> machine.instance().stream())
                .map(Instance::id)
                .filter(machines::contains)
                .collect(Collectors.toSet());
    }

    private String why(Set<String> fresh) {
        Optional<Machine> withoutSlot = withoutSlots.stream()
                .filter(machine -> fresh.contains(machine.requireInstance().id()))
                .findFirst();
        if (withoutSlot.isPresent()) {
            return "node %s came without room for a single server: too little of %s"
                    .formatted(
                            withoutSlot.get().name(),
                            withoutSlot.get().lacking().orElseThrow());
        }
        String never = Count.of(fresh.size(), "machine") + " never became Ready";
        if (view.in(Machines.Group.WITHOUT_NODE).size() == view.machines().size()) {
            return "%s, and no node matches node-selector %s: check it".formatted(never, policy.selector());
        }
        return stuck.stream()
                .filter(machine -> fresh.contains(machine.requireInstance().id()) && absence.isElsewhere(machine))
                .map(machine -> machine.requireInstance().id())
                .min(Comparator.naturalOrder())
                .map(machine ->
                        "%s; a node outside the pool, or one that cannot be read, may be %s: check its labels by the node-selector %s, and set its spec.providerID if it has none"
                                .formatted(never, machine, policy.selector()))
                .orElse(never);
    }

    private boolean becameOfUseAfter(Machine machine, Instant failedAt) {
        return machine.lacking().isEmpty()
                && machine.requireNode()
                        .readiness()
                        .changedAt()
                        .map(at -> at.isAfter(failedAt)
                                && at.isBefore(machine.requireNode().createdAt().plus(policy.provisioningTimeout())))
                        .orElse(false);
    }

    /** Deletes those that nothing protects. */
    void delete() {
        stuck.forEach(this::delete);
    }

    /**
     * Deletes those alone that never came under any node, for a pool of which most nodes are unready: after a fault of
     * the whole cluster, nodes that were made anew look as if their machines had never come.
     */
    void deleteThoseThatNeverCame() {
        stuck.stream().filter(absence::neverCameForCertain).forEach(this::delete);
    }

    private void delete(Machine machine) {
        Optional<String> another = absence.mayBeAnother(machine);
        Optional<String> elsewhere = absence.mayBeElsewhere(machine);
        if (machine.servers() > 0) {
            draft.verdict(machine, "unready: " + Count.are(machine.servers(), "server") + " on it");
        } else if (machine.protection().isPresent()) {
            draft.verdict(machine, "protected by " + machine.protection().get());
        } else if (another.isPresent()) {
            draft.hold(machine, "unready: ", another.get());
        } else if (machine.node().isEmpty() && !anyHasItsNodeHere() && !failedWhileItBooted(machine)) {
            draft.verdict(
                    machine,
                    "unready: no node of this cluster is a machine of this pool, which may be another cluster's");
        } else if (elsewhere.isPresent()) {
            draft.hold(machine, "unready: ", elsewhere.get());
        } else if (mayHaveServersUnseen(machine)) {
            draft.hold(
                    machine,
                    "unready: ",
                    "%swaited %d s of %d s for a Ready node"
                            .formatted(
                                    whatBecameOfItsNode(machine),
                                    absence.lasted(machine).toSeconds(),
                                    policy.provisioningTimeout().toSeconds()));
        } else {
            draft.delete(
                    machine,
                    machine.cloudSaysFailed()
                            ? new Reason.MachineFailed(machine.requireInstance().message())
                            : new Reason.NeverReady(
                                    absence.neverCame(machine) && !machine.isAhead(now)
                                            ? machine.age(now)
                                            : absence.lasted(machine),
                                    policy.provisioningTimeout()));
        }
    }

    // with a kubeconfig of another cluster, every machine would look as if it had never come
    private boolean anyHasItsNodeHere() {
        return view.machines().stream()
                .anyMatch(machine ->
                        machine.node().isPresent() && machine.instance().isPresent());
    }

    // somebody may have deleted the Node object alone: its kubelet, and servers that nobody can see, may live on, also
    // when the kubelet has made another one
    private boolean mayHaveServersUnseen(Machine machine) {
        return !failedWhileItBooted(machine) && absence.lasted(machine).compareTo(policy.provisioningTimeout()) < 0;
    }

    // such a one has never run anywhere
    private boolean failedWhileItBooted(Machine machine) {
        return machine.cloudSaysFailed() && absence.neverHadANode(machine);
    }

    private String whatBecameOfItsNode(Machine machine) {
        if (absence.lostItsNode(machine)) {
            if (machine.node().isEmpty()) {
                return "its node is gone; ";
            }
            return machine.registeredAnew(policy) ? "it registered anew; " : "its node was gone; ";
        }
        return absence.hasRun(machine) ? "it may have run; " : "";
    }
}
