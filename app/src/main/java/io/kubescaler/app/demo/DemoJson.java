package io.kubescaler.app.demo;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubescaler.app.observe.PassNews;
import io.kubescaler.app.observe.PlanJson;
import io.kubescaler.control.PassListener;
import io.kubescaler.control.PassRecord;
import java.time.Duration;

/** Collects the JSON document of a demonstration. For the thread that moves the clock. */
final class DemoJson implements PassListener {
    private final PassNews news = new PassNews();
    private final ArrayNode acted = JsonNodeFactory.instance.arrayNode();

    @Override
    public void passed(PassRecord pass) {
        // what only repeats would fill the memory of a demonstration without an end
        if (!news.of(pass).isEmpty()) {
            acted.add(PlanJson.document(pass));
        }
    }

    /**
     * Returns the document: totals, and each pass that acted in the form of {@code plan}. Waits are over all servers
     * that were placed, those that found room at once included; {@code count} is how many did not.
     */
    ObjectNode document(long seed, double speed, DemoTotals totals) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("seed", seed).put("speed", speed).put("simulatedSeconds", seconds(totals.elapsed()));
        document.putObject("servers")
                .put("created", totals.serversCreated())
                .put("running", totals.serversRunning())
                .put("unplaced", totals.serversUnplaced())
                .put("killed", totals.serversKilled());
        document.putObject("waits")
                .put("count", totals.waited())
                .put("p50Seconds", seconds(totals.waitOf(0.5)))
                .put("p99Seconds", seconds(totals.waitOf(0.99)))
                .put("maxSeconds", seconds(totals.waitOf(1)));
        ObjectNode actions = document.putObject("actions");
        totals.actions().forEach(actions::put);
        document.put("actionsFailed", totals.failures())
                .put("peakNodes", totals.peakNodes())
                .put("nodeHours", totals.nodeHours())
                .put("passesTotal", totals.passes());
        document.set("passes", acted);
        return document;
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
