package io.kubescaler.control;

import io.kubescaler.plan.Action;
import io.kubescaler.plan.Plan;
import java.time.Duration;
import java.util.List;

/**
 * One pass and what became of it. Immutable and thread-safe.
 *
 * @param plan what was decided
 * @param outcomes what became of each action, in the order they were come to: that of the plan, but those that failed
 *     before come last
 * @param took how long the pass took, on a monotonic clock
 */
public record PassRecord(Plan plan, List<Outcome> outcomes, Duration took) {
    public PassRecord {
        outcomes = List.copyOf(outcomes);
    }

    /**
     * What became of one action.
     *
     * @param action the action
     * @param result how it ended
     * @param message what stood in the way, as a sentence; empty when it was done
     * @param cause the same without what moves on by itself, such as when it is tried again: what two outcomes have in
     *     common that tell nothing new of each other; empty when it was done
     */
    public record Outcome(Action action, Result result, String message, String cause) {
        /** Makes an outcome whose cause is all of its message. */
        public Outcome(Action action, Result result, String message) {
            this(action, result, message, Causes.of(message));
        }
    }

    /** How an action ended. */
    public enum Result {
        /** It was carried out. */
        DONE,
        /** A dry run, or a replica that does not lead: it was decided and not carried out. */
        NOT_ACTING,
        /** A live check spoke against it, or it failed before and waits to be tried again. The next pass decides anew. */
        SKIPPED,
        /** It was tried and failed. The next pass tries again if it is still right. */
        FAILED
    }

    /** Returns whether another pass should follow soon, rather than on the next tick: some action was held up or failed. */
    public boolean unfinished() {
        for (Outcome outcome : outcomes) {
            if (outcome.result() == Result.SKIPPED || outcome.result() == Result.FAILED) {
                return true;
            }
        }
        return false;
    }

    /** Returns an equal record for whoever keeps it for long; see {@link Plan#forKeeping}. */
    public PassRecord forKeeping() {
        return new PassRecord(plan.forKeeping(), outcomes, took);
    }

    /** Returns whether anything was decided. */
    public boolean acted() {
        return !plan.actions().isEmpty();
    }
}
