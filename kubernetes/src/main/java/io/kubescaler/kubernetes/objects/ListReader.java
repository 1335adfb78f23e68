package io.kubescaler.kubernetes.objects;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads a document that is a list of objects: {@code List}, {@code PodList}, {@code NodeList}. Objects are handed over
 * as they come; the document is never held as a whole. Not thread-safe.
 *
 * @param <T> the kind of objects
 */
public final class ListReader<T> {
    private final JsonFactory factory = Json.factory();
    private final ObjectReader<T> objects;

    public ListReader(ObjectReader<T> objects) {
        this.objects = objects;
    }

    /** Takes one object. */
    @FunctionalInterface
    public interface Sink<T> {
        void accept(Observed<T> object) throws IOException;

        /** Takes note of an object that nobody can tell from others; unless told otherwise, the list fails for it. */
        default void unreadable(MalformedObjectException object) throws IOException {
            throw object;
        }
    }

    /**
     * What a list says of itself.
     *
     * @param isList whether the document was a list at all, and not one object
     * @param resourceVersion the version of the whole list; empty text when it has none
     * @param continueToken what to ask for the next page with; empty text on the last page
     */
    public record Page(boolean isList, String resourceVersion, String continueToken) {}

    /**
     * Reads a list to its end and closes the stream.
     *
     * @throws MalformedObjectException when the document is not JSON, ends too early, or holds something else; the
     *     message says where
     * @throws IOException when the stream fails
     */
    public Page readList(InputStream stream, Sink<T> sink) throws IOException {
        try (JsonParser parser = start(stream)) {
            Document document = new Document(parser, sink);
            Json.fields(parser, document::field);
            end(parser);
            return new Page(document.isList, document.resourceVersion, document.continueToken);
        } catch (CharConversionException malformed) {
            throw MalformedObjectException.of(malformed);
        } catch (JsonProcessingException malformed) {
            throw MalformedObjectException.of(malformed);
        }
    }

    /**
     * Reads one object to its end and closes the stream.
     *
     * @throws MalformedObjectException when the document is not JSON, ends too early, or is something else; the message
     *     says where
     * @throws IOException when the stream fails
     */
    public Observed<T> readObject(InputStream stream) throws IOException {
        try (JsonParser parser = start(stream)) {
            Observed<T> object = objects.read(parser);
            end(parser);
            return object;
        } catch (CharConversionException malformed) {
            throw MalformedObjectException.of(malformed);
        } catch (JsonProcessingException malformed) {
            throw MalformedObjectException.of(malformed);
        }
    }

    private JsonParser start(InputStream stream) throws IOException {
        JsonParser parser = factory.createParser(stream);
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw MalformedObjectException.at(parser, "expected a JSON object");
        }
        return parser;
    }

    private static void end(JsonParser parser) throws IOException {
        if (parser.nextToken() != null) {
            throw MalformedObjectException.at(parser, "expected the end of the document");
        }
    }

    private final class Document {
        private final JsonParser parser;
        private final Sink<T> sink;
        private boolean isList;
        private String resourceVersion = "";
        private String continueToken = "";

        Document(JsonParser parser, Sink<T> sink) {
            this.parser = parser;
            this.sink = sink;
        }

        void field(String name) throws IOException {
            switch (name) {
                case "items" -> {
                    isList = true;
                    Json.elements(parser, this::element);
                }
                case "kind" ->
                    isList |= Json.text(parser)
                            .filter(kind -> kind.endsWith("List"))
                            .isPresent();
                case "metadata" -> Json.fields(parser, this::metadata);
                default -> parser.skipChildren();
            }
        }

        private void element() throws IOException {
            Optional<Observed<T>> object = objects.readOrSkip(parser, sink::unreadable);
            if (object.isPresent()) {
                sink.accept(object.get());
            }
        }

        private void metadata(String name) throws IOException {
            switch (name) {
                case "resourceVersion" -> resourceVersion = Json.text(parser).orElse("");
                case "continue" -> continueToken = Json.text(parser).orElse("");
                default -> parser.skipChildren();
            }
        }
    }
}
