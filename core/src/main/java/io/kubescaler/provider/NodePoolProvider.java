package io.kubescaler.provider;

import io.kubescaler.model.PoolDescription;
import java.time.Duration;
import java.util.List;

/**
 * One node pool of one cloud. It is told what to do, by identity, and reports what is.
 *
 * <p>Every call is bounded in time by the provider, see {@link #longestCall}, and ends early, with
 * {@link ProviderException.Transient}, when its thread is interrupted. A provider repeats a request by itself only where
 * repeating is safe, and keeps to the cloud's rate limit. Secrets never appear in a message.
 *
 * <p>An instance is called by one thread at a time, not always the same one; {@link #close} may be called by another.
 */
public interface NodePoolProvider extends AutoCloseable {
    /** The longest that one call takes of a provider that does not state it. */
    Duration USUAL_LONGEST_CALL = Duration.ofSeconds(30);

    /**
     * Returns the longest that one call of {@link #describe}, {@link #grow}, or {@link #delete} for one machine takes, its
     * retries included. The scaler waits this long and more before it takes an order without an answer for void, so a
     * provider that takes longer than {@link #USUAL_LONGEST_CALL} must state it. Above 0 and at most 10 minutes; always the
     * same.
     */
    default Duration longestCall() {
        return USUAL_LONGEST_CALL;
    }

    /**
     * Reports the pool as it is now; nothing is cached.
     *
     * @return its size, its machines and what a new one will be
     * @throws ProviderException when the cloud does not answer, or not with a pool
     */
    PoolDescription describe() throws ProviderException;

    /**
     * Reports the pool as {@link #describe} does, for an order to grow: right before it, or to see what became of it. A
     * provider that keeps a part of the cloud's rate limit for growth takes this from there; any other needs nothing of
     * its own.
     *
     * @return what {@link #describe} returns
     * @throws ProviderException when {@link #describe} would
     */
    default PoolDescription describeForOrder() throws ProviderException {
        return describe();
    }

    /**
     * Asks the cloud for so many nodes in all. Reads the size right before and never lowers it: a pool that already has
     * the size is left alone, which makes the call safe to repeat.
     *
     * @param size how many nodes the pool shall have; at least its present size
     * @throws ProviderException.InvalidRequest when the pool has more nodes than that
     * @throws ProviderException.QuotaExceeded when the cloud will not give so many; it may have given some of them
     * @throws ProviderException.NotSent when the order was never sent, so that it cannot be carried out late
     * @throws ProviderException when anything else stands in the way; the cloud may or may not have taken the order
     */
    void grow(int size) throws ProviderException;

    /**
     * Removes exactly these machines and lowers the size by one for each. One that is already gone, or already being
     * deleted, is a success. One that fails does not stop the others.
     *
     * @param instanceIds ids as {@link #describe} gives them
     * @return a result for each id, in the same order
     */
    List<Deletion> delete(List<String> instanceIds);

    /**
     * Looks, by reading alone, for what would stand in the way later: credentials and their permissions, the pool, its
     * limits, another controller that resizes it too.
     *
     * @param maximum the most nodes that will ever be asked for
     * @return what was looked at, good and bad, in the order of looking; never throws for what the cloud answers
     */
    List<Finding> preflight(int maximum);

    /** Lets go of connections and threads. Safe to call twice. Calls under way end with an error. */
    @Override
    void close();
}
