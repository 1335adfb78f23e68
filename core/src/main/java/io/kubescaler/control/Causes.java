package io.kubescaler.control;

import java.util.regex.Pattern;

/** Tells whether two sentences are about the same trouble. Stateless. */
public final class Causes {
    // names of requests, which differ from one answer to the next
    private static final Pattern IDENTIFIER = Pattern.compile("\\b(?=[0-9a-f-]*[0-9])[0-9a-f]{8}[0-9a-f-]{8,}\\b");
    private static final Pattern TIME = Pattern.compile("\\b\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(?:Z|[+-]\\d\\d:\\d\\d)");
    // a number that stands alone, or is only followed by its unit; that of a node, an address or an HTTP status does
    // not
    private static final Pattern NUMBER =
            Pattern.compile("(?<!HTTP )(?<![\\w./:-])-?\\d+(?:\\.\\d+)?(?:ns|us|ms|s|m|min|h|d|%)?(?![\\w/:-]|\\.\\w)");

    private Causes() {}

    /**
     * Returns a sentence without what moves on by itself: times, durations, counts and the names of requests. Two
     * sentences for which this is the same tell the same cause.
     */
    public static String of(String sentence) {
        String steady =
                TIME.matcher(IDENTIFIER.matcher(sentence).replaceAll("…")).replaceAll("…");
        return NUMBER.matcher(steady).replaceAll("…");
    }
}
