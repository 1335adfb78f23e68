package io.kubescaler.app.kubernetes.events;

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
 * passes it fails. Not thread-safe.
 */
final class EventSeriesKeeper {
    private static final int REMEMBERED = 1024;
    /** An API server forgets Events after an hour by default; an older series starts anew. */
    private static final Duration LIFETIME = Duration.ofMinutes(50);

    private final EventSink sink;
    private final LongSupplier nanoTime;
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

    /** Writes the notice, or counts it. */
    void tell(Notice notice) throws ClusterException {
        if (!sink.canWrite(notice)) {
            return;
        }
        long now = nanoTime.getAsLong();
        Optional<Series> known = Optional.ofNullable(series.get(notice.key()))
                .filter(candidate -> now - candidate.createdAt < LIFETIME.toNanos());
        if (known.isEmpty()) {
            begin(notice, now);
            return;
        }
        Series current = known.get();
        current.count++;
        if (now - current.writtenAt >= notice.quietTime().toNanos()) {
            current.writtenAt = now;
            go(current, notice, now);
        }
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
