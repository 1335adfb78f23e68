package io.kubescaler.app.hostile;

import io.kubescaler.control.PassRecord;
import io.kubescaler.plan.Action;
import java.time.Duration;
import java.util.Deque;

/**
 * Deletions that are refused hold nothing up: each machine's is asked for seldom, and neither reading nor growth waits for
 * what deletions have used up.
 */
final class DeletionsHoldNothingUp extends Watcher {
    private static final String USED_UP = "rate limit is used up; it asks to wait";
    private static final long WINDOW_NANOS = Duration.ofMinutes(20).toNanos();

    // a dozen, and as many again when another replica led in between
    private static final int MOST_IN_WINDOW = 30;

    DeletionsHoldNothingUp(World world) {
        super(world, "rate");
    }

    @Override
    void passed(Replica replica, PassRecord record) {
        if (!replica.cloud().askedToWait()) {
            if (record.plan().message().contains(USED_UP)) {
                violation("%s reads nothing, and only deletions must wait: %s"
                        .formatted(replica.identity(), record.plan().message()));
            }
            record.outcomes().stream()
                    .filter(outcome -> outcome.action() instanceof Action.Grow
                            && outcome.message().contains(USED_UP))
                    .forEach(outcome -> violation("%s does not grow, and only deletions must wait: %s"
                            .formatted(replica.identity(), outcome.message())));
        }
        replica.cloud().refusedAtNanos().forEach((machine, times) -> check(replica, machine, times));
    }

    private void check(Replica replica, String machine, Deque<Long> times) {
        while (!times.isEmpty() && world.clock().nanos() - times.getFirst() > WINDOW_NANOS) {
            times.removeFirst();
        }
        if (times.size() > MOST_IN_WINDOW) {
            violation("%s asked %d times within %d s for the deletion of %s, which is refused"
                    .formatted(
                            replica.identity(),
                            times.size(),
                            Duration.ofNanos(WINDOW_NANOS).toSeconds(),
                            machine));
            times.clear();
        }
    }
}
