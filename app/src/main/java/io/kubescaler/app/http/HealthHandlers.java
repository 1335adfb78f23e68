package io.kubescaler.app.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Duration;

/** Answers {@code /livez} and {@code /readyz}. Thread-safe. */
final class HealthHandlers {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Health health;

    HealthHandlers(Health health) {
        this.health = health;
    }

    /** Answers 200 while every loop comes round, else 503. */
    void live(Context context) {
        boolean alive = true;
        ArrayNode loops = NODES.arrayNode();
        for (Heartbeat heartbeat : health.heartbeats()) {
            Duration since = heartbeat.sinceLastTurn().get();
            boolean late = heartbeat.isLate(since);
            alive &= !late;
            loops.addObject()
                    .put("name", heartbeat.name())
                    .put("ok", !late)
                    .put("secondsSinceLastTurn", seconds(since))
                    .put("limitSeconds", seconds(heartbeat.limit()))
                    .put("message", late ? stuck(heartbeat, since) : "it comes round");
        }
        ObjectNode body = NODES.objectNode().put("status", alive ? "alive" : "stuck");
        body.set("loops", loops);
        answer(context, alive, body);
    }

    /** Answers 200 while every check is fine, else 503. */
    void ready(Context context) {
        boolean ready = true;
        ArrayNode checks = NODES.arrayNode();
        for (ReadinessCheck check : health.checks()) {
            ReadinessCheck.State state = check.state().get();
            ready &= state.ready();
            checks.addObject()
                    .put("name", check.name())
                    .put("ok", state.ready())
                    .put("message", state.message());
        }
        ObjectNode body = NODES.objectNode().put("status", ready ? "ready" : "not ready");
        body.set("checks", checks);
        answer(context, ready, body);
    }

    private static void answer(Context context, boolean fine, ObjectNode body) {
        context.status(fine ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
        Answers.json(context, body);
    }

    private static String stuck(Heartbeat heartbeat, Duration since) {
        return "%s is stuck: its last turn ended %d s ago, and at most %d s is right"
                .formatted(
                        heartbeat.name(), since.toSeconds(), heartbeat.limit().toSeconds());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
