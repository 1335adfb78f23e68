package io.kubescaler.app.simulate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/** Writes the JSON document of a replay. */
final class ReplayJson {
    private ReplayJson() {}

    /** Returns the document. Waits are over all servers, those that found room at once included. */
    static ObjectNode document(Trace trace, Grid grid, List<Outcome> outcomes) {
        double lowerBound = trace.lowerBoundNodeHours(grid.slotsPerNode());
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.putObject("trace")
                .put("servers", trace.servers().size())
                .put("length_seconds", seconds(trace.length()))
                .put("peak_servers", trace.peak())
                .put("slots_per_node", grid.slotsPerNode())
                .put("lower_bound_node_hours", rounded(lowerBound))
                .put("seed", grid.seed());
        ArrayNode policies = document.putArray("policies");
        outcomes.forEach(outcome -> policies.add(policy(outcome, lowerBound, grid.pricePerHour())));
        return document;
    }

    private static ObjectNode policy(Outcome outcome, double lowerBound, OptionalDouble price) {
        ObjectNode policy = JsonNodeFactory.instance
                .objectNode()
                .put("buffer", String.valueOf(outcome.cell().buffer()))
                .put("expiration_seconds", seconds(outcome.cell().expiration()))
                .put("servers", outcome.waits().size())
                .put("waited", outcome.waited())
                .put("waited_over_1s", outcome.waitedOverOneSecond())
                .put("wait_share", rounded(outcome.waitShare()))
                .put("wait_p50_seconds", seconds(outcome.waitOf(0.5)))
                .put("wait_p99_seconds", seconds(outcome.waitOf(0.99)))
                .put("wait_max_seconds", seconds(outcome.waitOf(1)))
                .put("node_hours", rounded(outcome.nodeHours()));
        price.ifPresent(perHour -> policy.put("cost", rounded(outcome.nodeHours() * perHour)));
        return policy.put("peak_nodes", outcome.peakNodes())
                .put("nodes_ordered", outcome.nodesOrdered())
                .put("changes", outcome.changes())
                .put("lower_bound_node_hours", rounded(lowerBound));
    }

    private static BigDecimal seconds(Duration duration) {
        return plain(BigDecimal.valueOf(duration.toMillis(), 3));
    }

    private static BigDecimal rounded(double value) {
        return plain(BigDecimal.valueOf(value).setScale(6, RoundingMode.HALF_UP));
    }

    // 120, not 120.000 and not 1.2E+2
    private static BigDecimal plain(BigDecimal value) {
        BigDecimal shortest = value.stripTrailingZeros();
        return shortest.scale() < 0 ? shortest.setScale(0) : shortest;
    }
}
