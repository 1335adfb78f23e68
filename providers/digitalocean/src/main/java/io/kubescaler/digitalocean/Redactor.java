package io.kubescaler.digitalocean;

import io.kubescaler.provider.Secret;

/**
 * Makes a text from outside fit to be shown: without the token, on one line, and not too long. Thread-safe.
 */
final class Redactor {
    private static final int LONGEST = 300;

    private final Secret token;

    Redactor(Secret token) {
        this.token = token;
    }

    /** Returns the text as it may be shown. */
    String clean(String text) {
        if (isClean(text)) {
            return text;
        }
        // before it is cut, so that no part of the token is left at the end
        String oneLine = text.replace(token.reveal(), "***")
                .replaceAll("[\\s\\p{Cntrl}]+", " ")
                .strip();
        return oneLine.length() <= LONGEST ? oneLine : oneLine.substring(0, LONGEST) + "…";
    }

    // nearly every text is, and a pool of thousands of machines has tens of thousands
    private boolean isClean(String text) {
        boolean clean = text.length() <= LONGEST;
        for (int i = 0; clean && i < text.length(); i++) {
            char c = text.charAt(i);
            clean = c > ' ' && c < 0x7f;
        }
        return clean && !text.contains(token.reveal());
    }
}
