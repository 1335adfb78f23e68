package io.kubescaler.provider;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * A text that must not be shown. Printing it gives {@code ***}; only {@link #reveal} gives the text. One that comes from a
 * file may change while the process runs, so whoever sends it asks anew each time. Thread-safe.
 */
public final class Secret {
    private static final int MOST_TEXTS = 10;

    private final Supplier<String> source;
    private volatile List<String> texts;

    /** Wraps the text. */
    public Secret(String text) {
        this(() -> text);
    }

    /**
     * Wraps a text that may change.
     *
     * @param source gives the text as it is now; never null. Asked by each {@link #reveal}, by any thread
     */
    public Secret(Supplier<String> source) {
        this.source = source;
        this.texts = List.of(Objects.requireNonNull(source.get()));
    }

    /** Returns the text itself as it is now, for the one place that sends it. */
    public String reveal() {
        String text = source.get();
        if (!text.equals(texts.get(0))) {
            remember(text);
        }
        return text;
    }

    private synchronized void remember(String text) {
        List<String> all = new ArrayList<>(texts);
        all.remove(text);
        all.add(0, text);
        texts = List.copyOf(all.subList(0, Math.min(MOST_TEXTS, all.size())));
    }

    /**
     * Returns every text that was revealed so far, the latest first, for whoever hides them: one is here before anybody
     * can have sent it. At most the latest 10. The same list as before when nothing has changed.
     */
    public List<String> texts() {
        return texts;
    }

    /** Returns whether there is any text. */
    public boolean isBlank() {
        return reveal().isBlank();
    }

    /** Compares the texts as they are now. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that && reveal().equals(that.reveal());
    }

    @Override
    public int hashCode() {
        return reveal().hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
