package io.kubescaler.kubernetes.client;

import io.kubescaler.control.Causes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Decides which failures in a row are worth a line in the log: each cause at once, and the same again after 30 s, then
 * after pauses that double to an hour while it lasts. A cause that was not met for 10 minutes is new. Not thread-safe.
 */
public final class CauseLog {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(30);
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
    private static final Duration OVER_AFTER = Duration.ofMinutes(10);
    private static final int REMEMBERED = 100;

    private final Map<String, Told> causes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Told> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Told(long atNanos, Duration pause, long metNanos) {}

    /**
     * Notes a failure.
     *
     * @param why what failed, as a sentence, in which numbers and times may move on
     * @param nowNanos the present time, on a clock that never jumps
     * @return whether it is to be told
     */
    public boolean isNews(String why, long nowNanos) {
        String cause = Causes.of(why);
        Told told = causes.get(cause);
        if (told == null || nowNanos - told.metNanos() >= OVER_AFTER.toNanos()) {
            causes.put(cause, new Told(nowNanos, FIRST_PAUSE, nowNanos));
            return true;
        }
        boolean due = nowNanos - told.atNanos() >= told.pause().toNanos();
        causes.put(
                cause,
                due
                        ? new Told(nowNanos, doubled(told.pause()), nowNanos)
                        : new Told(told.atNanos(), told.pause(), nowNanos));
        return due;
    }

    private static Duration doubled(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }
}
