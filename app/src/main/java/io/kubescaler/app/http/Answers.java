package io.kubescaler.app.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;

/** Writes answers. */
final class Answers {
    private Answers() {}

    /** Answers with a JSON document, which nobody on the way is to keep. */
    static void json(Context context, JsonNode document) {
        context.contentType("application/json")
                .header("Cache-Control", "no-store")
                .result(document.toString() + "\n");
    }

    /** Answers with an error, as a sentence. */
    static void error(Context context, HttpStatus status, String message) {
        context.status(status);
        json(context, JsonNodeFactory.instance.objectNode().put("error", message));
    }
}
