package io.kubescaler.provider;

import java.util.Objects;

/** A text that must not be shown. Printing it gives {@code ***}; only {@link #reveal} gives the text. Thread-safe. */
public final class Secret {
    private final String text;

    /** Wraps the text. */
    public Secret(String text) {
        this.text = Objects.requireNonNull(text);
    }

    /** Returns the text itself, for the one place that sends it. */
    public String reveal() {
        return text;
    }

    /** Returns whether there is any text. */
    public boolean isBlank() {
        return text.isBlank();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
