package io.kubescaler.testing;

import io.kubescaler.provider.NodePoolProvider;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/**
 * One cloud with one node pool, and the provider that is tested against it: what a provider's author implements to run
 * {@link NodePoolProviderContract}. The cloud is a stand-in that the test controls, such as an HTTP server on loopback
 * with a recorded API behind it, or a sandbox account.
 *
 * <p>The methods that look at the cloud must look at the cloud itself and never go through the provider: they are what
 * the provider is held against. They do not count as requests.
 *
 * <p>Used by one thread.
 */
public interface CloudUnderTest extends AutoCloseable {

    /** How a cloud fails until {@link #recover}. */
    enum Failure {
        /** The credentials are refused: {@code ProviderException.Unauthorized}. */
        UNAUTHORIZED,
        /** The pool does not exist any more: {@code ProviderException.NotFound}. */
        POOL_NOT_FOUND,
        /**
         * Too many requests, and the cloud says how long to wait (more than 0, at most {@link #LONGEST_WAIT}):
         * {@code ProviderException.RateLimited}.
         */
        RATE_LIMITED,
        /** A fault of the cloud's own, such as HTTP 503: {@code ProviderException.Transient}. */
        UNAVAILABLE,
        /** An answer that is none, such as the HTML page of a proxy: {@code ProviderException.Transient}. */
        GARBLED,
        /** The connection stands and no answer ever comes: {@code ProviderException.Transient}, in time. */
        SILENT,
        /** Requests are carried out, and the answer never arrives: {@code ProviderException.Transient} or success. */
        ANSWER_LOST
    }

    /** The longest wait that {@link Failure#RATE_LIMITED} may ask for. */
    Duration LONGEST_WAIT = Duration.ofMinutes(10);

    /**
     * Returns the provider of the pool, set up as for production but for its address and its time. A short time limit
     * for each call makes the tests of a silent cloud quick. Always the same one.
     */
    NodePoolProvider provider();

    /** Returns the texts that the provider was given and must never show, such as its token; empty when none. */
    Set<String> secrets();

    /** Returns the size that the cloud itself has on record: how many nodes it has been asked for. */
    int size();

    /** Returns the ids of the machines that the cloud itself has and is not removing, booting ones included. */
    Set<String> machines();

    /**
     * Returns how many requests have reached the cloud so far; empty where nobody counts, and then the rule that needs
     * it is skipped.
     */
    default OptionalInt requests() {
        return OptionalInt.empty();
    }

    /** Lets every machine that is booting come up. */
    void letMachinesBoot();

    /** Lets every deletion that the cloud has taken come to its end, so that the cloud forgets the machine. */
    void letDeletionsFinish();

    /** Lets time pass, for the cloud and for the provider. */
    void letTimePass(Duration duration);

    /** Sets the pool to another size, as a person in the cloud's console would. What it removes is the cloud's choice. */
    void resizeBehindOurBack(int size);

    /** Removes one machine and lowers the size by one, as a person in the cloud's console would. */
    void removeBehindOurBack(String machine);

    /**
     * Makes every request fail from now on.
     *
     * @param message what the cloud says, where that kind of failure has words
     * @return whether this cloud can fail so; if not, the rules that need it are skipped
     */
    boolean fail(Failure failure, String message);

    /**
     * Makes the deletion of one machine fail from now on, and of no other.
     *
     * @param message what the cloud says
     * @return whether this cloud can fail so
     */
    boolean failDeletionOf(String machine, String message);

    /**
     * Makes every machine that is booting, now or later, fail for good.
     *
     * @param message what the cloud says of such a machine
     * @return whether machines of this cloud can fail
     */
    boolean failBooting(String message);

    /**
     * Bounds the pool: the cloud refuses more nodes than that.
     *
     * @param message what the cloud says when it refuses
     * @return whether this cloud has such a limit
     */
    boolean limitTo(int nodes, String message);

    /**
     * Makes {@code ProviderContext.mayWrite} say no to the provider from now on: another replica leads.
     *
     * @return whether the provider asks it here; if not, the rule that needs it is skipped
     */
    default boolean forbidWrites() {
        return false;
    }

    /** Ends every failure. A limit stays, and so does a wait that the cloud has asked for. */
    void recover();

    /** Closes the provider and the cloud. */
    @Override
    void close();

    /** Returns the ids of the machines as a list, in an order of their own, for tests that pick one. */
    default List<String> machineList() {
        return machines().stream().sorted().toList();
    }
}
