package io.kubescaler.app.observe;

import io.kubescaler.control.Causes;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Tells in the plans of one pool when its condition is worth a line: when it changes, or what it comes from does; when a
 * condition other than Ok has stood for an hour; and never more than 12 times in an hour, so that one that comes and goes
 * does not flood. What was not told for that alone is told as soon as it may be. Times are those of the plans. Not
 * thread-safe.
 */
final class ConditionNews {
    /** The most that is told in {@link PassNews#RESTATED_AFTER}. */
    static final int MOST = 12;

    private final Deque<Instant> toldAt = new ArrayDeque<>();
    private Optional<String> told = Optional.empty();

    /** Returns whether the condition of the next plan is to be told. */
    boolean isNews(Plan plan) {
        Instant now = plan.now();
        String cause = plan.condition() == Condition.OK
                ? plan.condition().word()
                : plan.condition().word() + " " + Causes.of(plan.message());
        toldAt.removeIf(at -> isPast(at, now));
        boolean stands =
                told.filter(cause::equals).isPresent() && (plan.condition() == Condition.OK || !toldAt.isEmpty());
        if (stands || toldAt.size() >= MOST) {
            return false;
        }
        told = Optional.of(cause);
        toldAt.addLast(now);
        return true;
    }

    // a clock that was set back begins anew
    private static boolean isPast(Instant at, Instant now) {
        Duration ago = Duration.between(at, now);
        return ago.isNegative() || ago.compareTo(PassNews.RESTATED_AFTER) >= 0;
    }
}
