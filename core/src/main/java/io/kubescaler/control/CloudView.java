package io.kubescaler.control;

import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Reading.Known;
import io.kubescaler.model.Reading.Unreadable;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What the cloud last said of a pool, read again when it is too old. Keeps the number of requests down while passes are
 * many, and sends none while the cloud asks to wait. For one thread.
 */
final class CloudView {
    /** Clouds count requests by the hour at most; a longer wait is a mistake in the answer. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /** How old the last good answer may be for our own cordoned nodes to be taken back by it. */
    private static final Duration RECENT = Duration.ofMinutes(10);

    private final NodePoolProvider provider;
    private final LongSupplier nanoTime;
    private final Duration interval;

    private Optional<Reading<PoolDescription>> last = Optional.empty();
    private long lastNanos;
    private Optional<Good> lastGood = Optional.empty();
    private Optional<Long> quietUntilNanos = Optional.empty();

    private record Good(PoolDescription description, long atNanos) {}

    CloudView(NodePoolProvider provider, LongSupplier nanoTime, Duration interval) {
        this.provider = provider;
        this.nanoTime = nanoTime;
        this.interval = interval;
    }

    /** Returns what was read within the interval, or reads. A failure too is kept for the interval. */
    Reading<PoolDescription> read() {
        boolean current = nanoTime.getAsLong() - lastNanos < interval.toNanos();
        return last.filter(it -> current).map(this::withRecent).orElseGet(this::readNow);
    }

    /** Reads, unless the cloud has asked to wait. */
    Reading<PoolDescription> readNow() {
        lastNanos = nanoTime.getAsLong();
        Reading<PoolDescription> reading =
                mustWait().<Reading<PoolDescription>>map(Reading::unreadable).orElseGet(this::ask);
        last = Optional.of(reading);
        if (reading instanceof Known<PoolDescription> known) {
            lastGood = Optional.of(new Good(known.value(), lastNanos));
        }
        return withRecent(reading);
    }

    private Reading<PoolDescription> withRecent(Reading<PoolDescription> reading) {
        if (reading instanceof Unreadable<PoolDescription> unreadable) {
            return new Unreadable<>(
                    unreadable.why(),
                    lastGood.filter(it -> nanoTime.getAsLong() - it.atNanos() < RECENT.toNanos())
                            .map(Good::description));
        }
        return reading;
    }

    private Reading<PoolDescription> ask() {
        try {
            // a plug-in may be written without our null checks
            PoolDescription described = provider.describe();
            return described == null ? Reading.unreadable("the provider answered nothing") : Reading.known(described);
        } catch (ProviderException error) {
            heed(error);
            return Reading.unreadable(Errors.describe(error));
        } catch (RuntimeException | LinkageError error) {
            // a plug-in's fault must not end the pool's loop; one built for another version fails to link
            return Reading.unreadable(Errors.describe(error));
        }
    }

    /** Has the next {@link #read} ask the cloud. */
    void invalidate() {
        last = Optional.empty();
    }

    /** Keeps quiet for as long as the cloud asks for, when it does, but never for longer than an hour. */
    void heed(ProviderException error) {
        error.waitBeforeNext()
                .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait)
                .ifPresent(wait -> quietUntilNanos = Optional.of(nanoTime.getAsLong() + wait.toNanos()));
    }

    /** Returns why nothing may be sent now; empty when something may. */
    Optional<String> mustWait() {
        return quietUntilNanos
                .map(until -> until - nanoTime.getAsLong())
                .filter(left -> left > 0)
                .map(left -> "the cloud's rate limit is used up; it asks to wait %d s more"
                        .formatted(Duration.ofNanos(left).toSeconds() + 1));
    }
}
