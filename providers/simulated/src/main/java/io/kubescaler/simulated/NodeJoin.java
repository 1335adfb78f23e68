package io.kubescaler.simulated;

import io.kubescaler.model.Instance;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What joins a cloud and a cluster: a machine that comes up registers its node, which is Ready a moment later; a machine
 * that goes takes its node along, and all that runs on it.
 */
final class NodeJoin implements MachineListener {
    private final SimulationClock clock;
    private final SimulatedCluster cluster;
    private final CloudSettings settings;
    private final List<PodSpec> daemons;
    private final Duration readyAfter;

    NodeJoin(
            SimulationClock clock,
            SimulatedCluster cluster,
            CloudSettings settings,
            List<PodSpec> daemons,
            Duration readyAfter) {
        this.clock = clock;
        this.cluster = cluster;
        this.settings = settings;
        this.daemons = List.copyOf(daemons);
        this.readyAfter = readyAfter;
    }

    @Override
    public void up(Instance machine) {
        String name = name(machine);
        Map<String, String> labels = new HashMap<>(settings.labels());
        labels.put(SimulatedCloud.INSTANCE_LABEL, machine.id());
        cluster.addNode(new NodeSpec(name, labels, machine.providerId(), Set.of(), settings.allocatable(), daemons));
        if (readyAfter.isZero()) {
            cluster.setReady(name, true);
        } else {
            clock.after(readyAfter, () -> {
                if (cluster.hasNode(name)) {
                    cluster.setReady(name, true);
                }
            });
        }
    }

    @Override
    public void gone(Instance machine) {
        cluster.removeNode(name(machine));
    }

    private static String name(Instance machine) {
        return Optional.of(machine).flatMap(Instance::nodeName).orElse(machine.id());
    }
}
