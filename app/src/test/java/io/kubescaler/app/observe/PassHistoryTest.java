package io.kubescaler.app.observe;

import static io.kubescaler.app.observe.TestPasses.CORDON;
import static io.kubescaler.app.observe.TestPasses.GROW;
import static io.kubescaler.app.observe.TestPasses.idle;
import static io.kubescaler.app.observe.TestPasses.pass;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.plan.Condition;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PassHistoryTest {
    private final PassHistory history = new PassHistory();

    @Test
    void hasNothingBeforeTheFirstPass() {
        assertThat(history.last("games")).isEmpty();
        assertThat(history.acted("games")).isEmpty();
    }

    @Test
    void keepsTheLastPassAndThoseThatActedNewestFirst() {
        PassRecord grew = pass("games", Condition.OK, Result.DONE, GROW);
        PassRecord cordoned = pass("games", Condition.OK, Result.FAILED, CORDON);
        PassRecord last = idle();
        history.passed(grew);
        history.passed(cordoned);
        history.passed(last);
        history.passed(pass("desktops", Condition.OK, Result.DONE));

        assertThat(history.last("games")).containsSame(last);
        assertThat(history.acted("games")).containsExactly(cordoned, grew);
        assertThat(history.acted("desktops")).isEmpty();
    }

    @Test
    void forgetsTheOldestWhenItHasMany() {
        PassRecord first = pass("games", Condition.OK, Result.DONE, GROW);
        history.passed(first);
        for (int i = 0; i < PassHistory.MOST_PASSES; i++) {
            history.passed(pass("games", Condition.OK, Result.DONE, CORDON));
        }

        assertThat(history.acted("games")).hasSize(PassHistory.MOST_PASSES).doesNotContain(first);
    }

    @Test
    void forgetsEarlierWhenThePoolIsLarge() {
        for (int i = 0; i < 10; i++) {
            history.passed(large(PassHistory.MOST_NODE_REPORTS / 4));
        }

        assertThat(history.acted("games")).hasSize(4);
        PassRecord huge = large(PassHistory.MOST_NODE_REPORTS * 2);
        history.passed(huge);
        assertThat(history.acted("games")).containsExactly(huge);
    }

    @Test
    void keepsWhatADryRunDecidesOnceWhileItDecidesTheSame() {
        history.passed(pass("games", Condition.OK, Result.NOT_ACTING, GROW));
        history.passed(pass("games", Condition.OK, Result.NOT_ACTING, GROW));
        history.passed(pass("games", Condition.OK, Result.NOT_ACTING, CORDON));

        assertThat(history.acted("games")).hasSize(2);
    }

    @Test
    void isNotPushedOutByWhatRepeatsForADay() {
        PassRecord grew = pass("games", Condition.OK, Result.DONE, GROW);
        history.passed(grew);
        TestPasses.dayOfPasses(history::passed, second -> TestPasses.heldUp(CORDON, second, "HTTP 500: no"));

        assertThat(history.acted("games")).hasSize(2).contains(grew);
        assertThat(history.last("games").orElseThrow().plan().now())
                .isEqualTo(TestPasses.NOW.plus(Duration.ofSeconds(86_399)));
    }

    private static PassRecord large(int nodes) {
        return new PassRecord(
                TestPasses.plan("games", Condition.OK, TestPasses.reports(nodes), List.of(GROW)),
                List.of(new Outcome(GROW, Result.DONE, "")),
                Duration.ofSeconds(1));
    }
}
