package io.kubescaler.app.observe;

import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells in the passes of one pool what is new from what only repeats. An action that was carried out is news. One that
 * is held up is news when it has a cause that it did not have in the last 10 minutes: its type, its target, the code of
 * its reason, how it ended and what stood in the way, without numbers and times that move on by themselves. Its
 * repetitions are counted, and it is news again when it has gone on for an hour. Times are those of the plans. Not
 * thread-safe.
 */
public final class PassNews {
    /** After this long, what still repeats is told once more. */
    public static final Duration RESTATED_AFTER = Duration.ofHours(1);

    /** The most causes of one action on one target that are told in such a time; further ones count as repetitions. */
    public static final int MOST_CAUSES = 12;

    // what has not repeated for so long is over
    private static final Duration OVER_AFTER = Duration.ofMinutes(10);

    // by type and target of the action
    private final Map<String, Map<String, Told>> held = new HashMap<>();
    private Set<String> decidedBefore = Set.of();

    /**
     * One thing that is new.
     *
     * @param outcome what became of an action
     * @param repeats how often the same was passed over since it was told last; 0 when it is told for the first time
     */
    public record Item(Outcome outcome, long repeats) {}

    private static final class Told {
        private Instant at;
        private Instant seen;
        private long repeats;

        private Told(Instant at) {
            this.at = at;
            seen = at;
        }
    }

    /** Returns what is new in the next pass, in the order of its outcomes. */
    public List<Item> of(PassRecord pass) {
        Instant now = pass.plan().now();
        List<Item> news = new ArrayList<>();
        Set<String> decided = new HashSet<>();
        for (Outcome outcome : pass.outcomes()) {
            String target = outcome.action().type() + " " + outcome.action().target();
            if (outcome.result() == Result.DONE && !repeatsADeletion(outcome)) {
                held.remove(target);
                news.add(new Item(outcome, 0));
                continue;
            }
            String cause = cause(outcome);
            if (outcome.result() == Result.NOT_ACTING) {
                decided.add(target + " " + cause);
            }
            told(outcome, held.computeIfAbsent(target, any -> new HashMap<>()), cause, now, target, news);
        }
        decidedBefore = decided;
        forgetWhatIsLongOver(now);
        return news;
    }

    private void told(
            Outcome outcome, Map<String, Told> causes, String cause, Instant now, String target, List<Item> news) {
        Told told = causes.get(cause);
        boolean anew = outcome.result() == Result.NOT_ACTING && !decidedBefore.contains(target + " " + cause);
        if (told == null || anew || isPast(told.seen, OVER_AFTER, now)) {
            if (lately(causes, now) < MOST_CAUSES) {
                causes.put(cause, new Told(now));
                news.add(new Item(outcome, 0));
            }
            return;
        }
        told.seen = now;
        if (isPast(told.at, RESTATED_AFTER, now)) {
            news.add(new Item(outcome, told.repeats));
            told.at = now;
            told.repeats = 0;
        } else {
            told.repeats++;
        }
    }

    // the cloud takes it each time and does nothing
    private static boolean repeatsADeletion(Outcome outcome) {
        return outcome.action().reason() instanceof Reason.DeletionUnconfirmed;
    }

    // whether it was tried in this pass or waits to be tried again is no difference
    private static String cause(Outcome outcome) {
        Action action = outcome.action();
        String reason = action.reason().code();
        return switch (outcome.result()) {
            case DONE -> reason + " done";
            case SKIPPED, FAILED -> reason + " held up: " + outcome.cause();
            case NOT_ACTING -> reason + " decided: " + ActionText.describe(action) + ": " + outcome.cause();
        };
    }

    private static long lately(Map<String, Told> causes, Instant now) {
        return causes.values().stream()
                .filter(told -> !isPast(told.at, RESTATED_AFTER, now))
                .count();
    }

    private void forgetWhatIsLongOver(Instant now) {
        held.values().forEach(causes -> causes.values().removeIf(told -> isPast(told.seen, RESTATED_AFTER, now)));
        held.values().removeIf(Map::isEmpty);
    }

    // a clock that was set back begins anew
    private static boolean isPast(Instant since, Duration limit, Instant now) {
        Duration ago = Duration.between(since, now);
        return ago.isNegative() || ago.compareTo(limit) >= 0;
    }
}
