package io.kubescaler.kubernetes.watch;

import io.kubescaler.control.TwoClocks;
import io.kubescaler.kubernetes.client.ApiException;
import io.kubescaler.kubernetes.client.ApiServer;
import io.kubescaler.kubernetes.client.CauseLog;
import io.kubescaler.kubernetes.client.SilenceException;
import io.kubescaler.kubernetes.objects.ListReader;
import io.kubescaler.kubernetes.objects.MalformedObjectException;
import io.kubescaler.kubernetes.objects.ObjectReader;
import io.kubescaler.kubernetes.objects.Observed;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a store equal to what the API server has of one kind: lists all in pages, then watches from there, on a thread
 * of its own named {@code watch-WHAT}. Nothing that the server does ends it: whatever fails is reported, waited out and
 * tried again, from the version last heard of where the server still has it, else by listing anew.
 *
 * <p>{@link #close} may be called by any thread.
 *
 * @param <T> the kind of objects
 */
public final class ListWatch<T> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ListWatch.class);
    private static final int PAGE = 500;
    private static final int MOST_NAMED = 100;
    private static final Duration END = Duration.ofSeconds(5);
    // how much longer than asked for a watch may last before it is cut
    private static final Duration OVERTIME = Duration.ofSeconds(30);

    private final ApiServer server;
    private final Source source;
    private final Store<T> store;
    private final WatchTiming timing;
    private final Backoff backoff;
    private final Freshness freshness;
    private final DoubleSupplier random;
    private final TwoClocks clocks;
    private final ListReader<T> lists;
    private final WatchReader<T> watches;
    private final CauseLog causes = new CauseLog();
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    private volatile long steppedAtNanos;
    // used by the thread alone
    private final WatchPosition<String> position;
    private boolean pagesExpire;
    private int skipped;
    private int skippedBefore;
    private final Set<String> namedAlone = new HashSet<>();

    /**
     * What is listed and watched.
     *
     * @param what the objects, in the plural: {@code pods}
     * @param path where they are, such as {@code /api/v1/pods}
     * @param selectors the parameters that select some of them
     */
    public record Source(String what, String path, Map<String, String> selectors) {
        public Source {
            selectors = Map.copyOf(selectors);
        }
    }

    /** Where the objects are kept. Called by the watching thread alone. */
    public interface Store<T> {
        /** All objects follow; those that do not are gone. */
        void startList();

        /** An object is there, as it is now. */
        void upsert(Observed<T> object);

        /** An object is gone. */
        void delete(Observed<T> object);

        /** All objects have come. */
        void endList();

        /** From now on the store may be relied on. */
        void announce();
    }

    /**
     * @param random numbers from 0 to below 1, for the jitter of pauses
     */
    public ListWatch(
            ApiServer server,
            Source source,
            ObjectReader<T> reader,
            Store<T> store,
            WatchTiming timing,
            TwoClocks clocks,
            DoubleSupplier random) {
        this.server = server;
        this.source = source;
        this.store = store;
        this.timing = timing;
        this.random = random;
        this.clocks = clocks;
        steppedAtNanos = clocks.nanoTime().getAsLong();
        lists = new ListReader<>(reader);
        watches = new WatchReader<>(reader);
        backoff = new Backoff(timing.firstBackoff(), timing.longestBackoff(), random);
        freshness = new Freshness(source.what(), clocks, timing.freshness());
        position = new WatchPosition<>(freshness, clocks, timing.silence());
        thread = new Thread(this::loop, "watch-" + source.what());
        thread.setDaemon(true);
    }

    /** Starts watching. Call once. */
    public void start() {
        thread.start();
    }

    /** Returns whether the store may be relied on. */
    public Freshness freshness() {
        return freshness;
    }

    /** Returns how long ago the thread last heard of the server, or began to ask, to wait or to try again. */
    public Duration sinceLastStep() {
        return Duration.ofNanos(clocks.nanoTime().getAsLong() - steppedAtNanos);
    }

    /** Stops watching; waits up to 5 s for the thread to end. */
    @Override
    public void close() {
        closed.countDown();
        freshness.closed();
        thread.interrupt();
        try {
            thread.join(END.toMillis());
            if (thread.isAlive()) {
                LOG.error("the thread {} does not end", thread.getName());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean running() {
        return closed.getCount() > 0;
    }

    private void loop() {
        while (running()) {
            stepped();
            try {
                turn();
            } catch (IOException | RuntimeException | Error failure) {
                // an Error too: without this thread the scaler would be blind until somebody restarts it
                if (running()) {
                    pauseAfter(failure);
                }
            }
        }
    }

    // lists where needed, then watches until the server ends it
    private void turn() throws IOException {
        Optional<String> known = position.next();
        String from = known.isPresent() ? known.get() : list();
        watch(from);
        if (!position.progressed()) {
            throw new IOException("the watch ended and had told of nothing");
        }
        backoff.reset();
    }

    private String list() throws IOException {
        freshness.listing();
        skipped = 0;
        store.startList();
        String continueToken = "";
        ListReader.Page page;
        do {
            page = page(continueToken);
            if (!page.isList()) {
                throw new MalformedObjectException("the answer is not a list of " + source.what());
            }
            continueToken = page.continueToken();
        } while (!continueToken.isEmpty());
        store.endList();
        skippedBefore = skipped;
        freshness.synced();
        store.announce();
        pagesExpire = false;
        position.listed(page.resourceVersion());
        return page.resourceVersion();
    }

    // without a resourceVersion: the first page is as recent as a quorum read
    private ListReader.Page page(String continueToken) throws IOException {
        stepped();
        Map<String, String> query = new HashMap<>(source.selectors());
        if (!continueToken.isEmpty()) {
            query.put("continue", continueToken);
        }
        if (!pagesExpire) {
            query.put("limit", String.valueOf(PAGE));
        }
        try (InputStream stream = server.open(
                ApiServer.Request.get(source.path(), query),
                new ApiServer.Limits(timing.page(), timing.page(), timing.page().multipliedBy(pagesExpire ? 10 : 1)))) {
            return lists.readList(stream, new Listed());
        } catch (ApiException refused) {
            // a list that takes longer than the server keeps a version is asked for in one piece
            pagesExpire = refused.expired() && !continueToken.isEmpty();
            throw refused;
        }
    }

    private void watch(String from) throws IOException {
        Duration asked = timing.watch().plusMillis((long) (timing.watch().toMillis() * random.getAsDouble() / 2));
        Map<String, String> query = new HashMap<>(source.selectors());
        query.put("watch", "true");
        query.put("allowWatchBookmarks", "true");
        query.put("resourceVersion", from);
        query.put("timeoutSeconds", String.valueOf(Math.max(1, asked.toSeconds())));
        ApiServer.Limits limits = new ApiServer.Limits(timing.page(), timing.silence(), asked.plus(OVERTIME));
        position.opened();
        try (InputStream stream = server.open(ApiServer.Request.get(source.path(), query), limits, this::bytesCame)) {
            stepped();
            try {
                watches.read(stream, new Progress());
            } finally {
                position.ended();
            }
        }
    }

    // bytes show that the thread is not stuck, and no more: an event may never come of them, or be an old one
    private void bytesCame() throws IOException {
        stepped();
        if (position.isQuietForTooLong()) {
            throw new SilenceException("event", timing.silence());
        }
    }

    private void stepped() {
        steppedAtNanos = clocks.nanoTime().getAsLong();
    }

    private void pauseAfter(Throwable failure) {
        stepped();
        if (position.progressed()) {
            backoff.reset();
        }
        boolean expired = failure instanceof ApiException refused && refused.expired();
        if (expired || failure instanceof MalformedObjectException || isOurs(failure)) {
            position.lost();
        }
        String why = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        freshness.failed(why);
        Optional<Duration> asked = failure instanceof ApiException refused ? refused.retryAfter() : Optional.empty();
        Duration pause = backoff.next(asked);
        log(failure, why, pause);
        try {
            // ends at once when closed
            boolean unused = closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            // only close() interrupts, and the loop looks at that next
            LOG.debug("{}: interrupted while waiting", source.what(), interrupted);
        }
    }

    private static boolean isOurs(Throwable failure) {
        return failure instanceof RuntimeException || failure instanceof Error;
    }

    private static boolean isEnd(Throwable failure) {
        return !(failure instanceof ApiException) && !(failure instanceof MalformedObjectException);
    }

    private void log(Throwable failure, String why, Duration pause) {
        String next = position.isGood() ? "watched on" : "listed anew";
        boolean mayBeNothing = backoff.failures() == 1 && isEnd(failure);
        if (!causes.isNews(
                (mayBeNothing ? "once: " : "") + why, clocks.nanoTime().getAsLong())) {
            LOG.debug("{}: {} in {} ms: {}", source.what(), next, pause.toMillis(), why);
        } else if (isOurs(failure)) {
            LOG.error("{}: {} in {} ms after a fault of our own", source.what(), next, pause.toMillis(), failure);
        } else if (mayBeNothing) {
            // watches end and connections break: no news unless the next one does too
            LOG.info("{}: {} in {} ms: {}", source.what(), next, pause.toMillis(), why);
        } else {
            LOG.warn("{}: {} in {} ms: {}", source.what(), next, pause.toMillis(), why);
        }
    }

    // named once, not with each list; a deletion reads the pods of its node anew, and stops for what it cannot read
    private void skipped(MalformedObjectException object) {
        LOG.warn(
                "{}: one cannot be told from others and is left out; where it runs, no node is deleted: {}",
                source.what(),
                object.getMessage());
    }

    private final class Listed implements ListReader.Sink<T> {
        @Override
        public void accept(Observed<T> object) {
            store.upsert(object);
        }

        @Override
        public void unreadable(MalformedObjectException object) {
            skipped++;
            if (skipped > skippedBefore) {
                skipped(object);
            }
        }
    }

    private final class Progress implements WatchReader.Sink<T> {
        @Override
        public void heard() {
            position.heard();
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
            if (namedAlone.size() < MOST_NAMED && namedAlone.add(object.what())) {
                skipped(object);
            }
        }

        @Override
        public void reached(String resourceVersion) {
            position.reached(resourceVersion);
        }
    }
}
