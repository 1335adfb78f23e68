package io.kubescaler.plan;

import io.kubescaler.model.Node;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolHistory.Awaited;
import io.kubescaler.plan.Machines.Group;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Tells for how long machines have been seen without a node that is fit for servers. A machine that once had one may hold
 * servers that no pod tells of any more, and a process that has just begun cannot know whether it had one. Made for one
 * pass.
 */
final class Absence {
    private static final Group[] GROUPS = {Group.WITHOUT_NODE, Group.UNFIT};

    private final PoolView view;
    private final Optional<PoolHistory.Machines> before;
    private final Instant now;

    Absence(PoolView view, PoolHistory history, Instant now) {
        this.view = view;
        this.before = history.machines();
        this.now = now;
    }

    /** Returns for how long that machine, which is not fit, has been seen as it is: with this node, or with none. */
    Duration lasted(Machine machine) {
        return view.sightings()
                .uptime()
                .map(uptime -> uptime.minus(known(machine).map(Awaited::since).orElse(uptime)))
                // what is noted counts
                .orElseGet(() -> machine.age(now));
    }

    /** Returns whether that machine, which is not fit, has been seen with another node than it has now. */
    boolean lostItsNode(Machine machine) {
        if (before.isEmpty()) {
            return false;
        }
        String id = machine.requireInstance().id();
        Optional<Awaited> last = Optional.ofNullable(before.get().awaited().get(id));
        boolean hadAnother = last.map(it -> it.node().isPresent() && !it.node().equals(uid(machine)))
                .orElse(machine.node().isEmpty() && before.get().present().contains(id));
        return hadAnother || before.get().lost().contains(id);
    }

    /** Returns what was seen of the machines, this pass included. */
    PoolHistory.Machines seen() {
        Set<String> lost = new HashSet<>();
        Map<String, Awaited> awaited = new HashMap<>();
        for (Group group : GROUPS) {
            for (Machine machine : view.in(group)) {
                if (machine.instance().isPresent()) {
                    String id = machine.requireInstance().id();
                    if (lostItsNode(machine)) {
                        lost.add(id);
                    }
                    view.sightings()
                            .uptime()
                            .ifPresent(uptime ->
                                    awaited.put(id, known(machine).orElseGet(() -> new Awaited(uid(machine), uptime))));
                }
            }
        }
        return new PoolHistory.Machines(view.joined(), lost, awaited);
    }

    // as it is now
    private Optional<Awaited> known(Machine machine) {
        return before.map(it -> it.awaited().get(machine.requireInstance().id()))
                .filter(it -> it.node().equals(uid(machine)));
    }

    private static Optional<String> uid(Machine machine) {
        return machine.node().map(Node::uid);
    }
}
