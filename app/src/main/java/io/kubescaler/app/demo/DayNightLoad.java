package io.kubescaler.app.demo;

import io.kubescaler.simulated.PodSpec;
import io.kubescaler.simulated.Randomness;
import io.kubescaler.simulated.SimulatedCluster;
import io.kubescaler.simulated.SimulationClock;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * The users of the demonstration: they start servers seldom at night, often by day, and once each evening many at a
 * time. Servers live for some minutes and then end by themselves. The same seed gives the same servers.
 *
 * <p>Used by the thread that moves the clock.
 */
final class DayNightLoad {
    /** From one midnight to the next: short, so that a minute of watching shows some of them. */
    static final Duration DAY = Duration.ofMinutes(20);

    private static final double NIGHT_PER_MINUTE = 0.4;
    private static final double NOON_PER_MINUTE = 5;
    // the evening's rush comes when the load of the day is falling and nodes have just been set aside
    private static final Duration RUSH_AT = Duration.ofMinutes(15);
    private static final int RUSH = 8;
    private static final Duration SHORTEST_LIFE = Duration.ofMinutes(1);
    private static final Duration LONGEST_LIFE = Duration.ofMinutes(6);

    private final SimulationClock clock;
    private final SimulatedCluster cluster;
    private final Function<String, PodSpec> server;
    private final SplittableRandom arrivals;
    private final SplittableRandom lives;
    private final Instant firstMidnight;
    private int created;
    private int running;

    /** @param server makes the server of a name */
    DayNightLoad(
            SimulationClock clock, SimulatedCluster cluster, Randomness randomness, Function<String, PodSpec> server) {
        this.clock = clock;
        this.cluster = cluster;
        this.server = server;
        arrivals = randomness.stream("server-arrivals");
        lives = randomness.stream("server-lives");
        firstMidnight = clock.now();
    }

    /** Begins, at midnight. Call once. */
    void start() {
        awaitNext();
        clock.after(RUSH_AT, this::rush);
    }

    /** Returns how many servers were created. */
    int created() {
        return created;
    }

    /** Returns how many servers there are, unplaced ones included. */
    int running() {
        return running;
    }

    /** Returns whether it is more day than night. */
    boolean isDay() {
        return perMinute() > (NIGHT_PER_MINUTE + NOON_PER_MINUTE) / 2;
    }

    // arrivals without memory at a changing rate: drawn at the highest rate, and some are left out
    private void awaitNext() {
        double minutes = -Math.log(1 - arrivals.nextDouble()) / NOON_PER_MINUTE;
        clock.after(Duration.ofMillis((long) (minutes * Duration.ofMinutes(1).toMillis())), () -> {
            if (arrivals.nextDouble() * NOON_PER_MINUTE < perMinute()) {
                create();
            }
            awaitNext();
        });
    }

    private void rush() {
        for (int i = 0; i < RUSH; i++) {
            create();
        }
        clock.after(DAY, this::rush);
    }

    private void create() {
        created++;
        running++;
        PodSpec spec = server.apply("server-%05d".formatted(created));
        cluster.createPod(spec);
        long spread = LONGEST_LIFE.minus(SHORTEST_LIFE).toMillis();
        clock.after(SHORTEST_LIFE.plusMillis(lives.nextLong(spread)), () -> {
            running--;
            cluster.deletePod(spec.namespace() + "/" + spec.name(), Duration.ZERO);
        });
    }

    private double perMinute() {
        double days = (double) Duration.between(firstMidnight, clock.now()).toNanos() / DAY.toNanos();
        double noonness = (1 - Math.cos(2 * Math.PI * days)) / 2;
        return NIGHT_PER_MINUTE + (NOON_PER_MINUTE - NIGHT_PER_MINUTE) * noonness;
    }
}
