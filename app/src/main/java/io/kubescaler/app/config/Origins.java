package io.kubescaler.app.config;

import com.typesafe.config.ConfigOrigin;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names where a value came from. The names of the layers are given to the values when they are read. */
final class Origins {
    static final String DEFAULT = "default";
    static final String SET = "--set";

    private static final String VARIABLE = "variable ";
    private static final Pattern FILE_AND_LINE = Pattern.compile("(.*): (\\d+)(?:-\\d+)?", Pattern.DOTALL);

    private Origins() {}

    static String variable(String name) {
        return VARIABLE + name;
    }

    /** Returns {@code FILE:LINE}, {@code variable NAME}, {@code --set} or {@code default}. */
    static String of(ConfigOrigin origin) {
        String description = origin.description();
        Matcher matcher = FILE_AND_LINE.matcher(description);
        if (!matcher.matches()) {
            return description;
        }
        String source = matcher.group(1);
        if (source.startsWith(DEFAULT) || source.startsWith(VARIABLE) || source.startsWith(SET)) {
            return source;
        }
        return source + ":" + matcher.group(2);
    }
}
