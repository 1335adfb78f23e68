package io.kubescaler.bench.load;

import io.kubescaler.bench.PoolShape;
import io.kubescaler.bench.load.LoadResult.Changes;
import io.kubescaler.bench.load.LoadResult.Rest;
import io.kubescaler.bench.load.LoadResult.Sync;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One run of the program from its start to its end. For one thread. */
final class LoadRun {
    // a kubelet whose node does not change reports that often
    private static final Duration HEARTBEAT = Duration.ofMinutes(5);
    private static final Duration WARM_UP = Duration.ofSeconds(15);

    private final Plan plan;
    private final PoolShape shape;
    private final ClusterUnderLoad cluster;

    /**
     * What to run.
     *
     * @param java what runs the program
     * @param jar the program
     * @param environment environment variables beside those that configure it
     * @param rest for how long requests are counted at rest
     * @param samples how many shortages to make, at rest and again under changes
     * @param changesPerSecond how many pods change in a second; 0 for none
     * @param log where the program's output goes
     */
    record Plan(
            Scaler.Java java,
            Path jar,
            Map<String, String> environment,
            Duration rest,
            int samples,
            int changesPerSecond,
            Path log) {
        Plan {
            environment = Map.copyOf(environment);
        }
    }

    LoadRun(Plan plan, PoolShape shape, ClusterUnderLoad cluster) {
        this.plan = plan;
        this.shape = shape;
        this.cluster = cluster;
    }

    /**
     * Runs it.
     *
     * @param setting what is told of the run
     * @throws IllegalStateException when the scaler does not do what it should, or asks for what the stand-ins have not
     */
    LoadResult run(LoadResult.Setting setting) throws InterruptedException {
        try (CloudOfShape cloud = new CloudOfShape(shape)) {
            long start = System.nanoTime();
            try (Scaler scaler = new Scaler(plan.java(), plan.jar(), environment(cloud), plan.log())) {
                Sync sync = sync(scaler, start);
                Shortages shortages = new Shortages(cluster, cloud);
                cluster.startHeartbeats(HEARTBEAT);
                Rest rest = rest(scaler, cloud, shortages);
                Optional<Changes> changes =
                        plan.changesPerSecond() == 0 ? Optional.empty() : Optional.of(changes(scaler, shortages));
                long peak = scaler.figures().peakRss();
                scaler.collectGarbage();
                LoadResult result = new LoadResult(setting, sync, rest, changes, scaler.heapUsed(), peak);
                refuse(cloud.requests().unexpected());
                cluster.requests().ifPresent(requests -> refuse(requests.unexpected()));
                return result;
            }
        }
    }

    private static void refuse(Set<String> unexpected) {
        if (!unexpected.isEmpty()) {
            throw new IllegalStateException("the scaler asked for what there is not: " + unexpected);
        }
    }

    private Sync sync(Scaler scaler, long start) throws InterruptedException {
        scaler.awaitReady();
        double seconds = secondsSince(start);
        ProcessFigures figures = scaler.figures();
        say("ready after %.1f s".formatted(seconds));
        return new Sync(seconds, figures.cpuSeconds(), figures.rss(), scaler.heapUsed());
    }

    private Rest rest(Scaler scaler, CloudOfShape cloud, Shortages shortages) throws InterruptedException {
        // the first passes and the first renewals of the lease are over by then
        TimeUnit.SECONDS.sleep(WARM_UP.toSeconds());
        long start = System.nanoTime();
        double cpu = scaler.figures().cpuSeconds();
        TimeUnit.MILLISECONDS.sleep(plan.rest().toMillis());
        double seconds = secondsSince(start);
        ProcessFigures figures = scaler.figures();
        Map<String, Integer> clusterRequests =
                cluster.requests().map(requests -> requests.countSince(start)).orElse(Map.of());
        Map<String, Integer> cloudRequests = cloud.requests().countSince(start);
        say("rested for %.0f s".formatted(seconds));
        List<Shortages.Sample> samples = shortages.take(plan.samples());
        say("measured at rest");
        return new Rest(
                seconds,
                percent(figures.cpuSeconds() - cpu, seconds),
                figures.rss(),
                clusterRequests,
                cloudRequests,
                perHour(clusterRequests, seconds),
                perHour(cloudRequests, seconds),
                sizeReads(samples),
                orders(samples));
    }

    private Changes changes(Scaler scaler, Shortages shortages) throws InterruptedException {
        try (PodChanges changes = cluster.startChanges(plan.changesPerSecond())) {
            TimeUnit.SECONDS.sleep(WARM_UP.toSeconds());
            long start = System.nanoTime();
            long events = changes.events();
            double cpu = scaler.figures().cpuSeconds();
            double allocated = scaler.metric("jvm_gc_memory_allocated_bytes_total", "");
            double passes = scaler.metric("kubescaler_passes_total", "");
            List<Shortages.Sample> samples = shortages.take(plan.samples());
            double seconds = secondsSince(start);
            double happened = changes.events() - events;
            ProcessFigures figures = scaler.figures();
            say("measured under changes; %d samples were given up in all".formatted(shortages.discarded()));
            return new Changes(
                    happened / seconds,
                    percent(figures.cpuSeconds() - cpu, seconds),
                    (scaler.metric("jvm_gc_memory_allocated_bytes_total", "") - allocated) / happened,
                    (scaler.metric("kubescaler_passes_total", "") - passes) / seconds,
                    figures.rss(),
                    sizeReads(samples),
                    orders(samples));
        }
    }

    private static Latency sizeReads(List<Shortages.Sample> samples) {
        return Latency.of(samples.stream().map(Shortages.Sample::sizeRead).toList());
    }

    private static Latency orders(List<Shortages.Sample> samples) {
        return Latency.of(samples.stream().map(Shortages.Sample::order).toList());
    }

    // the shipped defaults, leader election included, as in a cluster
    private Map<String, String> environment(CloudOfShape cloud) {
        Map<String, String> all = new HashMap<>(Map.ofEntries(
                Map.entry("CLOUD_PROVIDER", "digitalocean"),
                Map.entry("CLOUD_PROVIDER_TOKEN", "dop_v1_bench"),
                Map.entry("PROVIDERS_DIGITALOCEAN_API_URL", cloud.url()),
                Map.entry("CLUSTER_NAME", CloudOfShape.CLUSTER),
                Map.entry("NODE_POOL_NAME", CloudOfShape.POOL),
                Map.entry("NODE_SELECTOR", "role=scalable"),
                Map.entry("MINIMUM_NODE_POOL_SIZE", "1"),
                Map.entry("MAXIMUM_NODE_POOL_SIZE", Integer.toString(shape.nodes() + 100)),
                Map.entry("SERVER_POD_LABEL_NAME", "app"),
                Map.entry("SERVER_POD_LABEL_VALUE", "server"),
                Map.entry("SERVER_CPU_RESOURCE_REQUEST", PoolShape.SERVER_CPU + "m"),
                Map.entry("BUFFER_SLOT_SIZE", Integer.toString(shape.freeSlots())),
                Map.entry("LEADER_ELECTION_ENABLED", "true"),
                Map.entry("LEADER_ELECTION_NAMESPACE", "default"),
                Map.entry("LOG_FORMAT", "json")));
        all.putAll(cluster.environment());
        all.putAll(plan.environment());
        return all;
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static double percent(double cpuSeconds, double seconds) {
        return 100 * cpuSeconds / seconds;
    }

    private static double perHour(Map<String, Integer> counts, double seconds) {
        return counts.values().stream().mapToInt(Integer::intValue).sum() * 3600 / seconds;
    }

    private static void say(String what) {
        System.err.println(what);
    }
}
