package io.kubescaler.app.observe;

import static io.kubescaler.app.observe.TestPasses.CORDON;
import static io.kubescaler.app.observe.TestPasses.DELETE;
import static io.kubescaler.app.observe.TestPasses.GROW;
import static io.kubescaler.app.observe.TestPasses.UNCORDON;
import static io.kubescaler.app.observe.TestPasses.idle;
import static io.kubescaler.app.observe.TestPasses.pass;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Reason;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PassLogTest {
    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();
    private final PassLog log = new PassLog(context.getLogger("test"));

    @BeforeEach
    void listen() {
        events.start();
        context.getLogger("test").addAppender(events);
    }

    @Test
    void logsTheConditionOfTheFirstPassAndNothingForIdlePassesAfterIt() {
        log.passed(idle());
        log.passed(idle());
        log.passed(idle());

        assertThat(lines())
                .containsExactly("INFO pool games is Ok: 2 nodes, 5 slots free, 5 required, 8 upcoming;"
                        + " 3 server pods in the cluster");
    }

    @Test
    void logsEachActionWithItsReason() {
        log.passed(idle());
        events.list.clear();
        for (Action action : List.of(UNCORDON, GROW, CORDON, DELETE)) {
            log.passed(pass("games", Condition.OK, Result.DONE, action));
        }

        assertThat(lines())
                .containsExactly(
                        "INFO pool games: uncordon node-1: " + UNCORDON.reason().message(),
                        "INFO pool games: grow from 2 to 3 nodes: "
                                + GROW.reason().message(),
                        "INFO pool games: cordon node-1: " + CORDON.reason().message(),
                        "INFO pool games: delete node-1 (instance i-1): "
                                + DELETE.reason().message());
        assertThat(events.list.get(1).getKeyValuePairs())
                .extracting(pair -> pair.key + "=" + pair.value)
                .containsExactly("pool=games", "action=grow", "target=", "reason=Short", "outcome=done");
    }

    @Test
    void warnsOfAnActionThatFailedAndTellsOfOneThatWasPutOff() {
        log.passed(idle());
        events.list.clear();
        log.passed(pass("games", Condition.OK, Result.FAILED, GROW));
        log.passed(pass("games", Condition.OK, Result.SKIPPED, CORDON));

        assertThat(lines().get(0)).startsWith("WARN pool games: grow from 2 to 3 nodes failed (words about it): ");
        assertThat(lines().get(1)).startsWith("INFO pool games: cordon node-1 is put off (words about it): ");
    }

    @Test
    void logsWhatADryRunWouldDoOnce() {
        log.passed(idle());
        events.list.clear();
        log.passed(pass("games", Condition.OK, Result.NOT_ACTING, GROW));
        log.passed(pass("games", Condition.OK, Result.NOT_ACTING, GROW));
        log.passed(pass("games", Condition.OK, Result.NOT_ACTING, GROW, CORDON));
        log.passed(idle());
        log.passed(pass("games", Condition.OK, Result.NOT_ACTING, GROW));

        assertThat(lines()).hasSize(3);
        assertThat(lines().get(0)).contains("grow").contains("is only decided (words about it)");
        assertThat(lines().get(1)).contains("cordon");
        assertThat(lines().get(2)).contains("grow");
    }

    @Test
    void logsEachChangeOfTheConditionOfEachPool() {
        log.passed(pass("games", Condition.OK, Result.DONE));
        log.passed(pass("desktops", Condition.OK, Result.DONE));
        log.passed(pass("games", Condition.AT_MAXIMUM, Result.DONE));
        log.passed(pass("games", Condition.AT_MAXIMUM, Result.DONE));
        log.passed(pass("games", Condition.OK, Result.DONE));

        assertThat(lines()).hasSize(4);
        assertThat(lines().get(2))
                .isEqualTo(
                        "WARN pool games is AtMaximum: words about the condition; 2 nodes, 5 slots free, 5 required, 8"
                                + " upcoming; 3 server pods in the cluster");
        assertThat(lines().get(3)).startsWith("INFO pool games is Ok");
    }

    @Test
    void logsAHeldUpActionOnceAndThenEachHour() {
        TestPasses.dayOfPasses(log::passed, second -> TestPasses.heldUp(CORDON, second, "HTTP 500: no"));

        assertThat(lines()).hasSize(1 + 1 + 23);
        assertThat(lines().get(1)).startsWith("WARN pool games: cordon node-1 failed (HTTP 500: no): ");
        assertThat(lines().get(2)).contains("HTTP 500: no; the same 3599 more times since it was told last): ");
    }

    @Test
    void logsAChangeOfTheCauseAtOnceAndNoneOfItsNumbers() {
        log.passed(TestPasses.heldUp(CORDON, 0, "no answer in 5 s"));
        log.passed(TestPasses.heldUp(CORDON, 30, "no answer in 6 s"));
        log.passed(TestPasses.heldUp(CORDON, 60, "HTTP 403: forbidden"));
        log.passed(pass("games", Condition.OK, Result.DONE, CORDON));
        log.passed(TestPasses.heldUp(CORDON, 90, "HTTP 403: forbidden"));

        assertThat(lines()).hasSize(5);
        assertThat(lines().get(2)).contains("HTTP 403");
        assertThat(lines().get(4)).contains("HTTP 403");
    }

    @Test
    void doesNotLogEachOfManyCausesThatTakeTurns() {
        TestPasses.dayOfPasses(
                log::passed, second -> TestPasses.heldUp(CORDON, second, "cause " + "x".repeat(second % 100)));

        assertThat(lines().size()).isLessThanOrEqualTo(1 + 24 * PassNews.MOST_CAUSES);
    }

    @Test
    void logsADeletionThatTheCloudTakesAndForgetsOnce() {
        Action again = new Action.Delete("i-1", Optional.of("node-1"), new Reason.DeletionUnconfirmed(TestPasses.NOW));
        for (int pass = 0; pass < 100; pass++) {
            log.passed(pass("games", Condition.OK, Result.DONE, again));
        }

        assertThat(lines()).hasSize(2);
    }

    @Test
    void restatesAConditionEachHourAndTellsWhenItsCauseChanges() {
        TestPasses.dayOfPasses(
                log::passed,
                second -> TestPasses.standing(
                        second,
                        Condition.GROWTH_PAUSED,
                        "%d nodes are needed; growth is paused until %s: %s"
                                .formatted(
                                        3 + second % 2,
                                        TestPasses.NOW.plusSeconds(second),
                                        second < 1800 ? "the quota is used up" : "no machine became Ready")));

        assertThat(lines()).hasSize(1 + 24);
        assertThat(lines().get(1)).contains("no machine became Ready");
    }

    @Test
    void boundsTheLinesOfAConditionThatComesAndGoesAndEndsWithThatWhichStands() {
        TestPasses.dayOfPasses(
                log::passed,
                second -> TestPasses.standing(
                        second,
                        second < 43_200 && second % 2 == 0 ? Condition.CLOUD_UNREADABLE : Condition.OK,
                        "it answers now and then"));

        assertThat(lines().size()).isLessThanOrEqualTo(13 * ConditionNews.MOST);
        assertThat(lines().get(lines().size() - 1)).startsWith("INFO pool games is Ok");
    }

    private List<String> lines() {
        return events.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }
}
