package io.kubescaler.bench.load;

import io.kubescaler.bench.load.Requests.Arrival;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Makes the pool short of one slot again and again, and measures how soon that reaches the cloud. When the order comes,
 * the server that was in want of a slot is deleted before the cloud answers, so that the pass after it finds all well.
 * For one thread.
 */
final class Shortages {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    // below the scaler's own limit of 200 requests a minute, of which a shortage takes 4
    private static final long PAUSE_MILLIS = 1300;
    private static final int JITTER_MILLIS = 400;

    private final ClusterUnderLoad cluster;
    private final CloudOfShape cloud;
    private final Random random = new Random(1);
    private int discarded;

    Shortages(ClusterUnderLoad cluster, CloudOfShape cloud) {
        this.cluster = cluster;
        this.cloud = cloud;
    }

    /**
     * How long it took from the moment at which a server was created.
     *
     * @param sizeRead until the cloud was asked for the size of the pool, which an order begins with, in milliseconds
     * @param order until the order came, in milliseconds
     */
    record Sample(double sizeRead, double order) {}

    /** Takes so many samples, at random moments. */
    List<Sample> take(int count) throws InterruptedException {
        List<Sample> samples = new ArrayList<>();
        while (samples.size() < count) {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS + random.nextInt(JITTER_MILLIS));
            one().ifPresentOrElse(samples::add, () -> discarded++);
            if (discarded > count) {
                throw new IllegalStateException("%d orders came unasked for".formatted(discarded));
            }
        }
        return samples;
    }

    /** Returns how many samples were given up because an order came that was under way before. */
    int discarded() {
        return discarded;
    }

    private Optional<Sample> one() throws InterruptedException {
        CompletableFuture<Long> ordered = new CompletableFuture<>();
        cloud.onOrder(() -> {
            if (ordered.complete(System.nanoTime())) {
                cluster.deleteWaitingServer();
            }
        });
        long created = System.nanoTime();
        cluster.createWaitingServer();
        try {
            long order = ordered.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
            return sizeRead(created, order).map(read -> new Sample(millis(read - created), millis(order - created)));
        } catch (TimeoutException e) {
            throw new IllegalStateException("no order came within %d s".formatted(LONGEST.toSeconds()), e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    // the order is the size read by the controller, the size read by the provider, and the PUT; what came before them,
    // such as a read on the tick, may have left before the server was created
    private Optional<Long> sizeRead(long created, long order) {
        List<Arrival> reads = cloud.requests().since(created).stream()
                .filter(arrival -> arrival.method().equals("GET") && arrival.nanos() - order < 0)
                .toList();
        return reads.size() < 2
                ? Optional.empty()
                : Optional.of(reads.get(reads.size() - 2).nanos());
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }
}
