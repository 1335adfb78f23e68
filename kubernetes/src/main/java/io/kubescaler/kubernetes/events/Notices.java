package io.kubescaler.kubernetes.events;

import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.kubernetes.events.Notice.Subject;
import io.kubescaler.kubernetes.lease.LeaseStatus;
import io.kubescaler.kubernetes.lease.LeaseStatus.Role;
import io.kubescaler.model.Count;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Decides what of a pass and of an election is worth an Event. Thread-safe. */
final class Notices {
    private static final Duration QUIET_AFTER_DONE = Duration.ofMinutes(1);
    private static final Duration QUIET_AFTER_TROUBLE = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final Map<String, Condition> lastConditions = new ConcurrentHashMap<>();

    /** What an action is called in Events. */
    private record Names(String action, String done, String failed) {}

    private static final Action.Visitor<Names> NAMES = new Action.Visitor<>() {
        @Override
        public Names uncordon(Action.Uncordon action) {
            return new Names("Uncordon", "NodeUncordoned", "UncordonFailed");
        }

        @Override
        public Names grow(Action.Grow action) {
            return new Names("Grow", "PoolGrown", "GrowFailed");
        }

        @Override
        public Names cordon(Action.Cordon action) {
            return new Names("Cordon", "NodeCordoned", "CordonFailed");
        }

        @Override
        public Names delete(Action.Delete action) {
            return new Names("Delete", "NodeDeleted", "DeleteFailed");
        }
    };

    private static final Action.Visitor<Subject> SUBJECT = new Action.Visitor<>() {
        @Override
        public Subject uncordon(Action.Uncordon action) {
            return new Subject.OfNode(action.node());
        }

        @Override
        public Subject grow(Action.Grow action) {
            return new Subject.OwnPod();
        }

        @Override
        public Subject cordon(Action.Cordon action) {
            return new Subject.OfNode(action.node());
        }

        @Override
        public Subject delete(Action.Delete action) {
            return action.node().<Subject>map(Subject.OfNode::new).orElseGet(Subject.OwnPod::new);
        }
    };

    private static final Action.Visitor<String> WHAT = new Action.Visitor<>() {
        @Override
        public String uncordon(Action.Uncordon action) {
            return "takes node %s back".formatted(action.node());
        }

        @Override
        public String grow(Action.Grow action) {
            return "grows from %d to %s".formatted(action.from(), Count.of(action.to(), "node"));
        }

        @Override
        public String cordon(Action.Cordon action) {
            return "sets node %s aside".formatted(action.node());
        }

        @Override
        public String delete(Action.Delete action) {
            return "deletes instance %s%s"
                    .formatted(
                            action.instance(),
                            action.node().map(node -> ", node " + node).orElse(""));
        }
    };

    Notices(InstantSource clock) {
        this.clock = clock;
    }

    /** Returns what to tell of a pass: each action that was done or failed, and a change of the pool's condition. */
    List<Notice> of(PassRecord pass) {
        List<Notice> notices = new ArrayList<>();
        conditionChange(pass).ifPresent(notices::add);
        for (Outcome outcome : pass.outcomes()) {
            if (outcome.result() == Result.DONE || outcome.result() == Result.FAILED) {
                notices.add(of(pass.plan().pool(), outcome));
            }
        }
        return notices;
    }

    /** Returns what to tell of an election: that this replica began or ceased to lead. */
    Optional<Notice> of(LeaseStatus before, LeaseStatus after) {
        if ((before.role() == Role.LEADER) == (after.role() == Role.LEADER)) {
            return Optional.empty();
        }
        boolean leads = after.role() == Role.LEADER;
        return Optional.of(new Notice(
                new Subject.OwnPod(),
                leads ? "BecameLeader" : "StoppedLeading",
                "Elect",
                false,
                after.message(),
                "",
                QUIET_AFTER_DONE,
                clock.instant()));
    }

    private Notice of(String pool, Outcome outcome) {
        Action action = outcome.action();
        Names names = action.accept(NAMES);
        boolean failed = outcome.result() == Result.FAILED;
        String note = "pool %s %s: %s"
                .formatted(pool, action.accept(WHAT), action.reason().message());
        return new Notice(
                action.accept(SUBJECT),
                failed ? names.failed() : names.done(),
                names.action(),
                failed,
                failed ? note + "; it failed: " + outcome.message() : note,
                pool + " " + action.target() + " " + action.reason().code() + " " + outcome.cause(),
                failed ? QUIET_AFTER_TROUBLE : QUIET_AFTER_DONE,
                clock.instant());
    }

    private Optional<Notice> conditionChange(PassRecord pass) {
        Condition now = pass.plan().condition();
        Condition before =
                Optional.ofNullable(lastConditions.put(pass.plan().pool(), now)).orElse(Condition.OK);
        if (now == before) {
            return Optional.empty();
        }
        Instant at = clock.instant();
        String note = "pool %s: %s".formatted(pass.plan().pool(), pass.plan().message());
        return Optional.of(new Notice(
                new Subject.OwnPod(),
                now.word(),
                "Plan",
                now != Condition.OK,
                note,
                pass.plan().pool(),
                QUIET_AFTER_TROUBLE,
                at));
    }
}
