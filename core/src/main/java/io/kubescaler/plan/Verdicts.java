package io.kubescaler.plan;

import io.kubescaler.model.Annotations;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What a pass has to say of each machine. Immutable and thread-safe.
 *
 * @param policy what the user asks of the pool
 * @param now the time that the pass was made for
 * @param said what its steps said of machines that they dealt with, by place; not changed any more
 * @param refusal why the pass did nothing, in a word; empty when it may act
 * @param restraint why the pass sets nothing aside and deletes nothing, as the end of a sentence; empty when it may
 * @param outlook why active nodes with room are kept; empty when none could be set aside
 */
record Verdicts(
        PoolPolicy policy,
        Instant now,
        Map<Integer, Supplier<String>> said,
        Optional<String> refusal,
        Optional<String> restraint,
        Optional<Surplus.Outlook> outlook) {
    /** How far the clocks of the scaler, of the cluster and of the cloud may differ without a word. */
    private static final Duration UNEVEN = Duration.ofMinutes(1);

    String of(Machine machine) {
        Supplier<String> own = said.get(machine.place());
        String verdict = own == null
                ? refusal.map(why -> "nothing is done: " + why).orElseGet(() -> untold(machine))
                : own.get();
        return machine.unreadable().map(what -> verdict + "; " + what).orElse(verdict);
    }

    private String untold(Machine machine) {
        if (machine.node().flatMap(Node::unreadable).isPresent()) {
            return "left alone";
        }
        return switch (machine.state()) {
            case ACTIVE -> active(machine);
            case BOOTING -> booting(machine);
            case CORDONED -> cordoned(machine);
            case HELD -> held(machine.requireNode());
            case UNREADY -> unready(machine);
            case SHARED ->
                "left to %s, which selects it too: this pool's cloud does not list its machine"
                        .formatted(machine.shared().orElse("another pool"));
            case DELETING -> "being deleted";
        };
    }

    private String booting(Machine machine) {
        long timeout = policy.provisioningTimeout().toSeconds();
        Duration ahead = machine.ahead(now);
        return ahead.compareTo(UNEVEN) < 0
                ? "booting for %d s of at most %d s".formatted(machine.age(now).toSeconds(), timeout)
                : ("booting: it was made %d s later than this scaler's clock tells; check the clocks of the scaler, of the"
                                + " cluster and of the cloud")
                        .formatted(ahead.toSeconds());
    }

    // somebody may have removed the annotation to hold the node, so it is theirs all the same
    private static String held(Node node) {
        if (node.isCordonedByScaler()) {
            return "cordoned by the scaler, and its annotation %s is gone: left alone; `kubectl uncordon %s` gives it back"
                    .formatted(Annotations.CORDONED_AT, node.name());
        }
        String who = node.isCordonedByOther() ? " (" + node.cordonedBy().orElseThrow() + ")" : "";
        return "cordoned by a person" + who + ": left alone";
    }

    private String cordoned(Machine machine) {
        return restraint
                .map(why -> machine.protection().map("protected by "::concat).orElse("cordoned: kept, " + why))
                .orElseGet(() -> Expiry.waiting(machine));
    }

    private String unready(Machine machine) {
        if (machine.instance().isEmpty()) {
            return "unready: the cloud lists no machine for it";
        }
        return restraint
                .map("unready: kept, "::concat)
                .orElse("unready: it may have been Ready once, so it is left to a person");
    }

    private String active(Machine machine) {
        if (machine.lacking().isPresent()) {
            return "in use: no room for a slot even without servers: too little of "
                    + machine.lacking().get();
        }
        return machine.room() == 0
                ? "full: never surplus"
                : restraint
                        .map("kept, "::concat)
                        .or(() -> outlook.map(it -> it.of(machine)))
                        .orElse("in use: nothing is cordoned while nodes are coming");
    }
}
