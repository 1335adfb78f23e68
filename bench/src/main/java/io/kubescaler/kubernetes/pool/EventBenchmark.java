package io.kubescaler.kubernetes.pool;

import io.kubescaler.bench.NodeObject;
import io.kubescaler.bench.PodObject;
import io.kubescaler.bench.PodObject.Role;
import io.kubescaler.bench.PoolShape;
import io.kubescaler.bench.StoredObject;
import io.kubescaler.kubernetes.objects.Interner;
import io.kubescaler.kubernetes.objects.MalformedObjectException;
import io.kubescaler.kubernetes.objects.NodeReader;
import io.kubescaler.kubernetes.objects.Observed;
import io.kubescaler.kubernetes.objects.PodReader;
import io.kubescaler.kubernetes.watch.ListWatch;
import io.kubescaler.kubernetes.watch.WatchReader;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.Node;
import io.kubescaler.model.Pod;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.PoolSnapshot.ClusterState;
import io.kubescaler.model.Resources;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one event of a pod costs from its bytes on the watch to the index, and what the snapshot after it costs, with 30
 * pods a node. A pod is 6 to 7 KB.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
        value = 2,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx160m"})
public class EventBenchmark {
    private static final int PODS_PER_NODE = 30;
    private static final int EVENTS = 1000;
    private static final int JOBS = 60_000_000;
    private static final PoolPolicy POLICY = new PoolPolicy(
            "servers",
            LabelSelector.parse("role=scalable"),
            LabelSelector.parse("app=server"),
            List.of(),
            Resources.cpu(1000),
            4,
            1,
            10_000,
            Duration.ofSeconds(120),
            Duration.ofMinutes(15),
            Duration.ZERO,
            Set.of(),
            Optional.empty(),
            List.of());

    @Param({"1000", "5000"})
    private int nodes;

    private PoolShape shape;
    private ClusterIndex index;
    private WatchReader<Pod> reader;
    private byte[] coming;
    private byte[] going;
    private byte[] oneComing;
    private byte[] oneGoing;
    private boolean there;

    @Setup
    public void fill() throws IOException {
        shape = new PoolShape(nodes, PODS_PER_NODE);
        index = new ClusterIndex(List.of(POLICY), () -> true);
        reader = new WatchReader<>(
                new PodReader(POLICY.serverSelector().keys(), new Interner(Interner.DEFAULT_CAPACITY)));
        WatchReader<Node> nodeReader = new WatchReader<>(new NodeReader(new Interner(Interner.DEFAULT_CAPACITY)));
        int number = 0;
        for (int node = 0; node < nodes; node++) {
            take(nodeReader, index.nodeStore(), bytes("ADDED", new NodeObject(shape, node, 1, Instant.EPOCH)));
            for (int i = 0; i < shape.servers(node) + PoolShape.DAEMONS; i++) {
                Role role = i < shape.servers(node) ? Role.SERVER : Role.DAEMON;
                take(reader, index.podStore(), bytes("ADDED", pod(number++, role, node)));
            }
        }
        Random random = new Random(1);
        StringBuilder added = new StringBuilder();
        StringBuilder deleted = new StringBuilder();
        for (int i = 0; i < EVENTS; i++) {
            PodObject job = pod(JOBS + i, Role.JOB, random.nextInt(nodes));
            added.append(event("ADDED", job));
            deleted.append(event("DELETED", job));
        }
        coming = added.toString().getBytes(StandardCharsets.UTF_8);
        going = deleted.toString().getBytes(StandardCharsets.UTF_8);
        PodObject one = pod(JOBS + EVENTS, Role.JOB, random.nextInt(nodes));
        oneComing = bytes("ADDED", one);
        oneGoing = bytes("DELETED", one);
        index.state(POLICY);
    }

    /** An event of a pod that comes to some node or goes. */
    @Benchmark
    @OperationsPerInvocation(2 * EVENTS)
    public void event() throws IOException {
        take(reader, index.podStore(), coming);
        take(reader, index.podStore(), going);
    }

    /** Such an event, and the snapshot of the cluster after it. */
    @Benchmark
    public ClusterState eventAndSnapshot() throws IOException {
        there = !there;
        take(reader, index.podStore(), there ? oneComing : oneGoing);
        return index.state(POLICY);
    }

    private PodObject pod(int number, Role role, int node) {
        return new PodObject(number, role, Optional.of(shape.nodeName(node)), 1, 0);
    }

    private static byte[] bytes(String type, StoredObject object) {
        return event(type, object).getBytes(StandardCharsets.UTF_8);
    }

    private static String event(String type, StoredObject object) {
        return "{\"type\":\"%s\",\"object\":%s}\n".formatted(type, object.json());
    }

    private static <T> void take(WatchReader<T> reader, ListWatch.Store<T> store, byte[] events) throws IOException {
        try (InputStream stream = new ByteArrayInputStream(events)) {
            reader.read(stream, new IntoStore<>(store));
        }
    }

    private record IntoStore<T>(ListWatch.Store<T> store) implements WatchReader.Sink<T> {
        @Override
        public void heard() {
            // nobody asks how old this is
        }

        @Override
        public void upsert(Observed<T> object) {
            store.upsert(object);
        }

        @Override
        public void delete(Observed<T> object) {
            store.delete(object);
        }

        @Override
        public void unreadable(MalformedObjectException object) {
            throw new IllegalStateException("an event of the benchmark cannot be read", object);
        }

        @Override
        public void reached(String resourceVersion) {
            // nobody goes on from here
        }
    }
}
