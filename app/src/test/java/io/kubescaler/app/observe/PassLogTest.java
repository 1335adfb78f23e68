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
import java.util.List;
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

        assertThat(lines()).containsExactly("INFO pool games is Ok: 2 nodes, 5 slots free, 5 required, 8 upcoming");
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
                                + " upcoming");
        assertThat(lines().get(3)).startsWith("INFO pool games is Ok");
    }

    private List<String> lines() {
        return events.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }
}
