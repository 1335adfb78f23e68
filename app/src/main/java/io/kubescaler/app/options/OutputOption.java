package io.kubescaler.app.options;

import picocli.CommandLine.Option;

/** How a command shows its result. */
public final class OutputOption {
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
    public boolean json() {
        return form == Form.json;
    }
}
