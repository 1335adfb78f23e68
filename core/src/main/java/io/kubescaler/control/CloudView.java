package io.kubescaler.control;

import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.Reading;
import io.kubescaler.model.Reading.Unreadable;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.Optional;

/**
 * What the cloud last said of a pool, read again when it is too old. Keeps the number of requests down while passes are
 * many, and sends none while the cloud asks to wait. What a provider keeps of the rate limit for growth is used for orders
 * to grow alone, and for the reading that goes with them. For one thread.
 */
final class CloudView {
    /** Clouds count requests by the hour at most; a longer wait is a mistake in the answer. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /** How old the last good answer may be for our own cordoned nodes to be taken back by it. */
    private static final Duration RECENT = Duration.ofMinutes(10);

    /** For how long a good answer stands in for one that the rate limit does not allow. */
    private static final Duration STAND_IN = Duration.ofSeconds(90);

    private final NodePoolProvider provider;
    private final TwoClocks clocks;
    private final Duration interval;

    private Optional<Answer> last = Optional.empty();
    private TwoClocks.Moment lastAt;
    private Optional<Good> lastGood = Optional.empty();
    // an order to grow has been sent since the last good answer, and nobody has looked yet what became of it
    private boolean outdated;
    private boolean toBeLookedAt;
    private Optional<Long> quietUntilNanos = Optional.empty();
    private Optional<Long> readsQuietUntilNanos = Optional.empty();
    private Optional<Long> deletionsQuietUntilNanos = Optional.empty();

    /** A way of asking the provider. */
    @FunctionalInterface
    private interface Question {
        PoolDescription ask() throws ProviderException;
    }

    /**
     * What came of asking.
     *
     * @param ofReadsOnly whether it could not be read since reads must wait, so that the last good answer may stand in
     */
    private record Answer(Reading<PoolDescription> reading, boolean ofReadsOnly) {
        static Answer of(Reading<PoolDescription> reading) {
            return new Answer(reading, false);
        }

        static Answer unreadable(String why) {
            return of(Reading.unreadable(why));
        }

        static Answer readsMustWait(String why) {
            return new Answer(Reading.unreadable(why), true);
        }
    }

    private record Good(PoolDescription description, TwoClocks.Moment at) {}

    CloudView(NodePoolProvider provider, TwoClocks clocks, Duration interval) {
        this.provider = provider;
        this.clocks = clocks;
        this.interval = interval;
        lastAt = clocks.now();
    }

    /** Returns what was read within the interval, or reads. A failure too is kept for the interval. */
    Reading<PoolDescription> read() {
        boolean current = clocks.since(lastAt).compareTo(interval) < 0;
        return last.filter(it -> current).map(this::asOfNow).orElseGet(() -> toBeLookedAt ? readForOrder() : readNow());
    }

    /**
     * Reads, unless the cloud has asked to wait. While only reads must wait, for what is left of the rate limit is kept
     * for growth, the last good answer stands in for 90 s.
     */
    Reading<PoolDescription> readNow() {
        lastAt = clocks.now();
        return keep(mustWait()
                .map(Answer::unreadable)
                .or(() -> mustWaitToRead().map(Answer::readsMustWait))
                .orElseGet(() -> ask(provider::describe)));
    }

    /** Reads as {@link #readNow}, but for a deletion, which waits for a good answer: none stands in for it. */
    Reading<PoolDescription> readToDelete() {
        Reading<PoolDescription> reading = readNow();
        return reading instanceof Reading.Known ? last.orElseThrow().reading() : reading;
    }

    /** Reads for an order to grow, right before it or to see what became of it, unless the cloud has asked to wait. */
    Reading<PoolDescription> readForOrder() {
        lastAt = clocks.now();
        toBeLookedAt = false;
        return keep(mustWait().map(Answer::unreadable).orElseGet(() -> ask(provider::describeForOrder)));
    }

    private Reading<PoolDescription> keep(Answer answer) {
        last = Optional.of(answer);
        return asOfNow(answer);
    }

    // each time anew, since what stands in grows older while an answer is kept
    private Reading<PoolDescription> asOfNow(Answer answer) {
        if (!(answer.reading() instanceof Unreadable<PoolDescription> unreadable)) {
            return answer.reading();
        }
        return good(STAND_IN)
                .filter(it -> answer.ofReadsOnly() && !outdated)
                .map(Reading::known)
                .orElseGet(() -> new Unreadable<>(unreadable.why(), good(RECENT)));
    }

    /** Returns how long ago the cloud was asked for its last good answer; {@link TwoClocks#UNKNOWN} when there is none. */
    Duration age() {
        return lastGood.map(it -> clocks.since(it.at())).orElse(TwoClocks.UNKNOWN);
    }

    private Optional<PoolDescription> good(Duration age) {
        return lastGood.filter(it -> clocks.since(it.at()).compareTo(age) < 0).map(Good::description);
    }

    private Answer ask(Question question) {
        try {
            PoolDescription described = question.ask();
            // a plug-in may be written without our null checks
            if (described == null) {
                return Answer.unreadable("the provider answered nothing");
            }
            lastGood = Optional.of(new Good(described, lastAt));
            outdated = false;
            return Answer.of(Reading.known(described));
        } catch (ProviderException error) {
            heed(error);
            String why = Errors.describe(error);
            return isOfReadsOnly(error) ? Answer.readsMustWait(why) : Answer.unreadable(why);
        } catch (RuntimeException | LinkageError error) {
            // a plug-in's fault must not end the pool's loop; one built for another version fails to link
            return Answer.unreadable(Errors.describe(error));
        }
    }

    /** Has the next {@link #read} ask the cloud; what it last said may still stand in. */
    void expire() {
        last = Optional.empty();
    }

    /** Has the next {@link #read} ask the cloud what became of an order to grow. */
    void invalidate() {
        last = Optional.empty();
        outdated = true;
        toBeLookedAt = true;
    }

    /** Forgets what the cloud has said, since somebody else may have acted in between. What it asks to wait stands. */
    void forget() {
        invalidate();
        lastGood = Optional.empty();
    }

    /** Keeps quiet for as long as the cloud asks for, when it does, but never for longer than an hour. */
    void heed(ProviderException error) {
        Optional<Long> until = error.waitBeforeNext()
                .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait)
                .map(wait -> clocks.nanoTime().getAsLong() + wait.toNanos());
        if (error instanceof ProviderException.RateLimited limited) {
            switch (limited.scope()) {
                case EVERYTHING -> quietUntilNanos = until;
                case READS -> readsQuietUntilNanos = until;
                case DELETIONS -> deletionsQuietUntilNanos = until;
            }
        }
    }

    private static boolean isOfReadsOnly(ProviderException error) {
        return error instanceof ProviderException.RateLimited limited && limited.readsOnly();
    }

    /** Returns why nothing may be sent now; empty when something may. */
    Optional<String> mustWait() {
        return secondsLeft(quietUntilNanos)
                .map("the cloud's rate limit is used up; it asks to wait %d s more"::formatted);
    }

    private Optional<String> mustWaitToRead() {
        return secondsLeft(readsQuietUntilNanos)
                .map("what is left of the cloud's rate limit is kept for growth; reading waits %d s more"::formatted);
    }

    /** Returns why no deletion may be sent now, though other requests may; empty when one may. */
    Optional<String> mustWaitToDelete() {
        return secondsLeft(deletionsQuietUntilNanos)
                .map("the deletions' part of the cloud's rate limit is used up; they wait %d s more"::formatted);
    }

    private Optional<Long> secondsLeft(Optional<Long> untilNanos) {
        return untilNanos
                .map(until -> until - clocks.nanoTime().getAsLong())
                .filter(left -> left > 0)
                .map(left -> Duration.ofNanos(left).toSeconds() + 1);
    }
}
