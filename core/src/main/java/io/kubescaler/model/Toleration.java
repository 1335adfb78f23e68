package io.kubescaler.model;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A toleration of a pod, as in {@code spec.tolerations}. Fields that are not set are empty. Mirrors
 * {@code Toleration.ToleratesTaint} of {@code k8s.io/api/core/v1}. Immutable and thread-safe.
 *
 * @param key the key of the taints that it tolerates; empty for every key
 * @param operator {@code Exists} for every value; {@code Equal} or empty for the same value; {@code Lt} and {@code Gt} for
 *     taints whose value is a smaller or a larger whole number. The last two need the feature
 *     {@code TaintTolerationComparisonOperators}: an API server without it takes no pod that has them
 * @param value what the taint's value is held against
 * @param effect the effect of the taints that it tolerates; empty for every effect
 */
public record Toleration(String key, String operator, String value, String effect) {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,18}");

    /** Returns a toleration of every taint of a key. */
    public static Toleration ofKey(String key) {
        return new Toleration(key, "Exists", "", "");
    }

    /** Returns whether a pod with this toleration may be placed on a node with that taint. */
    public boolean tolerates(Taint taint) {
        if (!effect.isEmpty() && !effect.equals(taint.effect())) {
            return false;
        }
        if (!key.isEmpty() && !key.equals(taint.key())) {
            return false;
        }
        return switch (operator) {
            case "", "Equal" -> value.equals(taint.value());
            case "Exists" -> true;
            case "Lt", "Gt" -> compares(taint.value());
            default -> false;
        };
    }

    private boolean compares(String taintValue) {
        OptionalLong ours = number(value);
        OptionalLong theirs = number(taintValue);
        if (ours.isEmpty() || theirs.isEmpty()) {
            return false;
        }
        return operator.equals("Lt") ? theirs.getAsLong() < ours.getAsLong() : theirs.getAsLong() > ours.getAsLong();
    }

    private static OptionalLong number(String text) {
        try {
            return WHOLE_NUMBER.matcher(text).matches() ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
        } catch (NumberFormatException tooLarge) {
            return OptionalLong.empty();
        }
    }
}
