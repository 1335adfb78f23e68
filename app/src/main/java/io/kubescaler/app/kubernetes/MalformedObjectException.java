package io.kubescaler.app.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.CharConversionException;
import java.io.IOException;

/** A JSON document is not the Kubernetes object that it should be. The message says where and what is wrong. */
final class MalformedObjectException extends IOException {
    private static final long serialVersionUID = 1L;

    private MalformedObjectException(String message, Throwable cause) {
        super(message, cause);
    }

    MalformedObjectException(String message) {
        super(message);
    }

    /** Describes something wrong at the place that a parser has come to. */
    static MalformedObjectException at(JsonParser parser, String what) {
        String path = parser.getParsingContext().pathAsPointer().toString();
        return new MalformedObjectException("%s (at %s, %s)"
                .formatted(what, path.isEmpty() ? "/" : path, JsonTrouble.place(parser.currentTokenLocation())));
    }

    /** Describes text that is not JSON, or that ends too early. */
    static MalformedObjectException of(JsonProcessingException cause) {
        return new MalformedObjectException("it is no JSON: " + JsonTrouble.describe(cause), cause);
    }

    /** Describes bytes that are not text. */
    static MalformedObjectException of(CharConversionException cause) {
        return new MalformedObjectException("it is no text in UTF-8", cause);
    }
}
