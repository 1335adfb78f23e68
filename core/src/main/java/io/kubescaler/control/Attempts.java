package io.kubescaler.control;

import io.kubescaler.model.Count;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Remembers what went wrong and when it may be tried again: at once the first time, for most trouble is a change in
 * between, then after 1 s, doubling up to the longest pause. Without it, passes that follow each other by 50 ms would each
 * send the same hopeless requests. Times are nanoseconds of a clock that never jumps. For one thread.
 */
final class Attempts {
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    private final Map<String, Failed> failed = new HashMap<>();

    /**
     * How often something is tried that does not succeed.
     *
     * @param longestPause the longest pause between two attempts; above 0
     * @param outlasts for how long after its pause it is remembered though nobody wants it any more
     */
    record Pacing(Duration longestPause, Duration outlasts) {
        /** Whatever does not say otherwise. */
        static final Pacing USUAL = new Pacing(Duration.ofSeconds(30), Duration.ZERO);

        // nobody wants a deletion while the cloud has its time to show it, or cannot be read
        private static final Duration SHOWS = Duration.ofMinutes(1);

        /** A deletion that was not sent, or not answered. */
        static final Pacing DELETION = new Pacing(USUAL.longestPause(), SHOWS);

        /**
         * A deletion that the cloud refused, or took and does not show: asked for again and again, it would use up the
         * requests that others need.
         */
        static final Pacing ANSWERED_DELETION = new Pacing(Duration.ofMinutes(10), SHOWS);
    }

    private record Failed(int times, long againAtNanos, long keptUntilNanos, String why) {}

    /** Notes that it did not succeed. */
    void failed(String what, String why, long nowNanos) {
        failed(what, why, nowNanos, Pacing.USUAL);
    }

    /** Notes that it did not succeed, as far as is known, and how often it may be tried. */
    void failed(String what, String why, long nowNanos, Pacing pacing) {
        Failed before = failed.get(what);
        int times = before == null ? 1 : before.times() + 1;
        long againAt = nowNanos + pause(times, pacing.longestPause()).toNanos();
        long keptUntil = pacing.outlasts().isZero()
                ? nowNanos
                : againAt + pacing.outlasts().toNanos();
        failed.put(what, new Failed(times, againAt, keptUntil, why));
    }

    private static Duration pause(int times, Duration longest) {
        if (times == 1) {
            return Duration.ZERO;
        }
        // 2^10 seconds are past every longest pause; the bound keeps the shift small
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(times - 2, 10));
        return doubled.compareTo(longest) > 0 ? longest : doubled;
    }

    /** Notes that it succeeded. */
    void succeeded(String what) {
        failed.remove(what);
    }

    /** Forgets whatever nobody wants any more, once it has outlasted that for as long as it does. */
    void keepOnly(Set<String> wanted, long nowNanos) {
        failed.entrySet()
                .removeIf(it -> !wanted.contains(it.getKey()) && it.getValue().keptUntilNanos() - nowNanos <= 0);
    }

    /** Returns whether its last attempt did not succeed. */
    boolean hasFailed(String what) {
        return failed.containsKey(what);
    }

    /**
     * Why something is not tried now.
     *
     * @param message a sentence that says how often it was tried and when it is again
     * @param why what went wrong the last time
     */
    record Wait(String message, String why) {}

    /** Returns why it is not to be tried now; empty when it may be. */
    Optional<Wait> mustWait(String what, long nowNanos) {
        return Optional.ofNullable(failed.get(what))
                .filter(it -> it.againAtNanos() - nowNanos > 0)
                .map(it -> new Wait(message(it, nowNanos), it.why()));
    }

    private static String message(Failed it, long nowNanos) {
        return "tried %s, again in %d s: %s"
                .formatted(
                        Count.of(it.times(), "time"),
                        Duration.ofNanos(it.againAtNanos() - nowNanos).toSeconds() + 1,
                        it.why());
    }
}
