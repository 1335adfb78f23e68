package io.kubescaler.app.config;

import io.kubescaler.app.config.Values.Found;
import io.kubescaler.model.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads which pods keep their node: the pool's servers, and what it protects beside them. */
final class ServerPods {
    // selectors hold commas
    private static final String BETWEEN_SELECTORS = ";";

    private ServerPods() {}

    /** Reads which pods are the pool's servers, by one key or by the two of the seed; empty when something is wrong. */
    static Optional<LabelSelector> servers(Values values) {
        Optional<Found> selector = values.find(Key.SERVER_POD_SELECTOR);
        Optional<Found> label =
                values.find(Key.SERVER_POD_LABEL_NAME).or(() -> values.find(Key.SERVER_POD_LABEL_VALUE));
        if (selector.isEmpty()) {
            return byLabel(values);
        }
        boolean entrySelects = selector.get().ofEntry(Key.SERVER_POD_SELECTOR);
        if (label.isPresent() && entrySelects == entryLabels(values)) {
            values.wrong(
                    selector.get(),
                    "is set beside %s (%s); give the selector or the label's name and value, not both"
                            .formatted(label.get().key(), label.get().origin()));
            return Optional.empty();
        }
        // what an entry says goes before what is said for all pools
        return label.isPresent() && !entrySelects
                ? byLabel(values)
                : values.parsed(Key.SERVER_POD_SELECTOR, text -> selector(text, "is no selector of pods: "));
    }

    private static boolean entryLabels(Values values) {
        return isOfEntry(values, Key.SERVER_POD_LABEL_NAME) || isOfEntry(values, Key.SERVER_POD_LABEL_VALUE);
    }

    private static boolean isOfEntry(Values values, Key key) {
        return values.find(key).filter(found -> found.ofEntry(key)).isPresent();
    }

    private static Optional<LabelSelector> byLabel(Values values) {
        Optional<String> name = values.required(
                Key.SERVER_POD_LABEL_NAME,
                "the name of the label that dedicated server pods carry, or give server-pod-selector instead",
                Labels::key);
        Optional<String> value = values.required(
                Key.SERVER_POD_LABEL_VALUE,
                "the value of the label that dedicated server pods carry, or give server-pod-selector instead",
                Labels::value);
        return name.isPresent() && value.isPresent()
                ? Optional.of(LabelSelector.parse(name.get() + "=" + value.get()))
                : Optional.empty();
    }

    /** Reads what else keeps its node; a selector with a problem is left out. */
    static List<LabelSelector> protectedPods(Values values) {
        List<LabelSelector> selectors = new ArrayList<>();
        for (String text : values.texts(Key.PROTECTED_POD_SELECTORS, BETWEEN_SELECTORS)) {
            try {
                selectors.add(selector(text, "holds '%s', which is no selector of pods: ".formatted(text)));
            } catch (IllegalArgumentException e) {
                values.wrong(Key.PROTECTED_POD_SELECTORS, String.valueOf(e.getMessage()));
            }
        }
        return selectors;
    }

    private static LabelSelector selector(String text, String otherwise) {
        try {
            return LabelSelector.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(otherwise + e.getMessage(), e);
        }
    }
}
