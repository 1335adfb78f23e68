package io.kubescaler.kubernetes.watch;

import io.kubescaler.control.TwoClocks;
import java.time.Duration;
import java.util.Optional;

/**
 * Says whether what has been watched may be relied on: it was listed completely, and the watch has told of something
 * since, the last time not too long ago. That a watch is open, or that bytes come, tells nothing. Thread-safe.
 */
public final class Freshness {
    private final String what;
    private final TwoClocks clocks;
    private final Duration bound;
    private boolean synced;
    private boolean closed;
    private long lists;
    private TwoClocks.Moment listedAt;
    private Optional<TwoClocks.Moment> news = Optional.empty();
    private Optional<String> trouble = Optional.empty();

    /**
     * @param what what is watched, in the plural
     * @param bound how old the last news may be
     */
    public Freshness(String what, TwoClocks clocks, Duration bound) {
        this.what = what;
        this.clocks = clocks;
        this.bound = bound;
        listedAt = clocks.now();
    }

    /** All is being listed; until that is done, what is there is a mixture. */
    synchronized void listing() {
        synced = false;
        lists++;
        listedAt = clocks.now();
    }

    /** All has been listed, as it was when that began. */
    synchronized void synced() {
        synced = true;
        heard(listedAt);
    }

    /** The server has told at that time of a change, or by a bookmark that it has told of all. */
    synchronized void heard(TwoClocks.Moment at) {
        news = Optional.of(at);
        trouble = Optional.empty();
    }

    /** A request failed. */
    synchronized void failed(String why) {
        trouble = Optional.of(why);
    }

    /** Nothing is watched any more. */
    synchronized void closed() {
        closed = true;
    }

    /** Returns how old the last news is; empty before the first list was complete. */
    public synchronized Optional<Duration> age() {
        return news.map(clocks::since);
    }

    /** Returns whether what is known may still be relied on after so long a time without news. */
    synchronized boolean outlasts(Duration silence) {
        return age().filter(age -> age.plus(silence).compareTo(bound) <= 0).isPresent();
    }

    /** Returns how often all has been listed: what was read while this changed may be a mixture. */
    public synchronized long lists() {
        return lists;
    }

    /** Returns whether the state may be relied on. */
    public synchronized boolean isReliable() {
        return !closed && synced && outlasts(Duration.ZERO);
    }

    /** Returns why the state may not be relied on; empty when it may. */
    public synchronized Optional<String> whyNot() {
        if (isReliable()) {
            return Optional.empty();
        }
        String because = trouble.map(why -> ": " + why).orElse("");
        if (closed) {
            return Optional.of("the %s of the cluster are no longer watched".formatted(what));
        }
        if (!synced) {
            String old = age().map(age -> "are being listed anew, and nothing has been heard of them for " + told(age))
                    .orElse("have not been read yet");
            return Optional.of("the %s of the cluster %s%s".formatted(what, old, because));
        }
        return age().filter(age -> age.compareTo(bound) > 0)
                .map(age -> "nothing has been heard of the %s of the cluster for %s, and %d s are the most to act on%s"
                        .formatted(what, told(age), bound.toSeconds(), because));
    }

    private static String told(Duration age) {
        return age.equals(TwoClocks.UNKNOWN) ? "an unknown time (the wall clock was set back)" : age.toSeconds() + " s";
    }
}
