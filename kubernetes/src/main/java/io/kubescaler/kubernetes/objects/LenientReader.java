package io.kubescaler.kubernetes.objects;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import io.kubescaler.words.OneLine;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Walks one object as {@link Json} does, and goes on past values that cannot be read: each is skipped to its end, and
 * the first one is remembered. One object that is wrong must not hide the others of its list. Text that is no JSON still
 * ends the reading. Not thread-safe.
 */
final class LenientReader {
    private final JsonParser parser;
    private final int base;
    private int troubles;
    private Optional<String> first = Optional.empty();

    /** @param parser on the first token of the object */
    LenientReader(JsonParser parser) {
        this.parser = parser;
        base = parser.getParsingContext().getNestingDepth();
    }

    /** Returns the first value that could not be read, as its path and what is wrong with it; empty when all could. */
    Optional<String> unreadable() {
        return first;
    }

    /** Returns how many values could not be read. */
    int troubles() {
        return troubles;
    }

    /** Notes that something cannot be read, though its JSON could. */
    void note(String path, String what) {
        troubles++;
        if (first.isEmpty()) {
            first = Optional.of(OneLine.of(path + ": " + what));
        }
    }

    /** Hands over each field of an object; one that cannot be read is skipped. */
    void fields(Json.FieldReader reader) throws IOException {
        Json.requireObject(parser);
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        int depth = parser.getParsingContext().getNestingDepth();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            try {
                reader.read(name);
            } catch (MalformedObjectException unreadable) {
                skip(depth, unreadable);
            }
        }
    }

    /** Hands over each element of an array; one that cannot be read is skipped. */
    void elements(Json.ElementReader reader) throws IOException {
        Json.requireArray(parser);
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        int depth = parser.getParsingContext().getNestingDepth();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            try {
                reader.read();
            } catch (MalformedObjectException unreadable) {
                skip(depth, unreadable);
            }
        }
    }

    /** Returns an object of texts; fields that are null are left out. */
    Map<String, String> texts() throws IOException {
        Map<String, String> texts = new HashMap<>();
        fields(name -> Json.text(parser).ifPresent(value -> texts.put(name, value)));
        return texts;
    }

    /** Returns a resource list in the units of {@link io.kubescaler.model.Resources}; explicit zeros are kept. */
    Map<String, Long> amounts() throws IOException {
        Map<String, Long> amounts = new HashMap<>();
        fields(name -> Json.amount(parser, name).ifPresent(amount -> amounts.put(name, amount)));
        return amounts;
    }

    private void skip(int depth, MalformedObjectException unreadable) throws IOException {
        note(path(), unreadable.what());
        Json.skipTo(parser, depth);
    }

    // such as status.containerStatuses[0].resources
    private String path() {
        StringBuilder path = new StringBuilder();
        for (JsonStreamContext at = parser.getParsingContext();
                at != null && at.getNestingDepth() >= base;
                at = at.getParent()) {
            if (at.inArray() && at.hasCurrentIndex()) {
                path.insert(0, "[" + at.getCurrentIndex() + "]");
            } else if (at.getCurrentName() != null) {
                path.insert(0, (at.getNestingDepth() == base ? "" : ".") + at.getCurrentName());
            }
        }
        return path.toString();
    }
}
