package io.kubescaler.app.demo;

import io.kubescaler.control.PassListener;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.model.Pod;
import io.kubescaler.simulated.ClusterListener;
import io.kubescaler.simulated.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds up what becomes of the servers and what the scaler does. For the thread that moves the clock. */
final class DemoTotals implements ClusterListener, PassListener {
    private final Simulation simulation;
    private final DayNightLoad load;
    private final List<Duration> waits = new ArrayList<>();
    private final Map<String, Integer> actions =
            new TreeMap<>(Map.of("grow", 0, "cordon", 0, "uncordon", 0, "delete", 0));
    private int passes;
    private int failures;
    private int peakNodes;

    DemoTotals(Simulation simulation, DayNightLoad load) {
        this.simulation = simulation;
        this.load = load;
        peakNodes = simulation.cloud().size();
    }

    @Override
    public void placed(Pod pod, Duration waited) {
        waits.add(waited);
    }

    @Override
    public void passed(PassRecord pass) {
        passes++;
        for (Outcome outcome : pass.outcomes()) {
            if (outcome.result() == Result.DONE) {
                actions.merge(outcome.action().type(), 1, Integer::sum);
            } else if (outcome.result() == Result.FAILED) {
                failures++;
            }
        }
        peakNodes = Math.max(peakNodes, simulation.cloud().size());
    }

    /** Returns how long the demonstration has run, in simulated time. */
    Duration elapsed() {
        return Duration.between(Demo.START, simulation.clock().now());
    }

    int serversCreated() {
        return load.created();
    }

    int serversRunning() {
        return load.running();
    }

    int serversUnplaced() {
        return simulation.cluster().unplacedCount();
    }

    int serversKilled() {
        return simulation.cluster().killedServers().size();
    }

    /** Returns how many of the servers that were placed found no room at once. */
    long waited() {
        return waits.stream().filter(wait -> !wait.isZero()).count();
    }

    /**
     * Returns how long such a share of all servers that were placed waited at most; most wait for nothing.
     *
     * @param share 0.5 for the median, 1 for the longest wait
     */
    Duration waitOf(double share) {
        if (waits.isEmpty()) {
            return Duration.ZERO;
        }
        List<Duration> sorted = new ArrayList<>(waits);
        Collections.sort(sorted);
        return sorted.get((int) Math.ceil(share * sorted.size()) - 1);
    }

    /** Returns how many actions of each type were carried out; each type is there. */
    Map<String, Integer> actions() {
        return Collections.unmodifiableMap(actions);
    }

    int passes() {
        return passes;
    }

    int failures() {
        return failures;
    }

    int peakNodes() {
        return peakNodes;
    }

    double nodeHours() {
        return simulation.cloud().machineTime().toMillis() / 3_600_000.0;
    }
}
