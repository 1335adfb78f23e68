package io.kubescaler.app.config;

import io.kubescaler.model.Count;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used. Carries every problem at once; none of them holds a secret. */
public final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1L;

    // a record of strings, and never serialised
    private final transient List<Problem> problems;

    /**
     * @param problems what is wrong, at least one thing
     */
    public ConfigurationException(List<Problem> problems) {
        super(text(problems));
        this.problems = List.copyOf(problems);
    }

    /** Returns everything that is wrong, in the order of looking. */
    public List<Problem> problems() {
        return problems;
    }

    private static String text(List<Problem> problems) {
        return problems.stream()
                .map(problem -> "\n  " + problem)
                .collect(Collectors.joining("", Count.of(problems.size(), "problem") + " with the configuration:", ""));
    }
}
