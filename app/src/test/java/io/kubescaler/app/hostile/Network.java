package io.kubescaler.app.hostile;

import io.kubescaler.app.hostile.Fault.Kind;
import io.kubescaler.kubernetes.watch.SimulatedFeed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Decides how each request fares, by the faults at work when it is sent. For one simulation. */
final class Network {
    // less than what production counts on, by what a call of several requests takes
    private static final Duration MOST_LATE = Duration.ofSeconds(55);

    private final SplittableRandom random;
    private final List<Fault> atWork = new ArrayList<>();

    /** To whom requests go. */
    enum Server {
        API,
        LEASE,
        CLOUD
    }

    /**
     * How one request fares.
     *
     * @param refusedFor the fault for which it is refused, having done nothing; empty when it is not
     * @param arrives whether the server gets it
     * @param out how long it takes to get there
     * @param answer how long the answer takes; empty when none comes
     */
    record Trip(Optional<Fault> refusedFor, boolean arrives, Duration out, Optional<Duration> answer) {
        /** Returns whether the server gets it after its sender has given it up. */
        boolean isLate(Duration timeout) {
            return arrives && out.compareTo(timeout) > 0;
        }
    }

    Network(SplittableRandom random) {
        this.random = random;
    }

    void begin(Fault fault) {
        atWork.add(fault);
    }

    void end(Fault fault) {
        atWork.remove(fault);
    }

    /** Returns the fault of that kind that is at work for the replica. */
    Optional<Fault> atWork(Kind kind, int replica) {
        return one(EnumSet.of(kind), replica);
    }

    /** Returns whether a fault of that kind is at work for the replica's watches of nodes, or of pods: of one, or of both. */
    boolean watchAtWork(Kind kind, int replica, SimulatedFeed.Kind watched) {
        return atWork.stream()
                .filter(fault -> fault.kind() == kind && hits(fault, replica))
                .anyMatch(fault -> spared(fault).filter(watched::equals).isEmpty());
    }

    private static Optional<SimulatedFeed.Kind> spared(Fault fault) {
        return switch ((int) (fault.choice() * 30) % 3) {
            case 0 -> Optional.of(SimulatedFeed.Kind.NODES);
            case 1 -> Optional.of(SimulatedFeed.Kind.PODS);
            default -> Optional.empty();
        };
    }

    /** Returns whether the sender of a change that is carried out late does not live to see it. */
    boolean killsOverLateChange(int replica) {
        return atWork(Kind.CLOUD_CARRIES_OUT_LATE, replica).isPresent() && random.nextBoolean();
    }

    /** Returns whether the API server cannot be reached by the replica at all. */
    boolean apiIsAway(int replica) {
        return atWork(Kind.API_REFUSES, replica).isPresent()
                || atWork(Kind.API_SILENT, replica).isPresent();
    }

    Trip trip(int replica, Server server, Duration timeout, boolean changes) {
        Duration out = Duration.ofMillis(1 + random.nextInt(60));
        Duration back = Duration.ofMillis(1 + random.nextInt(60));
        // now and then a request gets through all the same
        boolean lucky = random.nextInt(8) == 0;
        Optional<Fault> refusing = one(refusing(server), replica);
        if (refusing.isPresent() && !lucky) {
            return new Trip(refusing, false, out, Optional.empty());
        }
        if (one(EnumSet.of(silent(server)), replica).isPresent() && !lucky) {
            return new Trip(Optional.empty(), false, out, Optional.empty());
        }
        if (one(EnumSet.of(losing(server)), replica).isPresent() && !lucky) {
            Duration late = Duration.ofMillis(1 + random.nextLong(timeout.toMillis() - 1));
            return new Trip(Optional.empty(), true, late, Optional.empty());
        }
        if (changes
                && server == Server.CLOUD
                && one(EnumSet.of(Kind.CLOUD_CARRIES_OUT_LATE), replica).isPresent()
                && !lucky) {
            Duration late = timeout.plusMillis(1 + random.nextLong(MOST_LATE.toMillis()));
            return new Trip(Optional.empty(), true, late, Optional.empty());
        }
        if (one(EnumSet.of(server == Server.CLOUD ? Kind.CLOUD_SLOW : Kind.API_SLOW), replica)
                .isPresent()) {
            Duration late = Duration.ofMillis(1 + random.nextLong(timeout.toMillis() - 1));
            boolean inTime = late.plus(back).compareTo(timeout) < 0;
            return new Trip(Optional.empty(), true, late, inTime ? Optional.of(back) : Optional.empty());
        }
        return new Trip(Optional.empty(), true, out, Optional.of(back));
    }

    // what goes wrong between one replica and a server, or, every second time, for all of them
    private Optional<Fault> one(Set<Kind> kinds, int replica) {
        return atWork.stream()
                .filter(fault -> kinds.contains(fault.kind()))
                .filter(fault -> hits(fault, replica))
                .findFirst();
    }

    private static boolean hits(Fault fault, int replica) {
        return fault.choice() < 0.5 || fault.replica() == replica;
    }

    private static Set<Kind> refusing(Server server) {
        return switch (server) {
            case API -> EnumSet.of(Kind.API_REFUSES);
            case LEASE -> EnumSet.of(Kind.LEASE_REFUSED);
            case CLOUD ->
                EnumSet.of(
                        Kind.CLOUD_UNAUTHORIZED,
                        Kind.CLOUD_NOT_FOUND,
                        Kind.CLOUD_QUOTA,
                        Kind.CLOUD_RATE_LIMITED,
                        Kind.CLOUD_UNAVAILABLE,
                        Kind.CLOUD_GARBLED);
        };
    }

    private static Kind silent(Server server) {
        return switch (server) {
            case API -> Kind.API_SILENT;
            case LEASE -> Kind.LEASE_SILENT;
            case CLOUD -> Kind.CLOUD_SILENT;
        };
    }

    private static Kind losing(Server server) {
        return switch (server) {
            case API -> Kind.API_ANSWERS_LOST;
            case LEASE -> Kind.LEASE_ANSWERS_LOST;
            case CLOUD -> Kind.CLOUD_ANSWERS_LOST;
        };
    }
}
