package io.kubescaler.kubernetes.objects;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.CharConversionException;
import java.io.IOException;

/** A JSON document is not the Kubernetes object that it should be. The message says where and what is wrong. */
public final class MalformedObjectException extends IOException {
    private static final long serialVersionUID = 1L;
    private final String what;
    private final boolean ofOneObject;

    private MalformedObjectException(String message, Throwable cause) {
        super(message, cause);
        what = message;
        ofOneObject = false;
    }

    private MalformedObjectException(String message, String what, boolean ofOneObject) {
        super(message);
        this.what = what;
        this.ofOneObject = ofOneObject;
    }

    public MalformedObjectException(String message) {
        this(message, message, false);
    }

    /** Returns what is wrong, without the place. */
    public String what() {
        return what;
    }

    /** Returns whether it is one object that nobody can tell from others, in a document that is fine beside it. */
    boolean isOfOneObject() {
        return ofOneObject;
    }

    /** Describes something wrong at the place that a parser has come to. */
    public static MalformedObjectException at(JsonParser parser, String what) {
        return at(parser, what, false);
    }

    /** Describes an object, at the place that a parser has come to, that nobody can tell from others. */
    static MalformedObjectException ofOneObject(JsonParser parser, String what) {
        return at(parser, what, true);
    }

    private static MalformedObjectException at(JsonParser parser, String what, boolean ofOneObject) {
        String path = parser.getParsingContext().pathAsPointer().toString();
        return new MalformedObjectException(
                "%s (at %s, %s)"
                        .formatted(what, path.isEmpty() ? "/" : path, JsonTrouble.place(parser.currentTokenLocation())),
                what,
                ofOneObject);
    }

    /** Describes text that is not JSON, or that ends too early. */
    public static MalformedObjectException of(JsonProcessingException cause) {
        return new MalformedObjectException("it is no JSON: " + JsonTrouble.describe(cause), cause);
    }

    /** Describes bytes that are not text. */
    public static MalformedObjectException of(CharConversionException cause) {
        return new MalformedObjectException("it is no text in UTF-8", cause);
    }
}
