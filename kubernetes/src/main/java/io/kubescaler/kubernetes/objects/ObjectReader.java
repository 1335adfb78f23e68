package io.kubescaler.kubernetes.objects;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/**
 * Reads objects of one kind from a stream of JSON. Fields that it does not know are skipped. Not thread-safe.
 *
 * @param <T> the kind of object
 */
public interface ObjectReader<T> {
    /** Returns the kind, such as {@code Pod}. */
    String kind();

    /** Starts an object of which the fields are handed over one by one. */
    Draft<T> draft(LenientReader json);

    /**
     * Reads one object: the parser is on its first token, and is left on its last one. What cannot be read of it is left
     * out, and the object says so.
     *
     * @throws MalformedObjectException when it is of another kind, or lacks what tells it from others; see {@link
     *     MalformedObjectException#isOfOneObject}
     */
    default Observed<T> read(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw MalformedObjectException.ofOneObject(parser, "expected a %s".formatted(kind()));
        }
        LenientReader json = new LenientReader(parser);
        Draft<T> draft = draft(json);
        json.fields(name -> draft.field(name, parser));
        return draft.finish(parser);
    }

    /**
     * As {@link #read}, and goes past an object that nobody can tell from others.
     *
     * @param skipped is told of it
     * @return the object; empty when there is none to hand over
     */
    default Optional<Observed<T>> readOrSkip(JsonParser parser, Skipped skipped) throws IOException {
        boolean nested = parser.currentToken() != null && parser.currentToken().isStructStart();
        int depth = parser.getParsingContext().getNestingDepth() - (nested ? 1 : 0);
        try {
            return Optional.of(read(parser));
        } catch (MalformedObjectException malformed) {
            if (!malformed.isOfOneObject()) {
                throw malformed;
            }
            Json.skipTo(parser, depth);
            skipped.skipped(malformed);
            return Optional.empty();
        }
    }

    /** Is told of an object that nobody can tell from others. */
    @FunctionalInterface
    interface Skipped {
        /**
         * Takes note of it.
         *
         * @throws IOException when it must not be left out: the reading ends
         */
        void skipped(MalformedObjectException object) throws IOException;
    }

    /** An object being read. */
    interface Draft<T> {
        /** Takes a field of the object, or skips it. */
        void field(String name, JsonParser parser) throws IOException;

        /**
         * Returns the object.
         *
         * @throws MalformedObjectException when it is of another kind, or lacks what every object has
         */
        Observed<T> finish(JsonParser parser) throws IOException;
    }
}
