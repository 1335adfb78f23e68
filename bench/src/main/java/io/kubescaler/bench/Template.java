package io.kubescaler.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A document with places to fill in, each written <code>${name}</code>. Immutable and thread-safe. */
final class Template {
    private static final Pattern PLACE = Pattern.compile("\\$\\{(\\w+)}");

    // text, name of a place, text, name of a place, ..., text
    private final List<String> parts = new ArrayList<>();
    private final int length;

    private Template(String text) {
        Matcher places = PLACE.matcher(text);
        int from = 0;
        while (places.find()) {
            parts.add(text.substring(from, places.start()));
            parts.add(places.group(1));
            from = places.end();
        }
        parts.add(text.substring(from));
        length = text.length() + 512;
    }

    /** Reads one from the resources of this module. */
    static Template read(String name) {
        try (InputStream in = Template.class.getResourceAsStream("/io/kubescaler/bench/" + name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new Template(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the document.
     *
     * @param values what to fill in, by name of the place; all places must be there
     */
    String fill(Map<String, String> values) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < parts.size(); i++) {
            String part = parts.get(i);
            if (i % 2 == 0) {
                text.append(part);
                continue;
            }
            String value = values.get(part);
            if (value == null) {
                throw new IllegalArgumentException("nothing to fill in for " + part);
            }
            text.append(value);
        }
        return text.toString();
    }
}
