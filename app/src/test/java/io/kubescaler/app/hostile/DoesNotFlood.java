package io.kubescaler.app.hostile;

import io.kubescaler.app.observe.ObservedPasses;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What only repeats is neither logged nor kept: beside what was done, an hour of a replica has few lines and few passes
 * for the API, however many passes it makes.
 */
final class DoesNotFlood extends Watcher {
    /**
     * The most lines about one action on one target, or about the condition, in an hour: 13, and as many again, since an
     * hour of this watcher lies across two of the log.
     */
    static final int MOST = 26;

    private static final long HOUR = Duration.ofHours(1).toNanos();

    private final Supplier<ObservedPasses> observing;
    private final Map<String, OfReplica> replicas = new HashMap<>();

    DoesNotFlood(World world) {
        this(world, ObservedPasses::new);
    }

    DoesNotFlood(World world, Supplier<ObservedPasses> observing) {
        super(world, "floods");
        this.observing = observing;
    }

    private static final class OfReplica {
        private final ObservedPasses observed;
        private final Set<String> targets = new HashSet<>();
        private long hourBegan;
        private long done;
        private long linesBefore;
        private long recordsBefore;
        private boolean told;

        private OfReplica(ObservedPasses observed, long hourBegan) {
            this.observed = observed;
            this.hourBegan = hourBegan;
        }
    }

    @Override
    void passed(Replica replica, PassRecord record) {
        long now = world.clock().nanos();
        OfReplica of = replicas.computeIfAbsent(replica.identity(), any -> new OfReplica(observing.get(), now));
        if (now - of.hourBegan >= HOUR) {
            of.hourBegan = now;
            of.targets.clear();
            of.done = 0;
            of.linesBefore = of.observed.lines();
            of.recordsBefore = of.observed.records();
            of.told = false;
        }
        of.observed.passed(record);
        for (Outcome outcome : record.outcomes()) {
            of.targets.add(outcome.action().type() + " " + outcome.action().target());
            of.done += outcome.result() == Result.DONE ? 1 : 0;
        }
        long lines = of.observed.lines() - of.linesBefore - of.done;
        long records = of.observed.records() - of.recordsBefore - of.done;
        long most = (long) MOST * (of.targets.size() + 1 + of.done);
        if (!of.told && (lines > most || records > most)) {
            of.told = true;
            violation("%s logs %d lines and keeps %d passes in an hour, beside %d acts, of %d things to do"
                    .formatted(replica.identity(), lines, records, of.done, of.targets.size()));
        }
    }
}
