package io.kubescaler.digitalocean;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;

/** Bounds what an answer of the cloud may cost to read. */
final class Answers {
    // what makes up a document: 5,000 machines take a tenth of it, and its objects fit into tens of megabytes
    private static final long MOST_TOKENS = 1_000_000;
    private static final int DEEPEST = 100;

    private Answers() {}

    /** Returns a factory whose parsers give up on a document of more than a million tokens, or nested 100 deep. */
    static JsonFactory factory() {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxTokenCount(MOST_TOKENS)
                        .maxNestingDepth(DEEPEST)
                        .build())
                .build();
    }
}
