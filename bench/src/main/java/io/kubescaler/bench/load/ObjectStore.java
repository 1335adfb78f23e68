package io.kubescaler.bench.load;

import io.kubescaler.bench.StoredObject;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The objects of one kind, with enough of their history for watches. Thread-safe. */
final class ObjectStore {
    private static final int KEPT = 100_000;

    private final TreeMap<Integer, StoredObject> objects = new TreeMap<>();
    private final TreeMap<Long, Event> history = new TreeMap<>();
    private long version = 1;

    /** What happened to an object. */
    record Event(String type, StoredObject object) {
        String json() {
            return "{\"type\":\"%s\",\"object\":%s}\n".formatted(type, object.json());
        }
    }

    /**
     * Some of the objects.
     *
     * @param objects those of the page
     * @param version the version of them all
     * @param more whether there are more after the last one
     */
    record Page(List<StoredObject> objects, long version, boolean more) {}

    /** Adds or replaces an object. */
    synchronized void put(StoredObject object) {
        boolean isNew = objects.put(object.number(), object.at(++version)) == null;
        record(isNew ? "ADDED" : "MODIFIED", object);
    }

    /** Removes an object. */
    synchronized void remove(StoredObject object) {
        objects.remove(object.number());
        version++;
        record("DELETED", object);
    }

    private void record(String type, StoredObject object) {
        history.put(version, new Event(type, object.at(version)));
        if (history.size() > KEPT) {
            history.pollFirstEntry();
        }
        notifyAll();
    }

    /** Returns the object of that number. */
    synchronized StoredObject get(int number) {
        StoredObject object = objects.get(number);
        if (object == null) {
            throw new IllegalArgumentException("no object " + number);
        }
        return object;
    }

    /** Returns the objects after a number, at most so many. */
    synchronized Page page(int after, int most) {
        List<StoredObject> page =
                objects.tailMap(after, false).values().stream().limit(most).toList();
        boolean more = !page.isEmpty()
                && !objects.tailMap(page.get(page.size() - 1).number(), false).isEmpty();
        return new Page(page, version, more);
    }

    synchronized long version() {
        return version;
    }

    /** Returns whether all that happened after a version is still known. */
    synchronized boolean knows(long since) {
        return history.isEmpty() || history.firstKey() <= since + 1;
    }

    /** Returns what has happened after a version, once anything has; nothing when nothing does for that long. */
    synchronized List<Event> after(long since, Duration longest) throws InterruptedException {
        long end = System.nanoTime() + longest.toNanos();
        while (version == since || history.isEmpty()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return List.of();
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return List.copyOf(history.tailMap(since, false).values());
    }
}
