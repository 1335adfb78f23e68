package io.kubescaler.app.observe;

import io.kubescaler.control.PassListener;
import io.kubescaler.control.PassRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers the last pass of each pool and its latest passes that acted, for the API. A pass in which what is held up
 * only repeats is not among them; see {@link PassNews}. Bounded in passes and in nodes; gone at a restart. Thread-safe.
 */
public final class PassHistory implements PassListener {
    /** The most passes of one pool that are remembered as having acted. */
    public static final int MOST_PASSES = 100;

    /** The most node reports that these passes may hold together: what bounds the memory of a large pool. */
    public static final int MOST_NODE_REPORTS = 20_000;

    private final Map<String, OfPool> pools = new HashMap<>();
    // by pool, while its last pass is one that failed
    private final Map<String, String> failures = new HashMap<>();

    /** What is remembered of one pool. Guarded by the history. */
    private static final class OfPool {
        private PassRecord last;
        private final PassNews news = new PassNews();
        private final Deque<PassRecord> acted = new ArrayDeque<>();
        private int nodeReports;

        private OfPool(PassRecord first) {
            last = first;
        }

        private void add(PassRecord pass) {
            last = pass;
            // what repeats would push out everything else
            if (news.of(pass).stream().noneMatch(item -> item.repeats() == 0)) {
                return;
            }
            acted.addFirst(pass.forKeeping());
            nodeReports += pass.plan().nodes().size();
            while (acted.size() > MOST_PASSES || (nodeReports > MOST_NODE_REPORTS && acted.size() > 1)) {
                nodeReports -= acted.removeLast().plan().nodes().size();
            }
        }
    }

    @Override
    public synchronized void passed(PassRecord pass) {
        failures.remove(pass.plan().pool());
        pools.computeIfAbsent(pass.plan().pool(), pool -> new OfPool(pass)).add(pass);
    }

    @Override
    public synchronized void failed(String pool, Throwable defect) {
        // its message may hold anything; the log has it, masked
        failures.put(pool, defect.getClass().getSimpleName());
    }

    /** Returns the kind of defect by which the last pass of that pool failed; empty when it did not, and before the first. */
    public synchronized Optional<String> failure(String pool) {
        return Optional.ofNullable(failures.get(pool));
    }

    /** Returns the last pass of that pool that did not fail; empty before the first, and for a pool that is not known. */
    public synchronized Optional<PassRecord> last(String pool) {
        return Optional.ofNullable(pools.get(pool)).map(ofPool -> ofPool.last);
    }

    /** Returns the latest passes of that pool that acted, or held up something new; the newest first, perhaps none. */
    public synchronized List<PassRecord> acted(String pool) {
        OfPool ofPool = pools.get(pool);
        return ofPool == null ? List.of() : new ArrayList<>(ofPool.acted);
    }
}
