package io.kubescaler.app.hostile;

import io.kubescaler.app.hostile.Scenario.Load;
import io.kubescaler.model.NodeAffinity;
import io.kubescaler.model.NodeConstraints;
import io.kubescaler.model.Resources;
import io.kubescaler.simulated.PodSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Those whose servers come and go. For one simulation. */
final class Users {
    private static final NodeAffinity OF_ANOTHER_POOL = new NodeAffinity(List.of(new NodeAffinity.Term(
            List.of(new NodeAffinity.Requirement("pool", "NotIn", List.of("hostile"))), List.of())));

    private final World world;
    private final Load load;
    private final SplittableRandom random;
    // of its own, so that histories without a crowd stay as they are
    private final SplittableRandom crowds;
    private int created;
    private boolean stopped;

    Users(World world) {
        this.world = world;
        load = world.scenario().load();
        random = world.randomness().stream("users");
        crowds = world.randomness().stream("crowds");
    }

    void start() {
        // by it the scaler learns that its server selector is right
        PodSpec first = Scenario.server("s-first");
        world.cluster().createPod(first);
        world.clock()
                .after(
                        world.scenario().trouble().dividedBy(2),
                        () -> leave("default/" + first.name(), Duration.ofSeconds(5)));
        next();
    }

    /** From now on none comes, and none goes. */
    void stop() {
        stopped = true;
    }

    /** Every second time so many come within half a minute that the pool must grow for them. */
    void crowd() {
        if (crowds.nextBoolean()) {
            world.clock().after(Duration.ofMillis(crowds.nextLong(30_000)), () -> {
                for (int i = 5 + crowds.nextInt(8); i > 0 && !stopped; i--) {
                    arrive();
                }
            });
        }
    }

    private void next() {
        world.clock().after(seconds(pause()), () -> {
            if (!stopped) {
                int several = load.arrivals() == Scenario.Arrivals.BURSTS && random.nextInt(8) == 0
                        ? 3 + random.nextInt(10)
                        : 1;
                for (int i = 0; i < several; i++) {
                    arrive();
                }
                next();
            }
        });
    }

    private double pause() {
        double whole = world.scenario().trouble().toSeconds();
        double now = world.clock().nanos() / 1e9;
        double rate = switch (load.arrivals()) {
            case STEADY, HEAVY_TAILS -> 1;
            // one day of the trouble's length
            case DAILY -> 0.1 + 1 + Math.sin(2 * Math.PI * now / whole);
            case STEP_OF_THREE_TIMES -> now > whole / 3 && now < whole * 2 / 3 ? 3 : 1;
            case BURSTS -> 0.5;
        };
        double exponential = -Math.log(1 - random.nextDouble());
        return load.everySeconds() / rate * exponential;
    }

    private void arrive() {
        created++;
        PodSpec server = server();
        world.cluster().createPod(server);
        double lifetime = switch (load.arrivals()) {
            case HEAVY_TAILS -> load.lifetimeSeconds() * 0.5 * Math.pow(1 - random.nextDouble(), -0.8);
            case STEADY, DAILY, STEP_OF_THREE_TIMES, BURSTS ->
                random.nextDouble() < load.longLivedShare()
                        ? 50 * load.lifetimeSeconds()
                        : load.lifetimeSeconds() * -Math.log(1 - random.nextDouble());
        };
        Duration grace = Duration.ofSeconds(random.nextInt(31));
        world.clock().after(seconds(Math.min(lifetime, 1e6)), () -> leave("default/" + server.name(), grace));
    }

    private PodSpec server() {
        String name = "s-" + created;
        if (random.nextDouble() >= load.oddShare()) {
            return server(name, Scenario.ONE_SERVER);
        }
        return switch (random.nextInt(8)) {
            // larger than an empty node
            case 0 -> server(name, Scenario.resources(6000, 2, 1));
            case 1 ->
                server(name, Scenario.ONE_SERVER)
                        .constrained(new NodeConstraints(Map.of(), Optional.of(OF_ANOTHER_POOL), List.of()));
            // as much as an empty node has, and more than its slots
            case 2 -> server(name, Scenario.resources(4500, 4, 1));
            case 3, 4 -> server(name, Scenario.resources(2900, 6, 1));
            default -> server(name, Scenario.resources(1500 + random.nextInt(500), 4, 1));
        };
    }

    private static PodSpec server(String name, Resources requests) {
        return PodSpec.server(name, Scenario.labelsOf(name), requests);
    }

    private void leave(String key, Duration grace) {
        if (!stopped) {
            world.cluster().deletePod(key, grace);
        }
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis((long) (seconds * 1000));
    }
}
