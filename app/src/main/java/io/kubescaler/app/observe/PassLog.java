package io.kubescaler.app.observe;

import io.kubescaler.control.PassListener;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.model.Count;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Plan;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs each action that was carried out and each change of a pool's condition, with its reason, and nothing for a pass
 * that found nothing to do. What repeats on every pass, such as an action that is held up or what a dry run would do, is
 * logged at first, when its cause changes, and each hour; see {@link PassNews}. Thread-safe.
 */
public final class PassLog implements PassListener {
    private final Logger logger;
    // guarded by itself
    private final Map<String, OfPool> pools = new HashMap<>();

    private record OfPool(ConditionNews conditions, PassNews actions) {}

    /** Logs under this class's name. */
    public PassLog() {
        this(LoggerFactory.getLogger(PassLog.class));
    }

    PassLog(Logger logger) {
        this.logger = logger;
    }

    @Override
    public void passed(PassRecord pass) {
        Plan plan = pass.plan();
        synchronized (pools) {
            OfPool pool = pools.computeIfAbsent(plan.pool(), name -> new OfPool(new ConditionNews(), new PassNews()));
            if (pool.conditions().isNews(plan)) {
                logCondition(plan);
            }
            pool.actions().of(pass).forEach(item -> log(plan, item));
        }
    }

    private void log(Plan plan, PassNews.Item item) {
        Outcome outcome = item.outcome();
        String what = ActionText.describe(outcome.action());
        String why = outcome.message() + (item.repeats() == 0 ? "" : "; the same " + again(item.repeats()));
        switch (outcome.result()) {
            case DONE ->
                log(Level.INFO, plan, outcome, item.repeats() == 0 ? what : what + " " + again(item.repeats()));
            case SKIPPED -> log(Level.INFO, plan, outcome, what + " is put off (" + why + ")");
            case FAILED -> log(Level.WARN, plan, outcome, what + " failed (" + why + ")");
            case NOT_ACTING -> log(Level.INFO, plan, outcome, what + " is only decided (" + why + ")");
        }
    }

    private static String again(long repeats) {
        return Count.of(repeats, "more time") + " since it was told last";
    }

    private void logCondition(Plan plan) {
        Level level = plan.condition() == Condition.OK ? Level.INFO : Level.WARN;
        logger.atLevel(level)
                .addKeyValue("pool", plan.pool())
                .addKeyValue("condition", plan.condition().word())
                .log(
                        "pool {} is {}: {}{}, {} free, {} required, {} upcoming; {} in the cluster",
                        plan.pool(),
                        plan.condition().word(),
                        plan.message().isEmpty() ? "" : plan.message() + "; ",
                        Count.of(plan.size(), "node"),
                        Count.of(plan.free(), "slot"),
                        plan.required(),
                        plan.upcoming(),
                        Count.of(plan.serverPods(), "server pod"));
    }

    private void log(Level level, Plan plan, Outcome outcome, String what) {
        Action action = outcome.action();
        LoggingEventBuilder event = logger.atLevel(level)
                .addKeyValue("pool", plan.pool())
                .addKeyValue("action", action.type())
                .addKeyValue("target", action.target())
                .addKeyValue("reason", action.reason().code())
                .addKeyValue("outcome", ActionText.word(outcome.result()));
        event.log("pool {}: {}: {}", plan.pool(), what, action.reason().message());
    }
}
