package io.kubescaler.digitalocean;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Reads fields of a JSON object that may be missing, null or of another type than expected. */
final class Fields {
    private Fields() {}

    /** Returns a text or a number as text; empty when there is neither. */
    static String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isTextual() || value.isNumber() ? value.asText() : "";
    }

    /** Returns the elements of an array; none when there is no array. */
    static List<JsonNode> elements(JsonNode object, String field) {
        List<JsonNode> elements = new ArrayList<>();
        if (object.path(field).isArray()) {
            object.path(field).forEach(elements::add);
        }
        return elements;
    }
}
