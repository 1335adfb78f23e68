package io.kubescaler.digitalocean;

import io.kubescaler.provider.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Makes a text from outside fit to be shown: without the token, as it is and as Base64 spells it, on one line, and not too
 * long. Thread-safe.
 */
final class Redactor {
    private static final int LONGEST = 300;

    private final List<Secret> spellings;

    Redactor(Secret token) {
        String base64 = Base64.getEncoder()
                .withoutPadding()
                .encodeToString(token.reveal().getBytes(StandardCharsets.UTF_8));
        spellings = List.of(token, new Secret(base64));
    }

    /** Returns the text as it may be shown. */
    String clean(String text) {
        if (isClean(text)) {
            return text;
        }
        // before it is cut, so that no part of the token is left at the end
        String hidden = text;
        for (Secret spelling : spellings) {
            hidden = hidden.replace(spelling.reveal(), "***");
        }
        String oneLine = hidden.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return oneLine.length() <= LONGEST ? oneLine : oneLine.substring(0, LONGEST) + "…";
    }

    // nearly every text is, and a pool of thousands of machines has tens of thousands
    private boolean isClean(String text) {
        boolean clean = text.length() <= LONGEST;
        for (int i = 0; clean && i < text.length(); i++) {
            char c = text.charAt(i);
            clean = c > ' ' && c < 0x7f;
        }
        return clean && spellings.stream().noneMatch(spelling -> text.contains(spelling.reveal()));
    }
}
