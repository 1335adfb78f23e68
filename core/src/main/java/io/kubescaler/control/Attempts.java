package io.kubescaler.control;

import io.kubescaler.model.Count;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Remembers what went wrong and when it may be tried again: at once the first time, for most trouble is a change in
 * between, then after 1 s, doubling to 30 s. Without it, passes that follow each other by 50 ms would each send the same
 * hopeless requests. Times are nanoseconds of a clock that never jumps. For one thread.
 */
final class Attempts {
    static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final Map<String, Failed> failed = new HashMap<>();

    private record Failed(int times, long againAtNanos, String why) {}

    /** Notes that it did not succeed. */
    void failed(String what, String why, long nowNanos) {
        Failed before = failed.get(what);
        int times = before == null ? 1 : before.times() + 1;
        failed.put(what, new Failed(times, nowNanos + pause(times).toNanos(), why));
    }

    private static Duration pause(int times) {
        if (times == 1) {
            return Duration.ZERO;
        }
        // 2^5 seconds are past the longest pause already; the bound keeps the shift small
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(times - 2, 5));
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    /** Notes that it succeeded. */
    void succeeded(String what) {
        failed.remove(what);
    }

    /** Forgets whatever nobody wants any more. */
    void keepOnly(Set<String> wanted) {
        failed.keySet().retainAll(wanted);
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
