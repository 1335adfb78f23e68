package io.kubescaler.app.config;

import io.kubescaler.kubernetes.objects.Quantity;
import io.kubescaler.model.Resources;
import java.util.regex.Pattern;

/** Reads amounts of resources; what they refuse, they refuse with a clause that says what would be right. */
final class Amounts {
    private static final Pattern BARE = Pattern.compile("\\d+(\\.\\d+)?");
    private static final Pattern WHOLE = Pattern.compile("\\d+");
    private static final long MEBIBYTE = 1 << 20;

    private Amounts() {}

    /** Returns millicores: a bare number is as many, everything else a Kubernetes quantity. */
    static long cpu(String text) {
        if (BARE.matcher(text).matches() && !WHOLE.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "is no whole number of millicores, which a number without a unit stands for; write 500 or 500m for"
                            + " half a core");
        }
        return positive(quantity(Resources.CPU, WHOLE.matcher(text).matches() ? text + "m" : text));
    }

    /** Returns bytes. */
    static long memory(String text) {
        long bytes = positive(quantity(Resources.MEMORY, text));
        if (bytes < MEBIBYTE) {
            throw new IllegalArgumentException(
                    "is less than a mebibyte; write it with a unit of memory, such as 512Mi or 2Gi");
        }
        return bytes;
    }

    /** Returns the amount of any other resource. */
    static long other(String resource, String text) {
        return positive(quantity(resource, text));
    }

    private static long quantity(String resource, String text) {
        try {
            return Quantity.amount(resource, text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "is no amount of %s; write a quantity above 0, such as %s".formatted(resource, example(resource)),
                    e);
        }
    }

    private static String example(String resource) {
        return switch (resource) {
            case Resources.CPU -> "500m or 2000m";
            case Resources.MEMORY -> "512Mi or 2Gi";
            default -> "1 or 10Gi";
        };
    }

    private static long positive(long amount) {
        if (amount == 0) {
            throw new IllegalArgumentException("is nothing; write an amount above 0");
        }
        return amount;
    }
}
