package io.kubescaler.app.observe;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubescaler.control.PassRecord;
import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Mark;
import io.kubescaler.plan.NodeReport;
import io.kubescaler.plan.Plan;
import io.kubescaler.plan.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The JSON document of one pass, the same wherever a pass is shown: {@code plan --output json}, the API, the record of
 * passes that acted. Its names are promises; what is not known is {@code null}, and no field is ever left out but
 * {@code node} and {@code instance} of an action that has none, and the outcomes of a pass that was never carried out.
 * Thread-safe.
 */
public final class PlanJson {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PlanJson() {}

    /** Returns the document of a pass on paper. */
    public static ObjectNode document(Plan plan) {
        return document(plan, List.of());
    }

    /**
     * Returns the document of a pass that was carried out: that of its plan, with {@code tookSeconds} and, on each
     * action that was come to, {@code outcome} and {@code outcomeMessage}.
     */
    public static ObjectNode document(PassRecord pass) {
        return document(pass.plan(), pass.outcomes()).put("tookSeconds", seconds(pass.took()));
    }

    private static ObjectNode document(Plan plan, List<Outcome> outcomes) {
        ObjectNode document = NODES.objectNode()
                .put("pool", plan.pool())
                .put("now", plan.now().toString())
                .put("condition", plan.condition().word())
                .put("message", plan.message())
                .put("size", plan.size())
                .put("free", plan.free())
                .put("buffer", plan.buffer())
                .put("unplaced", plan.unplaced())
                .put("serverPods", plan.serverPods())
                .put("required", plan.required())
                .put("upcoming", plan.upcoming());
        plan.slotsPerNewNode()
                .ifPresentOrElse(
                        slots -> document.put("slotsPerNewNode", slots), () -> document.putNull("slotsPerNewNode"));
        putOrNull(document, "waitingSince", plan.waitingSince().map(Object::toString));
        document.set("actions", actions(plan.actions(), outcomes));
        document.set("marks", marks(plan.marks()));
        document.set("nodes", nodes(plan.nodes()));
        return document;
    }

    private static ArrayNode actions(List<Action> actions, List<Outcome> outcomes) {
        ArrayNode array = NODES.arrayNode();
        for (Action action : actions) {
            ObjectNode entry = action(action);
            // in the order of carrying out, which need not be the plan's, and perhaps not all of them
            outcomes.stream()
                    .filter(outcome -> outcome.action().equals(action))
                    .findFirst()
                    .ifPresent(outcome ->
                            entry.put("outcome", word(outcome.result())).put("outcomeMessage", outcome.message()));
            array.add(entry);
        }
        return array;
    }

    private static ObjectNode action(Action action) {
        ObjectNode entry = NODES.objectNode().put("type", action.type());
        if (action instanceof Action.Uncordon uncordon) {
            entry.put("node", uncordon.node());
        } else if (action instanceof Action.Cordon cordon) {
            entry.put("node", cordon.node());
        } else if (action instanceof Action.Grow grow) {
            entry.put("from", grow.from()).put("to", grow.to());
        } else if (action instanceof Action.Delete delete) {
            delete.node().ifPresent(node -> entry.put("node", node));
            entry.put("instance", delete.instance());
        }
        return reason(entry, action.reason());
    }

    private static ObjectNode reason(ObjectNode entry, Reason reason) {
        return entry.put("reason", reason.code()).put("message", reason.message());
    }

    private static ArrayNode marks(List<Mark> marks) {
        ArrayNode array = NODES.arrayNode();
        for (Mark mark : marks) {
            ObjectNode entry = NODES.objectNode().put("node", mark.node()).put("kind", word(mark.kind()));
            putOrNull(entry, "at", mark.at().map(Object::toString));
            array.add(reason(entry, mark.reason()));
        }
        return array;
    }

    private static ArrayNode nodes(List<NodeReport> reports) {
        ArrayNode array = NODES.arrayNode();
        for (NodeReport report : reports) {
            ObjectNode entry = NODES.objectNode();
            putOrNull(entry, "name", report.name());
            putOrNull(entry, "instance", report.instance());
            entry.put("state", report.state().word())
                    .put("servers", report.servers())
                    .put("slots", report.slots())
                    .put("verdict", report.verdict());
            array.add(entry);
        }
        return array;
    }

    private static void putOrNull(ObjectNode entry, String field, Optional<String> value) {
        value.ifPresentOrElse(text -> entry.put(field, text), () -> entry.putNull(field));
    }

    /** Returns a constant as it is spelled in documents, such as {@code not-acting}. */
    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
