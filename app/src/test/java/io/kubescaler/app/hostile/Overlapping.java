package io.kubescaler.app.hostile;

import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Somebody configures a second pool by a copy of the first: it selects all nodes of that one too, or those that somebody
 * labels for it, now and then another. For one simulation.
 */
final class Overlapping {
    private static final LabelSelector ALL = LabelSelector.parse("pool in (hostile, second)");
    private static final LabelSelector LABELLED = LabelSelector.parse("pool=hostile,second=yes");
    private static final Duration EVERY = Duration.ofSeconds(50);

    private final World world;
    private final SplittableRandom random;
    private boolean over;

    Overlapping(World world) {
        this.world = world;
        random = world.randomness().stream("overlapping");
    }

    void begin(double choice) {
        boolean all = choice < 0.4;
        if (!all) {
            world.journals().nodesNow().forEach(this::label);
            world.clock().after(EVERY, this::labelAnother);
        }
        world.configure(
                configuration -> configuration.withSecond(Optional.of(all ? ALL : LABELLED)),
                "a second pool selects nodes of the first");
    }

    void end() {
        over = true;
        world.configure(configuration -> configuration.withSecond(Optional.empty()), "there is one pool");
    }

    private void labelAnother() {
        if (!over) {
            List<Node> nodes = world.journals().nodesNow();
            if (!nodes.isEmpty()) {
                label(nodes.get(random.nextInt(nodes.size())));
            }
            world.clock().after(EVERY, this::labelAnother);
        }
    }

    private void label(Node node) {
        String value = random.nextBoolean() ? "yes" : "no";
        world.history().note("somebody labels node %s second=%s".formatted(node.name(), value));
        world.cluster().setLabel(node.name(), "second", value);
    }
}
