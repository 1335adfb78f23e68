package io.kubescaler.digitalocean;

import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something good to know but not needed, which changes seldom: read again only when it is old. A failure to read it is
 * logged and does not reach the caller, who gets what was known before. Used by one thread at a time.
 *
 * @param <T> what is known
 */
final class Remembered<T> {
    private static final Logger log = LoggerFactory.getLogger(Remembered.class);
    private static final Duration UNTIL_NEXT_TRY = Duration.ofMinutes(1);
    private static final Duration LONGEST_READ = Duration.ofSeconds(5);

    private final String what;
    private final Duration freshFor;
    private final LongSupplier nanoTime;
    private volatile State<T> state;

    /**
     * @param what what it is, for the log
     * @param freshFor for how long it is not read again, also when the cloud has said that there is none
     * @param nanoTime a clock like {@link System#nanoTime}
     */
    Remembered(String what, Duration freshFor, LongSupplier nanoTime) {
        this.what = what;
        this.freshFor = freshFor;
        this.nanoTime = nanoTime;
        this.state = new State<>(Optional.empty(), nanoTime.getAsLong(), "");
    }

    /** Where it comes from. */
    @FunctionalInterface
    interface Source<T> {
        Optional<T> read(Deadline deadline) throws ProviderException;
    }

    private record State<T>(Optional<T> value, long readAgainAt, String failure) {}

    /**
     * Returns what is known, read now when it is time to.
     *
     * @throws ProviderException.Transient when the thread is interrupted meanwhile
     */
    Optional<T> get(Source<T> source, Deadline deadline) throws ProviderException.Transient {
        State<T> before = state;
        if (before.readAgainAt - nanoTime.getAsLong() > 0) {
            return before.value;
        }
        try {
            state = new State<>(source.read(deadline.atMost(LONGEST_READ)), in(freshFor), "");
        } catch (ProviderException.NotFound | ProviderException.Unauthorized none) {
            report(before, none);
            state = new State<>(Optional.empty(), in(freshFor), ApiErrors.message(none));
        } catch (ProviderException failure) {
            if (Thread.currentThread().isInterrupted()) {
                throw new ProviderException.Transient("interrupted while reading " + what, failure);
            }
            report(before, failure);
            state = new State<>(before.value, in(UNTIL_NEXT_TRY), ApiErrors.message(failure));
        }
        return state.value;
    }

    private void report(State<T> before, ProviderException failure) {
        // the same failure again is no news
        if (before.failure.isEmpty()) {
            log.info("{} is not known: {}", what, ApiErrors.message(failure));
        } else {
            log.debug("{} is still not known: {}", what, ApiErrors.message(failure));
        }
    }

    private long in(Duration duration) {
        return nanoTime.getAsLong() + duration.toNanos();
    }
}
