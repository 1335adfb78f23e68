package io.kubescaler.kubernetes.watch;

import io.kubescaler.control.TwoClocks;
import java.time.Duration;
import java.util.Optional;

/**
 * From where a watch goes on, and when it must not: a position that led to nothing twice in a row is given up, and so is
 * one from which the next news could come too late. Events and bookmarks are news; that a watch opens is none. For one
 * thread.
 *
 * @param <P> what the server calls a position
 */
final class WatchPosition<P> {
    private static final int MOST_FRUITLESS = 2;

    private final Freshness freshness;
    private final TwoClocks clocks;
    private final Duration silence;
    private TwoClocks.Moment quietSince;
    private Optional<P> position = Optional.empty();
    private boolean progressed;
    private int fruitless;

    /**
     * @param freshness of what is watched
     * @param silence how long a watch may be silent before it is cut
     */
    WatchPosition(Freshness freshness, TwoClocks clocks, Duration silence) {
        this.freshness = freshness;
        this.clocks = clocks;
        this.silence = silence;
        quietSince = clocks.now();
    }

    /** Returns from where the next watch goes on, which begins now; empty when all must be listed first. */
    Optional<P> next() {
        progressed = false;
        if (!isGood()) {
            position = Optional.empty();
        }
        return position;
    }

    /** Returns whether the next watch can go on from where the last one came to. */
    boolean isGood() {
        // a watch may say nothing for as long as that, and what is known must not grow too old meanwhile
        return position.isPresent() && freshness.outlasts(silence);
    }

    /** All was listed as it was there. */
    void listed(P at) {
        position = Optional.of(at);
        fruitless = 0;
    }

    /** A watch is being opened. */
    void opened() {
        quietSince = clocks.now();
    }

    /** The watch has told of a change. */
    void heard() {
        quietSince = clocks.now();
        freshness.heard(quietSince);
    }

    /** What the watch {@linkplain #heard has told} was all up to there. */
    void reached(P at) {
        position = Optional.of(at);
        progressed = true;
        fruitless = 0;
    }

    /** Returns whether the watch under way has told of nothing for longer than it may. */
    boolean isQuietForTooLong() {
        return quietFor().compareTo(silence) > 0;
    }

    /** Returns for how long the watch under way has told of nothing. */
    Duration quietFor() {
        return clocks.since(quietSince);
    }

    /** Returns whether a watch has told of anything since {@link #next}. */
    boolean progressed() {
        return progressed;
    }

    /** A watch that was opened is over, whoever ended it. */
    void ended() {
        fruitless += progressed ? 0 : 1;
        if (fruitless >= MOST_FRUITLESS) {
            position = Optional.empty();
        }
    }

    /** The server no longer has the position, or what came from there made no sense. */
    void lost() {
        position = Optional.empty();
    }
}
