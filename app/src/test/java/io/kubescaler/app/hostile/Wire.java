package io.kubescaler.app.hostile;

import java.time.Duration;
import java.util.Optional;

/**
 * Sends requests of one replica to one server on simulated time: a request takes a while to get there and its answer a
 * while to come back. What reached the server happens there even when its sender is frozen or gone by then.
 *
 * @param <X> how the server refuses
 */
public final class Wire<X extends Exception> {
    private final World world;
    private final Replica replica;
    private final Network network;
    private final Network.Server server;
    private final Duration readTimeout;
    private final Duration changeTimeout;
    private final Failures<X> failures;

    /** What the server does. */
    @FunctionalInterface
    public interface Effect<T, X extends Exception> {
        T happen() throws X;
    }

    /** How a client reports that it had no answer. */
    interface Failures<X extends Exception> {
        /** The server refused for the reason that is at work. */
        X refused(Fault fault);

        /** No answer came in time. */
        X timedOut();
    }

    private static final class Answer<T> {
        private Optional<T> value = Optional.empty();
        private Optional<Exception> refusal = Optional.empty();
    }

    /**
     * @param readTimeout how long a request that changes nothing waits for its answer
     * @param changeTimeout how long one that changes something waits
     */
    Wire(
            World world,
            Replica replica,
            Network.Server server,
            Duration readTimeout,
            Duration changeTimeout,
            Failures<X> failures) {
        this.world = world;
        this.replica = replica;
        this.network = world.network();
        this.server = server;
        this.readTimeout = readTimeout;
        this.changeTimeout = changeTimeout;
        this.failures = failures;
    }

    /** Sends a request that changes nothing. */
    public <T> T read(Effect<T, X> effect) throws X {
        return send(effect, false);
    }

    /** Sends a request that changes something there. */
    public <T> T change(Effect<T, X> effect) throws X {
        return send(effect, true);
    }

    private <T> T send(Effect<T, X> effect, boolean changes) throws X {
        replica.requireAlive();
        if (changes) {
            replica.beforeChange();
        }
        Duration timeout = changes ? changeTimeout : readTimeout;
        Network.Trip trip = network.trip(replica.index(), server, timeout, changes);
        if (trip.refusedFor().isPresent()) {
            sleep(trip.out());
            throw failures.refused(trip.refusedFor().get());
        }
        Answer<T> answer = new Answer<>();
        if (trip.arrives()) {
            Runnable effected = () -> happen(effect, answer);
            world.clock().after(trip.out(), trip.isLate(timeout) ? () -> world.late(effected) : effected);
        }
        if (trip.isLate(timeout) && network.killsOverLateChange(replica.index())) {
            sleep(Duration.ofMillis(1));
            replica.kill("over a change that is carried out late");
            throw new Turns.Killed();
        }
        if (trip.answer().isEmpty()) {
            sleep(timeout);
            throw failures.timedOut();
        }
        sleep(trip.out().plus(trip.answer().get()));
        if (changes) {
            replica.afterChange();
        }
        if (answer.refusal.isPresent()) {
            @SuppressWarnings("unchecked")
            X refusal = (X) answer.refusal.get();
            throw refusal;
        }
        return answer.value.orElseThrow();
    }

    private <T> void happen(Effect<T, X> effect, Answer<T> answer) {
        try {
            answer.value = Optional.of(effect.happen());
        } catch (RuntimeException defect) {
            throw defect;
        } catch (Exception refusal) {
            answer.refusal = Optional.of(refusal);
        }
    }

    private void sleep(Duration duration) {
        world.turns().current().sleep(duration);
    }
}
