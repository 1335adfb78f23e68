package io.kubescaler.kubernetes.objects;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * Walks JSON as a stream, value by value. Each method starts with the parser on the first token of a value and leaves it
 * on the last; {@code null} counts as absent. Stateless.
 */
public final class Json {
    private Json() {}

    /** Takes one field: the parser is on the first token of the value, and must be left on the last one. */
    @FunctionalInterface
    public interface FieldReader {
        void read(String name) throws IOException;
    }

    /** Takes one element: the parser is on its first token, and must be left on the last one. */
    @FunctionalInterface
    interface ElementReader {
        void read() throws IOException;
    }

    // beyond what an API server takes: requests of 3 MB, nested 10,000 deep
    private static final int LONGEST_NAME = 4 << 20;
    private static final int DEEPEST = 20_000;

    /**
     * Returns a factory whose parsers keep no unbounded set of names: labels and annotations are field names too. They
     * take whatever the API server stores: a single object that they refuse would stop every list it is in, and so the
     * scaler.
     */
    public static JsonFactory factory() {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNameLength(LONGEST_NAME)
                        .maxNestingDepth(DEEPEST)
                        .build())
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
                .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .build();
    }

    /** Hands over each field of an object; what the reader does not want, it skips. */
    public static void fields(JsonParser parser, FieldReader reader) throws IOException {
        if (!starts(parser, JsonToken.START_OBJECT, "an object")) {
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            reader.read(name);
        }
    }

    /** Hands over each element of an array. */
    static void elements(JsonParser parser, ElementReader reader) throws IOException {
        if (!starts(parser, JsonToken.START_ARRAY, "an array")) {
            return;
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            reader.read();
        }
    }

    /** Returns a text; empty for null. Numbers and booleans are taken as they are written. */
    public static Optional<String> text(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return Optional.empty();
        }
        if (token == null || !token.isScalarValue()) {
            throw expected(parser, "a text");
        }
        return Optional.of(parser.getText());
    }

    /** Returns a flag; false for null. */
    static boolean flag(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE && token != JsonToken.VALUE_NULL) {
            throw expected(parser, "true or false");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    /** Returns a time; empty for null. */
    static Optional<Instant> time(JsonParser parser) throws IOException {
        Optional<String> text = text(parser);
        try {
            return text.map(Instant::parse);
        } catch (DateTimeException malformed) {
            throw MalformedObjectException.at(parser, "'%s' is no RFC 3339 time".formatted(text.orElseThrow()));
        }
    }

    /** Returns an amount of that resource in the units of {@link io.kubescaler.model.Resources}; empty for null. */
    static Optional<Long> amount(JsonParser parser, String resource) throws IOException {
        Optional<String> quantity = text(parser);
        try {
            return quantity.map(text -> Quantity.amount(resource, text));
        } catch (IllegalArgumentException malformed) {
            throw MalformedObjectException.at(parser, String.valueOf(malformed.getMessage()));
        }
    }

    /** Makes sure that an object begins here, or null is. */
    static void requireObject(JsonParser parser) throws IOException {
        boolean unused = starts(parser, JsonToken.START_OBJECT, "an object");
    }

    /** Makes sure that an array begins here, or null is. */
    static void requireArray(JsonParser parser) throws IOException {
        boolean unused = starts(parser, JsonToken.START_ARRAY, "an array");
    }

    /** Goes on to the last token of the value that is under way in a context nested so deep. */
    static void skipTo(JsonParser parser, int depth) throws IOException {
        while (parser.getParsingContext().getNestingDepth() > depth && parser.nextToken() != null) {
            // what it holds is not wanted
        }
    }

    private static boolean starts(JsonParser parser, JsonToken token, String what) throws IOException {
        if (parser.currentToken() != token && parser.currentToken() != JsonToken.VALUE_NULL) {
            throw expected(parser, what);
        }
        return parser.currentToken() == token;
    }

    private static MalformedObjectException expected(JsonParser parser, String what) {
        JsonToken found = parser.currentToken();
        return MalformedObjectException.at(
                parser, "expected %s and found %s".formatted(what, found == null ? "nothing" : name(found)));
    }

    private static String name(JsonToken token) {
        return switch (token) {
            case START_OBJECT, END_OBJECT, FIELD_NAME -> "an object";
            case START_ARRAY, END_ARRAY -> "an array";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> "something that is not JSON";
        };
    }
}
