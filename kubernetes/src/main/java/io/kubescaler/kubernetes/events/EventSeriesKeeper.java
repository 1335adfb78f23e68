package io.kubescaler.kubernetes.events;

import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.kubescaler.control.ClusterException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps Events few: the same notice again within its quiet time is only counted; after it, the count is written onto the
 * Event that is there. So a pool that is stuck makes one Event and one small write for each quiet time, however many
 * passes it fails. Beyond the budget of a node, or of our own pod, nothing is written. Not thread-safe.
 */
final class EventSeriesKeeper {
    private static final int REMEMBERED = 1024;
    /** An API server forgets Events after an hour by default; an older series starts anew. */
    private static final Duration LIFETIME = Duration.ofMinutes(50);

    private final EventSink sink;
    private final LongSupplier nanoTime;
    private final EventBudget budget = new EventBudget();
    private long leftOut;
    private final Map<Notice.Key, Series> series = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Notice.Key, Series> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** One Event and what has been counted since. */
    private static final class Series {
        private final Event event;
        private final long createdAt;
        private long writtenAt;
        private int count = 1;

        private Series(Event event, long now) {
            this.event = event;
            this.createdAt = now;
            this.writtenAt = now;
        }
    }

    EventSeriesKeeper(EventSink sink, LongSupplier nanoTime) {
        this.sink = sink;
        this.nanoTime = nanoTime;
    }

    /** Returns how many writes the budgets did not allow. */
    long leftOut() {
        return leftOut;
    }

    /** Writes the notice, counts it, or leaves it out. */
    void tell(Notice notice) throws ClusterException {
        if (!sink.canWrite(notice)) {
            return;
        }
        long now = nanoTime.getAsLong();
        Optional<Series> known = Optional.ofNullable(series.get(notice.key()))
                .filter(candidate -> now - candidate.createdAt < LIFETIME.toNanos());
        if (known.isEmpty()) {
            if (mayWrite(notice, now)) {
                begin(notice, now);
            }
            return;
        }
        Series current = known.get();
        current.count++;
        if (now - current.writtenAt >= notice.quietTime().toNanos() && mayWrite(notice, now)) {
            current.writtenAt = now;
            go(current, notice, now);
        }
    }

    private boolean mayWrite(Notice notice, long now) {
        boolean free = budget.take(notice.subject(), now);
        leftOut += free ? 0 : 1;
        return free;
    }

    private void go(Series current, Notice notice, long now) throws ClusterException {
        Instant last = notice.at();
        if (!sink.count(current.event, current.count, last)) {
            begin(notice, now);
        }
    }

    private void begin(Notice notice, long now) throws ClusterException {
        series.remove(notice.key());
        series.put(notice.key(), new Series(sink.create(notice), now));
    }
}
