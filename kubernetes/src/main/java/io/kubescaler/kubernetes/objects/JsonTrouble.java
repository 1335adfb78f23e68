package io.kubescaler.kubernetes.objects;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import org.jspecify.annotations.Nullable;

/** Says why a text is no JSON, in words for whoever wrote it. */
public final class JsonTrouble {
    private JsonTrouble() {}

    /** Returns what is wrong and where, as a clause about the text; shows nothing of it. */
    public static String describe(JsonProcessingException failure) {
        return what(failure) + where(failure.getLocation());
    }

    private static String what(JsonProcessingException failure) {
        if (failure instanceof JsonEOFException) {
            return "it ends too early: a brace, a bracket or a quote is not closed";
        }
        if (failure instanceof StreamConstraintsException) {
            return "it is nested too deep, or a name or a number in it is too long";
        }
        return "look for a comma, a brace, a bracket or a quote that is missing or too many";
    }

    // a document that is nested too deep has no place where it is so
    private static String where(@Nullable JsonLocation location) {
        return location == null ? "" : " (%s)".formatted(place(location));
    }

    /** Returns a place in a text. */
    static String place(JsonLocation location) {
        return "line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    }
}
