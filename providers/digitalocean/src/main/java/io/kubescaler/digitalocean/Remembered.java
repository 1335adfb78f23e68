package io.kubescaler.digitalocean;

import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something good to know but not needed, which changes seldom: read again only when it is old. A failure to read it is
 * logged and does not reach the caller, who gets what was known before, until that should have been read anew 10 minutes
 * ago. Used by one thread at a time.
 *
 * @param <T> what is known
 */
final class Remembered<T> {
    private static final Logger log = LoggerFactory.getLogger(Remembered.class);
    private static final Duration UNTIL_NEXT_TRY = Duration.ofMinutes(1);
    private static final Duration LONGEST_READ = Duration.ofSeconds(5);

    /** How long past its time a value may be used: a fault of the cloud's passes by then, and a limit may have been raised. */
    private static final Duration LONGEST_OVERDUE = Duration.ofMinutes(10);

    private final String what;
    private final Duration freshFor;
    private final Duration longestUsed;
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
        this.longestUsed = freshFor.plus(LONGEST_OVERDUE);
        this.nanoTime = nanoTime;
        this.state = new State<>(Optional.empty(), nanoTime.getAsLong(), nanoTime.getAsLong(), "");
    }

    /** Where it comes from. */
    @FunctionalInterface
    interface Source<T> {
        Optional<T> read(Deadline deadline) throws ProviderException;
    }

    /**
     * What is known.
     *
     * @param value empty when it is not known
     * @param knownAt when it was read
     * @param readAgainAt when it is to be read again
     * @param failure why it could not be read the last time; empty when it could
     */
    private record State<T>(Optional<T> value, long knownAt, long readAgainAt, String failure) {}

    /**
     * Returns what is known, read now when it is time to; empty when it is not known, or not any more.
     *
     * @throws ProviderException.Transient when the thread is interrupted meanwhile
     */
    Optional<T> get(Source<T> source, Deadline deadline) throws ProviderException.Transient {
        if (state.readAgainAt - now() <= 0) {
            readAgain(source, deadline);
        }
        return state.value.filter(it -> now() - state.knownAt < longestUsed.toNanos());
    }

    private void readAgain(Source<T> source, Deadline deadline) throws ProviderException.Transient {
        State<T> before = state;
        try {
            state = new State<>(source.read(deadline.atMost(LONGEST_READ)), now(), in(freshFor), "");
        } catch (ProviderException.NotFound | ProviderException.Unauthorized none) {
            report(before, none);
            state = new State<>(Optional.empty(), now(), in(freshFor), ApiErrors.message(none));
        } catch (ProviderException failure) {
            if (Thread.currentThread().isInterrupted()) {
                throw new ProviderException.Transient("interrupted while reading " + what, failure);
            }
            report(before, failure);
            state = new State<>(before.value, before.knownAt, in(UNTIL_NEXT_TRY), ApiErrors.message(failure));
        }
    }

    private void report(State<T> before, ProviderException failure) {
        // the same failure again is no news
        if (before.failure.isEmpty()) {
            log.info("{} is not known: {}", what, ApiErrors.message(failure));
        } else {
            log.debug("{} is still not known: {}", what, ApiErrors.message(failure));
        }
    }

    private long now() {
        return nanoTime.getAsLong();
    }

    private long in(Duration duration) {
        return now() + duration.toNanos();
    }
}
