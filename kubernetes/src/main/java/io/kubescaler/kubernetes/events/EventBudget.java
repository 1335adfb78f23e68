package io.kubescaler.kubernetes.events;

import io.kubescaler.kubernetes.events.Notice.Subject;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds what is written about one node, or about our own pod: 25 writes at once, and one more every 5 minutes, which is
 * 37 in the busiest hour and 12 in each one after it. These are the numbers of the recorder that Kubernetes's own
 * components use. Times are nanoseconds of a clock that never jumps. Not thread-safe.
 */
final class EventBudget {
    /** How many writes are free for a subject of which nothing was written lately. */
    static final int MOST_AT_ONCE = 25;

    /** How long it takes until one more is free. */
    static final Duration ONE_MORE_AFTER = Duration.ofMinutes(5);

    private static final int REMEMBERED = 1024;

    private final Map<Subject, Left> subjects = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Subject, Left> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Left(int writes, long sinceNanos) {
        // what came free since then, and the time from which on the next one is waited for
        Left at(long nowNanos) {
            long more = (nowNanos - sinceNanos) / ONE_MORE_AFTER.toNanos();
            return writes + more >= MOST_AT_ONCE
                    ? new Left(MOST_AT_ONCE, nowNanos)
                    : new Left((int) (writes + more), sinceNanos + more * ONE_MORE_AFTER.toNanos());
        }
    }

    /** Takes one write of a subject; returns false when none is free. */
    boolean take(Subject subject, long nowNanos) {
        Left left =
                subjects.getOrDefault(subject, new Left(MOST_AT_ONCE, nowNanos)).at(nowNanos);
        boolean free = left.writes() > 0;
        subjects.put(subject, free ? new Left(left.writes() - 1, left.sinceNanos()) : left);
        return free;
    }
}
