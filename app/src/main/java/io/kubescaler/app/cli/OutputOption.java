package io.kubescaler.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine.Option;

/** How a command shows its result. */
final class OutputOption {
    @Option(
            names = "--output",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "how the result is shown: ${COMPLETION-CANDIDATES}; json is one document and nothing else")
    private Form form = Form.text;

    /** The forms, spelled as users type them. */
    enum Form {
        /** For people. */
        text,
        /** For programs. */
        json
    }

    /** Returns whether the result is for programs. */
    boolean json() {
        return form == Form.json;
    }

    /** Writes a document. */
    static void write(PrintWriter out, JsonNode document) {
        try {
            out.println(new ObjectMapper()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .writeValueAsString(document));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("a tree of plain values can always be written", e);
        }
    }
}
