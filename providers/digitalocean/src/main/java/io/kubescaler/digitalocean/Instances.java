package io.kubescaler.digitalocean;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Instance.State;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Turns the machines of the cloud into those of the scaler. Thread-safe.
 *
 * <p>A machine whose creation time the cloud does not tell counts as created when it was first seen here, which can only
 * make it look younger than it is: it is given up later, never earlier.
 */
final class Instances {
    private final Clock clock;
    private final Map<String, Instant> firstSeen = new ConcurrentHashMap<>();

    Instances(Clock clock) {
        this.clock = clock;
    }

    /** Returns all machines of a pool. */
    List<Instance> of(Pool pool) {
        Set<String> present = pool.nodes().stream().map(Pool.Machine::id).collect(Collectors.toSet());
        firstSeen.keySet().retainAll(present);
        return pool.nodes().stream().map(this::of).toList();
    }

    private Instance of(Pool.Machine machine) {
        return new Instance(
                machine.id(),
                // what the cloud's controller manager sets as spec.providerID
                nonEmpty(machine.dropletId()).map(droplet -> "digitalocean://" + droplet),
                nonEmpty(machine.name()),
                state(machine.state()).orElse(State.BOOTING),
                message(machine),
                machine.createdAt().orElseGet(() -> firstSeen.computeIfAbsent(machine.id(), id -> clock.instant())));
    }

    private static Optional<State> state(String state) {
        return switch (state) {
            case "provisioning" -> Optional.of(State.BOOTING);
            case "running" -> Optional.of(State.RUNNING);
            case "draining", "deleting" -> Optional.of(State.DELETING);
            default -> Optional.empty();
        };
    }

    private static String message(Pool.Machine machine) {
        if (state(machine.state()).isPresent()) {
            return machine.message();
        }
        String unknown = machine.state().isEmpty()
                ? "DigitalOcean tells no state"
                : "DigitalOcean tells the unknown state '%s'".formatted(machine.state());
        return machine.message().isEmpty() ? unknown : unknown + ": " + machine.message();
    }

    private static Optional<String> nonEmpty(String text) {
        return Optional.of(text).filter(value -> !value.isEmpty());
    }
}
