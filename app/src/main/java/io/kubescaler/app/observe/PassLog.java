package io.kubescaler.app.observe;

import io.kubescaler.control.PassListener;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.model.Count;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Plan;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Logs each action with its reason and each change of a pool's condition, and nothing for a pass that found nothing to
 * do. What a dry run would do is logged when it is decided first, not on every tick. Thread-safe.
 */
public final class PassLog implements PassListener {
    private final Logger logger;
    private final Map<String, Condition> conditions = new ConcurrentHashMap<>();
    private final Map<String, Set<String>> announced = new ConcurrentHashMap<>();

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
        Condition before = conditions.put(plan.pool(), plan.condition());
        if (before != plan.condition()) {
            logCondition(plan);
        }
        Set<String> notActing = new HashSet<>();
        Set<String> announcedBefore = announced.getOrDefault(plan.pool(), Set.of());
        for (Outcome outcome : pass.outcomes()) {
            String what = ActionText.describe(outcome.action());
            switch (outcome.result()) {
                case DONE -> log(Level.INFO, plan, outcome, what);
                case SKIPPED -> log(Level.INFO, plan, outcome, what + " is put off (" + outcome.message() + ")");
                case FAILED -> log(Level.WARN, plan, outcome, what + " failed (" + outcome.message() + ")");
                case NOT_ACTING -> {
                    notActing.add(what);
                    if (!announcedBefore.contains(what)) {
                        log(Level.INFO, plan, outcome, what + " is only decided (" + outcome.message() + ")");
                    }
                }
            }
        }
        announced.put(plan.pool(), notActing);
    }

    private void logCondition(Plan plan) {
        Level level = plan.condition() == Condition.OK ? Level.INFO : Level.WARN;
        logger.atLevel(level)
                .addKeyValue("pool", plan.pool())
                .addKeyValue("condition", plan.condition().word())
                .log(
                        "pool {} is {}: {}{}, {} free, {} required, {} upcoming",
                        plan.pool(),
                        plan.condition().word(),
                        plan.message().isEmpty() ? "" : plan.message() + "; ",
                        Count.of(plan.size(), "node"),
                        Count.of(plan.free(), "slot"),
                        plan.required(),
                        plan.upcoming());
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
