package io.kubescaler.kubernetes.watch;

import io.kubescaler.control.TwoClocks;
import io.kubescaler.kubernetes.objects.Observed;
import io.kubescaler.simulated.SimulationClock;
import java.io.IOException;
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
    private static final WatchTiming TIMING = WatchTiming.DEFAULT;
    private static final Duration BOOKMARK = Duration.ofSeconds(60);
    private static final int REPLAYED = 5;

    private final Kind kind;
    private final SimulationClock clock;
    private final Journal<T> journal;
    private final ListWatch.Store<T> store;
    private final Reading<T> reading;
    private final Freshness freshness;
    private final Conditions conditions;
    private final SplittableRandom random;

    private final WatchPosition<Integer> position;
    private final Backoff backoff;

    // how much of the journal the watch under way has told, and how much of it any watch or list ever did
    private int told;
    private int known;
    private boolean connected;
    private boolean pumping;
    private int opened;

    /** What is watched. */
    public enum Kind {
        NODES,
        PODS
    }

    /** What stands in the way of the watches of one process. */
    public interface Conditions {
        /** Returns whether the process still exists. */
        boolean isAlive();

        /** Returns until when it is frozen, on the clock of the simulation; in the past when it is not. */
        long frozenUntilNanos();

        /** Returns whether the API server cannot be reached. */
        boolean away();

        /** Returns whether watches of that kind can be opened and nothing comes of them. */
        boolean silent(Kind kind);

        /** Returns whether watches of that kind can be opened and end at once. */
        boolean ends(Kind kind);

        /** Returns how late news may come at most. */
        Duration lateness();
    }

    /** How an object is made out of what the server sends. */
    @FunctionalInterface
    public interface Reading<T> {
        Observed<T> read(Observed<T> object) throws IOException;
    }

    /** All that happened to objects of one kind. */
    public static final class Journal<T> {
        private final List<Event<T>> events = new ArrayList<>();
        private final Map<String, Observed<T>> present = new LinkedHashMap<>();
        private final List<Runnable> readers = new ArrayList<>();

        private final SimulationClock clock;

        private record Event<T>(Observed<T> object, boolean removed, long atNanos) {}

        public Journal(SimulationClock clock) {
            this.clock = clock;
        }

        public void put(String key, Observed<T> object) {
            present.put(key, object);
            append(new Event<>(object, false, clock.nanos()));
        }

        public void remove(String key) {
            Observed<T> gone = present.remove(key);
            if (gone != null) {
                append(new Event<>(gone, true, clock.nanos()));
            }
        }

        public List<T> present() {
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

    public SimulatedFeed(
            Kind kind,
            SimulationClock clock,
            Journal<T> journal,
            ListWatch.Store<T> store,
            Reading<T> reading,
            Freshness freshness,
            TwoClocks clocks,
            Conditions conditions,
            SplittableRandom random) {
        this.kind = kind;
        this.clock = clock;
        this.journal = journal;
        this.store = store;
        this.reading = reading;
        this.freshness = freshness;
        this.conditions = conditions;
        this.random = random;
        position = new WatchPosition<>(freshness, clocks, TIMING.silence());
        backoff = new Backoff(TIMING.firstBackoff(), TIMING.longestBackoff(), random::nextDouble);
    }

    public Freshness freshness() {
        return freshness;
    }

    /** Returns until when the store knows of everything, on the clock of the simulation. */
    public long knownUntilNanos() {
        return known < journal.events.size() ? journal.events.get(known).atNanos() : clock.nanos();
    }

    public void start() {
        journal.readers.add(this::somethingHappened);
        clock.after(Duration.ofMillis(random.nextInt(100)), this::connect);
    }

    public void cut(boolean versionGone) {
        if (connected) {
            lose("the connection broke off");
            if (versionGone) {
                position.lost();
            }
        }
    }

    public void replay() {
        if (connected) {
            told = Math.max(0, told - REPLAYED);
            somethingHappened();
        }
    }

    private void lose(String why) {
        connected = false;
        position.ended();
        if (position.progressed()) {
            backoff.reset();
        }
        connectAgain(why);
    }

    private void connectAgain(String why) {
        freshness.failed(why);
        clock.after(backoff.next(Optional.empty()), this::connect);
    }

    private void connect() {
        if (connected || !conditions.isAlive() || heldUp(this::connect)) {
            return;
        }
        if (conditions.away()) {
            connectAgain("the server is away");
            return;
        }
        Optional<Integer> from = position.next();
        if (from.isPresent()) {
            told = from.get();
            watch();
        } else {
            list();
        }
    }

    private void list() {
        List<Observed<T>> all = List.copyOf(journal.present.values());
        int listedAt = journal.events.size();
        int firstPage = all.size() / 2;
        freshness.listing();
        store.startList();
        if (!page(all.subList(0, firstPage))) {
            return;
        }
        clock.after(Duration.ofMillis(1 + random.nextInt(300)), () -> lastPage(all, firstPage, listedAt));
    }

    private void lastPage(List<Observed<T>> all, int from, int listedAt) {
        if (!conditions.isAlive() || heldUp(() -> lastPage(all, from, listedAt))) {
            return;
        }
        if (!page(all.subList(from, all.size()))) {
            return;
        }
        store.endList();
        tellUpTo(listedAt);
        position.listed(listedAt);
        freshness.synced();
        store.announce();
        watch();
    }

    private boolean page(List<Observed<T>> objects) {
        try {
            for (Observed<T> object : objects) {
                store.upsert(reading.read(object));
            }
            return true;
        } catch (IOException malformed) {
            connectAgain(String.valueOf(malformed.getMessage()));
            return false;
        }
    }

    private void tellUpTo(int event) {
        told = event;
        known = Math.max(known, event);
    }

    private void watch() {
        connected = true;
        opened++;
        position.opened();
        int connection = opened;
        if (conditions.ends(kind)) {
            clock.after(Duration.ofMillis(1 + random.nextInt(50)), () -> end(connection));
            return;
        }
        clock.after(BOOKMARK, () -> bookmark(connection));
        clock.after(TIMING.silence(), () -> lookForSilence(connection));
        somethingHappened();
    }

    private boolean isOver(int connection) {
        return !connected || connection != opened || !conditions.isAlive();
    }

    private void end(int connection) {
        if (!isOver(connection) && !heldUp(() -> end(connection))) {
            lose("the watch ended and had told of nothing");
        }
    }

    private void somethingHappened() {
        if (connected && !pumping && told < journal.events.size() && conditions.isAlive()) {
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
        if (connected && !conditions.silent(kind) && !conditions.ends(kind)) {
            tell();
        }
    }

    // what came is an event or a bookmark, and before it all that happened until then
    private void tell() {
        if (position.isQuietForTooLong()) {
            lose("no event for too long");
            return;
        }
        int until = journal.events.size();
        while (told < until) {
            Journal.Event<T> event = journal.events.get(told);
            tellUpTo(told + 1);
            if (event.removed()) {
                store.delete(event.object());
            } else if (!page(List.of(event.object()))) {
                connected = false;
                position.lost();
                return;
            }
        }
        position.heard();
        position.reached(told);
    }

    private void bookmark(int connection) {
        if (isOver(connection) || heldUp(() -> bookmark(connection))) {
            return;
        }
        clock.after(BOOKMARK, () -> bookmark(connection));
        if (!conditions.silent(kind)) {
            tell();
        }
    }

    private void lookForSilence(int connection) {
        if (isOver(connection) || heldUp(() -> lookForSilence(connection))) {
            return;
        }
        if (position.isQuietForTooLong()) {
            lose("no event for too long");
        } else {
            Duration left = TIMING.silence().minus(position.quietFor());
            clock.after(left.plusMillis(1), () -> lookForSilence(connection));
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
