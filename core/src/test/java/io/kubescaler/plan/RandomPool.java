package io.kubescaler.plan;

import static io.kubescaler.testing.PoolBuilder.NOW;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Instance.State;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.Resources;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A small pool made by chance, to which plans can be applied at once: nodes of 4 slots, machines of the same names. */
final class RandomPool {
    private static final List<State> STATES = List.of(State.values());

    final Map<String, Machine> machines = new TreeMap<>();
    private final Random random;
    int unplaced;
    int size;
    Optional<Integer> limit = Optional.empty();
    boolean template;
    private int ordered;

    /** One machine, its node and what is on it. */
    static final class Machine {
        int servers;
        boolean joined = true;
        boolean listed = true;
        boolean ready = true;
        boolean beingDeleted;
        boolean unschedulable;
        boolean keep;
        boolean guarded;
        boolean reserved;
        boolean fast;
        long foreign;
        State state = State.RUNNING;
        Instant createdAt = NOW.minus(Duration.ofHours(2));
        Optional<Instant> readyChangedAt = Optional.of(createdAt.plusSeconds(60));
        Optional<Instant> cordonedAt = Optional.empty();
        Optional<Instant> emptySince = Optional.empty();
        Optional<Instant> deletingAt = Optional.empty();

        boolean held() {
            return joined && unschedulable && cordonedAt.isEmpty();
        }

        long slots() {
            return Math.max(0, (4000 - 1000L * servers - foreign) / 1000);
        }

        void clearMarks() {
            cordonedAt = Optional.empty();
            emptySince = Optional.empty();
            deletingAt = Optional.empty();
        }
    }

    private RandomPool(Random random) {
        this.random = random;
    }

    /** Returns a pool in which anything may be as it can be. */
    static RandomPool wild(Random random) {
        RandomPool pool = new RandomPool(random);
        int count = random.nextInt(13);
        for (int i = 0; i < count; i++) {
            pool.machines.put("n" + i, pool.wildMachine());
        }
        pool.unplaced = random.nextInt(3) == 0 ? random.nextInt(12) : 0;
        pool.size = pool.listed() + (random.nextInt(6) == 0 ? random.nextInt(3) : 0);
        pool.limit = random.nextInt(6) == 0 ? Optional.of(random.nextInt(15)) : Optional.empty();
        pool.template = random.nextInt(3) == 0;
        return pool;
    }

    /** Returns a pool of machines that are all up, with servers anywhere and some nodes set aside. */
    static RandomPool healthy(Random random) {
        RandomPool pool = new RandomPool(random);
        int count = random.nextInt(13);
        for (int i = 0; i < count; i++) {
            Machine machine = new Machine();
            machine.servers = random.nextInt(5);
            machine.foreign = random.nextInt(4) == 0 ? random.nextInt(2500) : 0;
            machine.keep = random.nextInt(15) == 0;
            pool.cordonByChance(machine);
            pool.machines.put("n" + i, machine);
        }
        pool.unplaced = random.nextInt(12);
        pool.size = count;
        pool.template = true;
        return pool;
    }

    private Machine wildMachine() {
        Machine machine = new Machine();
        machine.servers = random.nextInt(3) == 0 ? 0 : random.nextInt(6);
        machine.foreign = random.nextInt(4) == 0 ? random.nextInt(5000) : 0;
        machine.createdAt = NOW.minus(Duration.ofMinutes(random.nextInt(40)));
        boolean everReady = random.nextInt(4) > 0;
        machine.readyChangedAt = Optional.of(machine.createdAt.plusSeconds(everReady ? 300 : 1));
        machine.ready = random.nextInt(5) > 0;
        machine.joined = random.nextInt(8) > 0;
        machine.listed = !machine.joined || random.nextInt(10) > 0;
        machine.state = random.nextInt(3) > 0 ? State.RUNNING : STATES.get(random.nextInt(STATES.size()));
        machine.beingDeleted = random.nextInt(20) == 0;
        machine.keep = random.nextInt(12) == 0;
        machine.guarded = random.nextInt(12) == 0;
        machine.reserved = random.nextInt(6) == 0;
        machine.fast = random.nextInt(4) == 0;
        cordonByChance(machine);
        if (!machine.joined) {
            machine.servers = 0;
        }
        return machine;
    }

    private void cordonByChance(Machine machine) {
        machine.unschedulable = random.nextInt(3) == 0;
        if (machine.unschedulable ? random.nextInt(4) > 0 : random.nextInt(15) == 0) {
            machine.cordonedAt = Optional.of(NOW.minusSeconds(random.nextInt(400)));
            machine.emptySince =
                    random.nextBoolean() ? Optional.of(NOW.minusSeconds(random.nextInt(400) - 20)) : Optional.empty();
            machine.deletingAt =
                    random.nextInt(5) == 0 ? Optional.of(NOW.minusSeconds(random.nextInt(90))) : Optional.empty();
        }
    }

    int listed() {
        return (int) machines.values().stream()
                .filter(it -> it.listed && it.state != State.DELETING)
                .count();
    }

    /** Returns what a pass would observe. */
    PoolSnapshot snapshot() {
        return snapshot(pool -> {});
    }

    /** Returns what a pass would observe, with something more. */
    PoolSnapshot snapshot(Consumer<PoolBuilder> more) {
        PoolBuilder pool = new PoolBuilder().unplaced(unplaced).size(size);
        limit.ifPresent(pool::limit);
        if (template) {
            pool.template(Resources.of(Map.of("cpu", 4000L, "pods", 110L)));
        }
        machines.forEach((name, machine) -> {
            if (machine.joined) {
                pool.node(name, machine.servers, node -> describe(machine, node));
            } else {
                pool.instance(new Instance(
                        "i-" + name,
                        Optional.of("test://" + name),
                        Optional.of(name),
                        machine.state,
                        "",
                        machine.createdAt));
            }
        });
        more.accept(pool);
        return pool.build();
    }

    private static void describe(Machine machine, PoolBuilder.NodeBuilder node) {
        node.age(Duration.between(machine.createdAt, NOW)).other(Resources.cpu(machine.foreign));
        Duration changed = Duration.between(machine.readyChangedAt.orElseThrow(), NOW);
        if (machine.ready) {
            node.readyFor(changed);
        } else {
            node.unreadyFor(changed);
        }
        machine.cordonedAt.ifPresent(at -> node.cordonedFor(Duration.between(at, NOW)));
        node.schedulable();
        if (machine.unschedulable) {
            node.cordonedByPerson();
        }
        machine.emptySince.ifPresent(at -> node.emptyFor(Duration.between(at, NOW)));
        machine.deletingAt.ifPresent(at -> node.deletingFor(Duration.between(at, NOW)));
        if (machine.beingDeleted) {
            node.beingDeleted();
        }
        if (machine.keep) {
            node.keep();
        }
        if (machine.reserved) {
            node.taint("dedicated");
        }
        if (machine.fast) {
            node.label("disk", "nvme");
        }
        if (machine.guarded) {
            node.doNotDisrupt("ns/db (x)");
        }
        if (machine.listed) {
            node.instance(machine.state);
        } else {
            node.withoutInstance();
        }
    }

    /** Has everything happen at once that the plan says. */
    void apply(Plan plan, Instant now) {
        plan.marks().forEach(mark -> write(mark, machines.get(mark.node())));
        for (Action action : plan.actions()) {
            action.accept(new Action.Visitor<Boolean>() {
                @Override
                public Boolean uncordon(Action.Uncordon uncordon) {
                    Machine machine = machines.get(uncordon.node());
                    machine.unschedulable = false;
                    machine.clearMarks();
                    return true;
                }

                @Override
                public Boolean grow(Action.Grow grow) {
                    order(grow.to() - size, now);
                    return true;
                }

                @Override
                public Boolean cordon(Action.Cordon cordon) {
                    Machine machine = machines.get(cordon.node());
                    machine.unschedulable = true;
                    machine.cordonedAt = Optional.of(now);
                    machine.emptySince = cordon.empty() ? Optional.of(now) : Optional.empty();
                    return true;
                }

                @Override
                public Boolean delete(Action.Delete delete) {
                    machines.remove(delete.instance().substring("i-".length()));
                    size--;
                    return true;
                }
            });
        }
    }

    private static void write(Mark mark, Machine machine) {
        switch (mark.kind()) {
            case SET_EMPTY_SINCE -> machine.emptySince = mark.at();
            case CLEAR_EMPTY_SINCE -> machine.emptySince = Optional.empty();
            case CLEAR_DELETING -> machine.deletingAt = Optional.empty();
            case CLEAR_ALL -> machine.clearMarks();
        }
    }

    private void order(int count, Instant now) {
        for (int i = 0; i < count; i++) {
            Machine machine = new Machine();
            machine.joined = false;
            machine.state = State.BOOTING;
            machine.createdAt = now;
            machines.put("new" + ++ordered, machine);
            size++;
        }
    }

    /** Has something change by chance: one machine, the demand, or which machines there are. */
    void change() {
        List<String> names = List.copyOf(machines.keySet());
        Optional<String> one =
                names.isEmpty() ? Optional.empty() : Optional.of(names.get(random.nextInt(names.size())));
        switch (random.nextInt(8)) {
            case 0 -> machines.put("late" + random.nextInt(4), wildMachine());
            case 1 -> one.ifPresent(machines::remove);
            case 2 -> template = !template;
            case 3 -> unplaced = random.nextInt(12);
            case 4 -> one.map(machines::get).ifPresent(it -> it.listed = !it.joined || !it.listed);
            case 5 -> one.ifPresent(name -> machines.put(name, wildMachine()));
            case 6 -> one.map(machines::get).filter(it -> it.joined).ifPresent(it -> it.servers = random.nextInt(6));
            case 7 -> one.map(machines::get).ifPresent(it -> it.ready = !it.ready);
        }
        size = listed() + (random.nextInt(6) == 0 ? random.nextInt(3) : 0);
    }

    /** Has every ordered machine become Ready, and every server placed that fits. */
    void settle(Instant now) {
        for (Machine machine : machines.values()) {
            if (machine.state == State.BOOTING) {
                machine.state = State.RUNNING;
                machine.joined = true;
                machine.readyChangedAt = Optional.of(now);
            }
            while (unplaced > 0 && !machine.unschedulable && machine.slots() > 0) {
                machine.servers++;
                unplaced--;
            }
        }
    }

    /** Returns a policy made by chance. */
    static PoolPolicy policy(Random random) {
        int minimum = random.nextInt(4);
        return PoolBuilder.policy(random.nextInt(10), minimum, Math.max(1, minimum + random.nextInt(14)));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("size %d, unplaced %d, limit %s".formatted(size, unplaced, limit));
        machines.forEach((name, it) -> text.append(
                "%n  %s servers %d slots %d ready %s joined %s listed %s %s%s%s%s cordoned %s empty %s deleting %s"
                        .formatted(
                                name,
                                it.servers,
                                it.slots(),
                                it.ready,
                                it.joined,
                                it.listed,
                                it.state,
                                it.unschedulable ? " unschedulable" : "",
                                it.keep ? " keep" : "",
                                it.guarded ? " guarded" : "",
                                it.cordonedAt,
                                it.emptySince,
                                it.deletingAt)));
        return text.toString();
    }
}
