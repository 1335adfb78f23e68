package io.kubescaler.app.cli;

import io.kubescaler.app.config.Settings;
import io.kubescaler.app.config.Settings.PoolSettings;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Plan;
import io.kubescaler.provider.Finding;
import java.util.ArrayList;
import java.util.List;

/** Makes one pass on paper for each pool and tells how it would stand: what no single look shows. */
final class PassCheck {
    private final Settings settings;
    private final LivePlans plans;

    PassCheck(Settings settings, LivePlans plans) {
        this.settings = settings;
        this.plans = plans;
    }

    /** Reads the cluster and the cloud, for a minute at most, and plans. */
    List<Finding> findings() throws InterruptedException {
        List<Plan> made;
        try {
            made = plans.of(settings.pools());
        } catch (CommandException e) {
            return List.of(Finding.error("a pass on paper", String.valueOf(e.getMessage())));
        }
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < made.size(); i++) {
            PoolSettings pool = settings.pools().get(i);
            findings.add(finding(pool.policy(), made.get(i)));
        }
        return findings;
    }

    static Finding finding(PoolPolicy policy, Plan plan) {
        String what = "pool %s: a pass on paper".formatted(policy.pool());
        if (plan.slotsPerNewNode().orElse(1) == 0) {
            return Finding.error(
                    what,
                    ("%s: a slot of %s does not fit on an empty node of this pool, so no node would ever be added for"
                                    + " missing slots; lower server-cpu-resource-request, server-memory-resource-request"
                                    + " or server-resource-requests, or give the pool larger machines")
                            .formatted(Condition.SLOT_LARGER_THAN_NODE.word(), policy.slotSize()));
        }
        String message = "%s: %s; server pods in the cluster: %d; slots on a new node: %s"
                .formatted(
                        plan.condition().word(),
                        plan.message(),
                        plan.serverPods(),
                        plan.slotsPerNewNode().isPresent()
                                ? String.valueOf(plan.slotsPerNewNode().getAsLong())
                                : "not known yet");
        if (!plan.condition().isReadable()) {
            return Finding.error(what, message);
        }
        return plan.condition() == Condition.OK ? Finding.ok(what, message) : Finding.warning(what, message);
    }
}
