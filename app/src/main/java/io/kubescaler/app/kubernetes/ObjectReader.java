package io.kubescaler.app.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;

/**
 * Reads objects of one kind from a stream of JSON. Fields that it does not know are skipped. Not thread-safe.
 *
 * @param <T> the kind of object
 */
interface ObjectReader<T> {
    /** Returns the kind, such as {@code Pod}. */
    String kind();

    /** Starts an object of which the fields are handed over one by one. */
    Draft<T> draft();

    /** Reads one object: the parser is on its first token, and is left on its last one. */
    default Observed<T> read(JsonParser parser) throws IOException {
        Draft<T> draft = draft();
        Json.fields(parser, name -> draft.field(name, parser));
        return draft.finish(parser);
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
