package io.kubescaler.kubernetes.watch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import io.kubescaler.kubernetes.client.ApiException;
import io.kubescaler.kubernetes.client.StatusReader;
import io.kubescaler.kubernetes.objects.Json;
import io.kubescaler.kubernetes.objects.MalformedObjectException;
import io.kubescaler.kubernetes.objects.ObjectReader;
import io.kubescaler.kubernetes.objects.Observed;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Reads the events of a watch. Not thread-safe.
 *
 * @param <T> the kind of objects
 */
public final class WatchReader<T> {
    private final JsonFactory factory = Json.factory();
    private final ObjectReader<T> objects;

    public WatchReader(ObjectReader<T> objects) {
        this.objects = objects;
    }

    /** Takes the events. */
    public interface Sink<T> {
        /** An event has come that could be read; what it tells follows, unless nobody can tell of which object. */
        void heard();

        /** An object is new or has changed. */
        void upsert(Observed<T> object);

        /** An object is gone, or is no longer selected. */
        void delete(Observed<T> object);

        /** An object is new or has changed, and nobody can tell which it is. */
        void unreadable(MalformedObjectException object);

        /** All events up to this version have been handed over. */
        void reached(String resourceVersion);
    }

    /**
     * Reads events until the server ends the watch, and closes the stream.
     *
     * @throws ApiException when the server reports an error inside the watch
     * @throws MalformedObjectException when an event cannot be understood
     * @throws IOException when the stream fails
     */
    public void read(InputStream stream, Sink<T> sink) throws IOException {
        try (JsonParser parser = factory.createParser(stream)) {
            while (parser.nextToken() != null) {
                if (parser.currentToken() != JsonToken.START_OBJECT) {
                    throw MalformedObjectException.at(parser, "expected a watch event");
                }
                Event event = new Event(parser, sink);
                Json.fields(parser, event::field);
                event.finish();
            }
        } catch (JsonEOFException cut) {
            throw new IOException("the watch broke off within an event", cut);
        } catch (CharConversionException malformed) {
            throw MalformedObjectException.of(malformed);
        } catch (JsonProcessingException malformed) {
            throw MalformedObjectException.of(malformed);
        }
    }

    private final class Event {
        private final JsonParser parser;
        private final Sink<T> sink;
        private String type = "";
        private String resourceVersion = "";
        private boolean complete;

        Event(JsonParser parser, Sink<T> sink) {
            this.parser = parser;
            this.sink = sink;
        }

        void field(String name) throws IOException {
            switch (name) {
                case "type" -> type = Json.text(parser).orElse("");
                case "object" -> object();
                default -> parser.skipChildren();
            }
        }

        void finish() throws IOException {
            if (!complete) {
                throw MalformedObjectException.at(parser, "a watch event of type '%s' without object".formatted(type));
            }
            if (!resourceVersion.isEmpty()) {
                sink.reached(resourceVersion);
            }
        }

        private void object() throws IOException {
            complete = true;
            switch (type) {
                case "ADDED", "MODIFIED" -> upsert();
                case "DELETED" -> {
                    Observed<T> object = objects.read(parser);
                    resourceVersion = object.resourceVersion();
                    sink.heard();
                    sink.delete(object);
                }
                case "BOOKMARK" -> {
                    Json.fields(parser, this::bookmark);
                    if (!resourceVersion.isEmpty()) {
                        sink.heard();
                    }
                }
                case "ERROR" -> throw StatusReader.read(parser, Optional.empty(), Optional.empty());
                default ->
                    throw MalformedObjectException.at(parser, "unknown type of watch event '%s'".formatted(type));
            }
        }

        private void upsert() throws IOException {
            Optional<Observed<T>> object = objects.readOrSkip(parser, sink::unreadable);
            sink.heard();
            if (object.isPresent()) {
                resourceVersion = object.get().resourceVersion();
                sink.upsert(object.get());
            }
        }

        private void bookmark(String name) throws IOException {
            if (!name.equals("metadata")) {
                parser.skipChildren();
                return;
            }
            Json.fields(parser, field -> {
                if (field.equals("resourceVersion")) {
                    resourceVersion = Json.text(parser).orElse("");
                } else {
                    parser.skipChildren();
                }
            });
        }
    }
}
