package io.kubescaler.app.cli;

import io.kubescaler.control.PoolRunner;
import io.kubescaler.provider.NodePoolProvider;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The runners of all pools and the providers that they use. Thread-safe. */
final class PoolRunners {
    private static final Logger LOG = LoggerFactory.getLogger(PoolRunners.class);

    private final List<PoolRunner> runners;
    private final List<NodePoolProvider> providers;

    PoolRunners(List<PoolRunner> runners, List<NodePoolProvider> providers) {
        this.runners = List.copyOf(runners);
        this.providers = List.copyOf(providers);
    }

    /** Returns the runners, in the order of the settings. */
    List<PoolRunner> all() {
        return runners;
    }

    /** Starts the passes of every pool. */
    void start() {
        runners.forEach(PoolRunner::start);
    }

    /** Has every pool make a pass soon. */
    void wake() {
        runners.forEach(PoolRunner::wake);
    }

    /** Ends the passes of all pools at the same time, so that many take no longer than one. */
    void stop() throws InterruptedException {
        List<Thread> stopping = new ArrayList<>();
        for (PoolRunner runner : runners) {
            Thread thread = new Thread(runner::close, "stop-" + runner.pool());
            thread.setDaemon(true);
            thread.start();
            stopping.add(thread);
        }
        for (Thread thread : stopping) {
            // a runner bounds its own end
            thread.join();
        }
    }

    /** Returns whether an action may still be carried out, as one may be that would not end in its time. */
    boolean mayStillAct() {
        return runners.stream().anyMatch(PoolRunner::mayStillAct);
    }

    /** Closes the providers. */
    void closeProviders() {
        for (NodePoolProvider provider : providers) {
            try {
                provider.close();
            } catch (RuntimeException e) {
                LOG.warn("a provider did not close", e);
            }
        }
    }
}
