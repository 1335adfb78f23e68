package io.kubescaler.digitalocean;

import io.kubescaler.provider.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Makes a text from outside fit to be shown: without the token, as it is and as Base64 spells it, on one line, and not too
 * long. Of a token that changes, those before it are hidden too. Thread-safe.
 */
final class Redactor {
    private static final int LONGEST = 300;

    private final Secret token;
    private volatile Hidden hidden;

    /** The spellings of the texts that the token has had. */
    private record Hidden(List<String> texts, List<Secret> spellings) {
        static Hidden of(List<String> texts) {
            List<Secret> spellings = new ArrayList<>();
            for (String text : texts) {
                spellings.add(new Secret(text));
                spellings.add(new Secret(
                        Base64.getEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
            }
            return new Hidden(texts, List.copyOf(spellings));
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    Redactor(Secret token) {
        this.token = token;
        this.hidden = Hidden.of(token.texts());
    }

    /** Returns the text as it may be shown. */
    String clean(String text) {
        List<Secret> spellings = spellings();
        if (isClean(text, spellings)) {
            return text;
        }
        // before it is cut, so that no part of the token is left at the end
        String masked = text;
        for (Secret spelling : spellings) {
            masked = masked.replace(spelling.reveal(), "***");
        }
        String oneLine = masked.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return oneLine.length() <= LONGEST ? oneLine : oneLine.substring(0, LONGEST) + "…";
    }

    private List<Secret> spellings() {
        Hidden known = hidden;
        List<String> texts = token.texts();
        if (!known.texts.equals(texts)) {
            known = Hidden.of(texts);
            hidden = known;
        }
        return known.spellings;
    }

    // nearly every text is, and a pool of thousands of machines has tens of thousands
    private static boolean isClean(String text, List<Secret> spellings) {
        boolean clean = text.length() <= LONGEST;
        for (int i = 0; clean && i < text.length(); i++) {
            char c = text.charAt(i);
            clean = c > ' ' && c < 0x7f;
        }
        for (int i = 0; clean && i < spellings.size(); i++) {
            clean = !text.contains(spellings.get(i).reveal());
        }
        return clean;
    }
}
