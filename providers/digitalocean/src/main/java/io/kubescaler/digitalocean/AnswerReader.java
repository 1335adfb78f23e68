package io.kubescaler.digitalocean;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import java.io.IOException;
import okio.ByteString;

/**
 * Reads an answer into a tree, but for the machines of node pools: a pool may have thousands, which as a tree take many
 * times the room, so each is made a {@link Pool.Machine} as soon as it is read. Thread-safe.
 */
final class AnswerReader {
    private static final String MACHINES = "nodes";

    private final ObjectMapper json;
    private final Redactor redactor;
    private final Times times = new Times();

    AnswerReader(ObjectMapper json, Redactor redactor) {
        this.json = json;
        this.redactor = redactor;
    }

    /**
     * Returns the document, in which the elements of every list {@code nodes} are machines.
     *
     * @throws IOException when it is no JSON, or more of it than an answer may be
     */
    JsonNode read(ByteString answer) throws IOException {
        try (JsonParser parser = json.createParser(new ByteBufferBackedInputStream(answer.asByteBuffer()))) {
            return parser.nextToken() == null ? json.missingNode() : value(parser, "");
        }
    }

    private JsonNode value(JsonParser parser, String field) throws IOException {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
            return object(parser);
        }
        return parser.currentToken() == JsonToken.START_ARRAY ? array(parser, field) : json.readTree(parser);
    }

    private ObjectNode object(JsonParser parser) throws IOException {
        ObjectNode object = json.createObjectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            parser.nextToken();
            object.set(field, value(parser, field));
        }
        return object;
    }

    private ArrayNode array(JsonParser parser, String field) throws IOException {
        ArrayNode array = json.createArrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            JsonNode element = value(parser, "");
            if (field.equals(MACHINES)) {
                array.addPOJO(Pool.Machine.read(element, redactor, times));
            } else {
                array.add(element);
            }
        }
        return array;
    }
}
