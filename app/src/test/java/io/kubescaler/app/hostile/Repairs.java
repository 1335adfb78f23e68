package io.kubescaler.app.hostile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What is set right when a fault ends, or when all trouble does, and what happens only while there is trouble. */
final class Repairs {
    private final World world;
    private final SplittableRandom random;
    private final List<Runnable> all = new ArrayList<>();

    Repairs(World world) {
        this.world = world;
        random = world.randomness().stream("repairs");
    }

    /** Makes all that are still to come. */
    void makeAll() {
        List.copyOf(all).forEach(Runnable::run);
        all.clear();
    }

    /** Makes one when the fault ends, or when all trouble does. */
    void later(Fault fault, Runnable repair) {
        later(fault.lasts(), repair);
    }

    /** Makes one after that time, or when all trouble ends. */
    void later(Duration lasts, Runnable repair) {
        all.add(repair);
        world.clock().after(lasts, () -> {
            if (all.remove(repair)) {
                repair.run();
            }
        });
    }

    /** Returns what is done to a node if it is still there. */
    Runnable onceMore(String node, Runnable what) {
        return () -> {
            if (world.cluster().hasNode(node)) {
                world.othersActed("sets node %s right".formatted(node));
                what.run();
            }
        };
    }

    /** Returns what happens to a node if it is still there, and there is trouble. */
    Runnable inTrouble(String node, Runnable what) {
        return () -> {
            if (!world.calm() && world.cluster().hasNode(node)) {
                what.run();
            }
        };
    }

    /** Puts a server on a node past the scheduler, which ends within minutes, or lives on until there is a Ready kubelet again. */
    void bind(String name, String node) {
        world.cluster().bindPod(Scenario.server(name), node);
        world.clock().after(Duration.ofSeconds(30 + random.nextInt(600)), () -> {
            if (!world.calm()) {
                world.cluster().deletePod("default/" + name, Duration.ZERO);
            }
        });
    }
}
