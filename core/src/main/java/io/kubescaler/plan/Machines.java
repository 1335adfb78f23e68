package io.kubescaler.plan;

import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The machines of a pool with what they add up to, kept while they change: a pass asks for the sums and for the few
 * machines that something may have to be done about, and need not look at thousands. For one thread.
 */
final class Machines {
    private static final Group[] GROUPS = Group.values();

    private final Machine[] byPlace;
    private final Map<NodeState, Members> states = new EnumMap<>(NodeState.class);
    private final Map<Group, Members> groups = new EnumMap<>(Group.class);
    private final Map<Slots.Hint, Integer> hints = new HashMap<>();
    private long free;
    private int listed;
    private Optional<List<Machine>> snapshot = Optional.empty();

    /** Machines that a pass must look at. Which they are follows from the machine alone. */
    enum Group {
        /** Active, with room for servers: what may be surplus. */
        WITH_ROOM {
            @Override
            boolean has(Machine machine) {
                return machine.is(NodeState.ACTIVE) && machine.room() > 0;
            }
        },
        /** Active, and without a single slot even when no server is there. */
        WITHOUT_SLOTS {
            @Override
            boolean has(Machine machine) {
                return machine.is(NodeState.ACTIVE) && machine.lacking().isPresent();
            }
        },
        /** With a node that is not fit for servers, and not being deleted: what may be overdue. */
        UNFIT {
            @Override
            boolean has(Machine machine) {
                return machine.node().isPresent()
                        && !machine.fit()
                        && !machine.is(NodeState.DELETING)
                        && !machine.is(NodeState.SHARED);
            }
        },
        /** Set aside and empty, or noted to be: what has a clock to keep, or has expired. */
        SET_ASIDE_EMPTY {
            @Override
            boolean has(Machine machine) {
                return machine.is(NodeState.CORDONED)
                        && (machine.servers() == 0
                                || machine.requireNode().marks().emptySince().isPresent());
            }
        },
        /** Set aside or being deleted, and empty by our mark. */
        CALLED_EMPTY {
            @Override
            boolean has(Machine machine) {
                return (machine.is(NodeState.CORDONED) || machine.is(NodeState.DELETING))
                        && machine.node()
                                .filter(it -> it.marks().emptySince().isPresent())
                                .isPresent();
            }
        },
        /** With marks of ours, and schedulable or set aside by somebody else: what a person has taken back. */
        TAKEN_BACK_BY_PERSON {
            @Override
            boolean has(Machine machine) {
                return machine.isTakenBackByPerson();
            }
        },
        /** Selected by other configured pools too. */
        SHARED {
            @Override
            boolean has(Machine machine) {
                return machine.shared().isPresent();
            }
        },
        /** Nodes that belong to no instance, as far as anything tells. */
        STRANGERS {
            @Override
            boolean has(Machine machine) {
                return machine.instance().isEmpty();
            }
        },
        /** Instances that no node belongs to. */
        WITHOUT_NODE {
            @Override
            boolean has(Machine machine) {
                return machine.node().isEmpty();
            }
        };

        abstract boolean has(Machine machine);
    }

    /** @param all the machines, each at its place */
    Machines(List<Machine> all) {
        byPlace = all.toArray(Machine[]::new);
        for (NodeState state : NodeState.values()) {
            states.put(state, new Members());
        }
        for (Group group : GROUPS) {
            groups.put(group, new Members());
        }
        all.forEach(machine -> count(machine, 1));
    }

    /** Puts a machine in the place of the one that stands there. */
    void replace(Machine machine) {
        count(byPlace[machine.place()], -1);
        count(machine, 1);
        byPlace[machine.place()] = machine;
        snapshot = Optional.empty();
    }

    private void count(Machine machine, int by) {
        of(states, machine.state()).set(machine.place(), by > 0);
        for (Group group : GROUPS) {
            of(groups, group).set(machine.place(), by > 0 && group.has(machine));
        }
        free += machine.is(NodeState.ACTIVE) ? by * machine.room() : 0;
        listed += machine.countsTowardsSize() ? by : 0;
        int hinting = hints.getOrDefault(machine.newNode(), 0) + by;
        if (hinting == 0) {
            hints.remove(machine.newNode());
        } else {
            hints.put(machine.newNode(), hinting);
        }
    }

    /** Returns all of them as they are now, by their places. */
    List<Machine> all() {
        if (snapshot.isEmpty()) {
            snapshot = Optional.of(List.of(byPlace));
        }
        return snapshot.get();
    }

    /** Returns those in that state, by their places. */
    List<Machine> in(NodeState state) {
        return of(states, state).list();
    }

    /** Returns those of that group, by their places. */
    List<Machine> in(Group group) {
        return of(groups, group).list();
    }

    /** Returns how many are in that state. */
    int count(NodeState state) {
        return of(states, state).size();
    }

    /** Returns the room of all that are active. */
    long free() {
        return free;
    }

    /** Returns how many the cloud lists that are not on their way out. */
    int listed() {
        return listed;
    }

    /** Returns what their nodes tell of new ones, each hint once. */
    Set<Slots.Hint> hints() {
        return hints.keySet();
    }

    private static <K> Members of(Map<K, Members> sets, K which) {
        return Objects.requireNonNull(sets.get(which));
    }

    /** Some of the machines. */
    private final class Members {
        private final BitSet places = new BitSet();
        // as long as it holds
        private Optional<List<Machine>> list = Optional.empty();

        void set(int place, boolean member) {
            if (member || places.get(place)) {
                places.set(place, member);
                list = Optional.empty();
            }
        }

        int size() {
            return places.cardinality();
        }

        List<Machine> list() {
            if (list.isEmpty()) {
                list = Optional.of(
                        places.stream().mapToObj(place -> byPlace[place]).toList());
            }
            return list.get();
        }
    }
}
