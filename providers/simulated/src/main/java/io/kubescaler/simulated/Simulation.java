package io.kubescaler.simulated;

import io.kubescaler.model.PodSelectors;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A cloud and a cluster that belong together, on one clock and from one seed. Safe for use by several threads.
 *
 * @param clock the time
 * @param randomness where everything random comes from; take a stream of your own for what you add
 * @param cloud the cloud, with one pool
 * @param cluster the cluster whose nodes are the cloud's machines
 */
public record Simulation(SimulationClock clock, Randomness randomness, SimulatedCloud cloud, SimulatedCluster cluster) {

    /**
     * Opens a simulation whose initial nodes are Ready.
     *
     * @param selectors which pods are servers, and which keep their node beside these
     * @param daemons pods that come with each node
     * @param readyAfter how long after its machine came up a node is Ready; 0 or more. The initial ones are at once
     */
    public static Simulation open(
            SimulationClock clock,
            Randomness randomness,
            CloudSettings settings,
            PodSelectors selectors,
            List<PodSpec> daemons,
            Duration readyAfter) {
        SimulatedCloud cloud = new SimulatedCloud(clock, settings, randomness);
        SimulatedCluster cluster = new SimulatedCluster(clock, selectors, randomness);
        clock.locked(() -> {
            cloud.connect(new NodeJoin(clock, cluster, settings, daemons, readyAfter));
            cluster.allReady();
        });
        return new Simulation(clock, randomness, cloud, cluster);
    }

    /** Returns a new provider of the cloud's pool, which may change anything at any time. */
    public SimulatedProvider provider() {
        return new SimulatedProvider(clock, cloud, Optional.empty(), () -> true);
    }
}
