package io.kubescaler.bench.load;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The cluster that the scaler watches during a run. Safe for use by several threads. */
interface ClusterUnderLoad extends AutoCloseable {
    /** Returns what it is, for people. */
    String description();

    /** Returns how many pods it has. */
    int pods();

    /** Returns the environment variables with which the scaler reaches it. */
    Map<String, String> environment();

    /** Returns the requests that came to it; empty when it does not tell. */
    Optional<Requests> requests();

    /** Creates a server for which no slot is free. Returns once its event is on the watch, or a moment before. */
    void createWaitingServer();

    /** Deletes that server. */
    void deleteWaitingServer();

    /**
     * Starts to change pods, so many a second, until it is closed.
     *
     * @throws UnsupportedOperationException when it cannot
     */
    PodChanges startChanges(int perSecond);

    /** Starts to have the nodes report, each once in that time; they stop when this is closed. */
    void startHeartbeats(Duration interval);

    @Override
    void close();
}
