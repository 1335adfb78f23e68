package io.kubescaler.app.kubernetes;

import io.kubescaler.simulated.SimulationClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One list and watch on simulated time, as {@link ListWatch} does it with threads and bytes. For one simulation.
 *
 * @param <T> the kind of objects
 */
public final class SimulatedFeed<T> {
    private static final Duration BOOKMARK = Duration.ofSeconds(60);
    private static final int REPLAYED = 5;

    private final SimulationClock clock;
    private final Journal<T> journal;
    private final ListWatch.Store<T> store;
    private final Freshness freshness;
    private final Conditions conditions;
    private final SplittableRandom random;

    private int position;
    private boolean connected;
    private boolean mustList = true;
    private boolean pumping;
    private long heardNanos;

    /** What stands in the way of the watches of one process. */
    public interface Conditions {
        /** Returns whether the process still exists. */
        boolean isAlive();

        /** Returns until when it is frozen, on the clock of the simulation; in the past when it is not. */
        long frozenUntilNanos();

        /** Returns whether the API server cannot be reached. */
        boolean away();

        /** Returns whether nothing more is told over connections that stay open. */
        boolean silent();

        /** Returns how late news may come at most. */
        Duration lateness();
    }

    /** All that happened to objects of one kind. */
    static final class Journal<T> {
        private final List<Event<T>> events = new ArrayList<>();
        private final Map<String, Observed<T>> present = new LinkedHashMap<>();
        private final List<Runnable> readers = new ArrayList<>();

        private record Event<T>(Observed<T> object, boolean removed) {}

        void put(String key, Observed<T> object) {
            present.put(key, object);
            append(new Event<>(object, false));
        }

        void remove(String key) {
            Observed<T> gone = present.remove(key);
            if (gone != null) {
                append(new Event<>(gone, true));
            }
        }

        List<T> present() {
            return present.values().stream()
                    .map(Observed::value)
                    .flatMap(Optional::stream)
                    .toList();
        }

        private void append(Event<T> event) {
            events.add(event);
            readers.forEach(Runnable::run);
        }
    }

    SimulatedFeed(
            SimulationClock clock,
            Journal<T> journal,
            ListWatch.Store<T> store,
            Freshness freshness,
            Conditions conditions,
            SplittableRandom random) {
        this.clock = clock;
        this.journal = journal;
        this.store = store;
        this.freshness = freshness;
        this.conditions = conditions;
        this.random = random;
        heardNanos = clock.nanos();
    }

    Freshness freshness() {
        return freshness;
    }

    void start() {
        journal.readers.add(this::somethingHappened);
        connectAfter(Duration.ofMillis(random.nextInt(100)));
        clock.after(BOOKMARK, this::bookmark);
    }

    void cut(boolean versionGone) {
        if (connected) {
            connected = false;
            mustList |= versionGone;
            freshness.failed("the connection broke off");
            connectAfter(Duration.ofMillis(50 + random.nextInt(1000)));
        }
    }

    void replay() {
        if (connected) {
            position = Math.max(0, position - REPLAYED);
            somethingHappened();
        }
    }

    private void connectAfter(Duration pause) {
        clock.after(pause, this::connect);
    }

    private void connect() {
        if (connected || !conditions.isAlive() || heldUp(this::connect)) {
            return;
        }
        if (conditions.away()) {
            freshness.failed("the server is away");
            connectAfter(Duration.ofMillis(500 + random.nextInt(10_000)));
            return;
        }
        if (mustList || freshness.silentForTooLong()) {
            list();
        } else {
            watch();
        }
    }

    private void list() {
        List<Observed<T>> all = List.copyOf(journal.present.values());
        int listedAt = journal.events.size();
        int firstPage = all.size() / 2;
        freshness.listing();
        store.startList();
        all.subList(0, firstPage).forEach(store::upsert);
        clock.after(Duration.ofMillis(1 + random.nextInt(300)), () -> lastPage(all, firstPage, listedAt));
    }

    private void lastPage(List<Observed<T>> all, int from, int listedAt) {
        if (!conditions.isAlive() || heldUp(() -> lastPage(all, from, listedAt))) {
            return;
        }
        all.subList(from, all.size()).forEach(store::upsert);
        store.endList();
        position = listedAt;
        mustList = false;
        freshness.synced();
        store.announce();
        watch();
    }

    private void watch() {
        connected = true;
        heard();
        somethingHappened();
    }

    private void heard() {
        heardNanos = clock.nanos();
        freshness.alive();
    }

    private void somethingHappened() {
        if (connected && !pumping && position < journal.events.size() && conditions.isAlive()) {
            pumping = true;
            long latest = Math.max(1, conditions.lateness().toMillis());
            clock.after(Duration.ofMillis(1 + random.nextLong(latest)), this::deliver);
        }
    }

    private void deliver() {
        if (!conditions.isAlive() || heldUp(this::deliver)) {
            return;
        }
        pumping = false;
        if (!connected || conditions.silent()) {
            return;
        }
        int until = journal.events.size();
        while (position < until) {
            Journal.Event<T> event = journal.events.get(position);
            position++;
            if (event.removed()) {
                store.delete(event.object());
            } else {
                store.upsert(event.object());
            }
        }
        heard();
    }

    private void bookmark() {
        if (!conditions.isAlive() || heldUp(this::bookmark)) {
            return;
        }
        clock.after(BOOKMARK, this::bookmark);
        if (connected && !conditions.silent()) {
            // a bookmark comes after all that happened before it
            deliver();
            heard();
        } else if (connected
                && clock.nanos() - heardNanos > WatchTiming.DEFAULT.silence().toNanos()) {
            cut(false);
        }
    }

    private boolean heldUp(Runnable until) {
        long thaw = conditions.frozenUntilNanos();
        if (thaw <= clock.nanos()) {
            return false;
        }
        clock.atNanos(thaw, until);
        return true;
    }
}
