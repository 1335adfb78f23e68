package io.kubescaler.app.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.kubescaler.app.observe.PassHistory;
import io.kubescaler.app.observe.PlanJson;
import io.kubescaler.control.PassRecord;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Answers {@code /api/v1/pools} and what is below it. Thread-safe. */
final class PoolHandlers {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final List<String> pools;
    private final PassHistory history;

    PoolHandlers(List<String> pools, PassHistory history) {
        this.pools = pools;
        this.history = history;
    }

    /** Answers with every pool and its last pass. */
    void all(Context context) {
        ObjectNode body = NODES.objectNode();
        ArrayNode entries = body.putArray("pools");
        for (String pool : pools) {
            ObjectNode entry = entries.addObject().put("pool", pool);
            entry.set("lastPass", history.last(pool).map(PlanJson::document).orElse(null));
        }
        Answers.json(context, body);
    }

    /** Answers with the last pass of one pool. */
    void one(Context context) {
        withPool(context, (pool, answer) -> {
            Optional<PassRecord> last = history.last(pool);
            if (last.isPresent()) {
                Answers.json(answer, PlanJson.document(last.get()));
            } else {
                Answers.error(
                        answer,
                        HttpStatus.NOT_FOUND,
                        "the pool '%s' has had no pass in this process yet; a standby makes none".formatted(pool));
            }
        });
    }

    /** Answers with the latest passes of one pool that decided to act, the newest first. */
    void passes(Context context) {
        withPool(context, (pool, answer) -> {
            ObjectNode body = NODES.objectNode().put("pool", pool);
            ArrayNode passes = body.putArray("passes");
            history.acted(pool).forEach(pass -> passes.add(PlanJson.document(pass)));
            Answers.json(answer, body);
        });
    }

    private void withPool(Context context, BiConsumer<String, Context> answer) {
        String pool = context.pathParam("pool");
        if (pools.contains(pool)) {
            answer.accept(pool, context);
        } else {
            String known = String.join(", ", pools);
            Answers.error(context, HttpStatus.NOT_FOUND, "there is no such pool; there are: " + known);
        }
    }
}
