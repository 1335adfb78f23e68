package io.kubescaler.bench.pass;

import io.kubescaler.bench.PoolShape;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Reading;
import io.kubescaler.model.ServersFound;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Planner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long a pass over a pool with 30 pods a node takes: the first one, and one after a server has come or gone. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 2,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx96m"})
public class PassBenchmark {
    private static final int PODS_PER_NODE = 30;

    @Param({"1000", "5000"})
    private int nodes;

    private SnapshotOfShape snapshots;
    private PoolPolicy policy;
    private Reading<PoolDescription> cloud;
    private List<Node> present;
    private PoolSnapshot whole;
    private Instant now;

    private Planner planner;
    private PoolHistory history;
    private Node[] changing;
    private int invocation;

    @Setup
    public void observe() {
        PoolShape shape = new PoolShape(nodes, PODS_PER_NODE);
        now = Instant.parse("2026-01-01T12:00:00Z");
        snapshots = new SnapshotOfShape(shape, now);
        policy = snapshots.policy();
        cloud = Reading.known(snapshots.cloud());
        present = new ArrayList<>(snapshots.nodes());
        whole = snapshot();
        planner = new Planner();
        history = planner.plan(policy, whole, PoolHistory.NONE, now).history();
        // node 0 is one with room: a server comes to it and goes, which no order follows from
        changing = new Node[] {snapshots.node(0, shape.servers(0) + 1), snapshots.node(0, shape.servers(0))};
        invocation = 0;
    }

    /** A pass of a planner that has seen nothing before, as right after a start. */
    @Benchmark
    public Plan fromNothing() {
        return new Planner().plan(policy, whole, PoolHistory.NONE, now);
    }

    /** A pass a tenth of a second after one by the same planner, with one node different. */
    @Benchmark
    public Plan afterOneChange() {
        now = now.plusMillis(100);
        present.set(0, changing[invocation++ % changing.length]);
        Plan plan = planner.plan(policy, snapshot(), history, now);
        history = plan.history();
        return plan;
    }

    private PoolSnapshot snapshot() {
        return new PoolSnapshot(
                cloud, Reading.known(new ClusterState(present, List.of(), ServersFound.of(1), Map.of())));
    }
}
