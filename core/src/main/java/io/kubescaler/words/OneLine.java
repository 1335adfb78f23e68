package io.kubescaler.words;

/** A text of somebody else's as part of a message. Stateless. */
public final class OneLine {
    private static final int LONGEST = 500;

    private OneLine() {}

    /** Returns the text in one line without control characters, cut after 500 characters. */
    public static String of(String text) {
        String line = text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    }
}
