package io.kubescaler.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.model.PoolHistory;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Planner;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class PassRecordTest {
    private static Plan plan(PoolBuilder pool) {
        return new Planner().plan(PoolBuilder.policy(), pool.build(), PoolHistory.NONE, PoolBuilder.NOW);
    }

    private static PassRecord pass(Result... results) {
        Plan plan = plan(new PoolBuilder().node("a", 4));
        Action action = plan.actions().get(0);
        List<Outcome> outcomes = Stream.of(results)
                .map(result -> new Outcome(action, result, ""))
                .toList();
        return new PassRecord(plan, outcomes, Duration.ofMillis(1));
    }

    @Test
    void isUnfinishedWhileAnActionWasHeldUpOrFailed() {
        assertThat(pass(Result.DONE, Result.FAILED).unfinished()).isTrue();
        assertThat(pass(Result.SKIPPED, Result.DONE).unfinished()).isTrue();
        assertThat(pass(Result.DONE, Result.NOT_ACTING).unfinished()).isFalse();
        assertThat(pass().unfinished()).isFalse();
    }

    @Test
    void tellsWhetherAnythingWasDecided() {
        assertThat(pass(Result.DONE).acted()).isTrue();
        Plan quiet = plan(new PoolBuilder().node("a", 0));
        assertThat(new PassRecord(quiet, List.of(), Duration.ZERO).acted()).isFalse();
    }

    @Test
    void isEqualWhenItIsForKeeping() {
        assertThat(pass(Result.DONE).forKeeping()).isEqualTo(pass(Result.DONE));
    }
}
