package io.kubescaler.kubernetes.objects;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** A quantity of any text reads as fabric8's reads, rounded up, or is refused. */
public final class QuantityFuzz {
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final int EXPONENTS = 18;

    private QuantityFuzz() {}

    /** Called by the fuzzer. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        try {
            long units = Quantity.units(text);
            long millis = Quantity.millis(text);
            if (units < 0 || millis < units) {
                throw new AssertionError("%d units and %d millis of %s".formatted(units, millis, text));
            }
            compare(text, units, millis);
        } catch (IllegalArgumentException refused) {
            if (refused.getMessage() == null || refused.getMessage().length() > 2000) {
                throw new AssertionError("no message, or a long one", refused);
            }
        }
    }

    // the other reader takes exponents literally, and would compute numbers of any length
    private static void compare(String text, long units, long millis) {
        String exponent = text.replaceFirst("^[^eE]*[eE]?", "");
        if (exponent.length() > 3 || (text.matches(".*[eE].*\\d.*") && Math.abs(number(exponent)) > EXPONENTS)) {
            return;
        }
        BigDecimal theirs;
        try {
            theirs = new io.fabric8.kubernetes.api.model.Quantity(text).getNumericalAmount();
        } catch (IllegalArgumentException | ArithmeticException theyRefuse) {
            // they are stricter, about a leading dot for one
            return;
        }
        check(text, units, theirs);
        check(text, millis, theirs.movePointRight(3));
    }

    private static int number(String exponent) {
        try {
            return Integer.parseInt(exponent);
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    private static void check(String text, long ours, BigDecimal theirs) {
        BigDecimal right = theirs.setScale(0, RoundingMode.CEILING).min(LARGEST);
        // theirs has 16 digits
        BigDecimal apart = right.subtract(BigDecimal.valueOf(ours)).abs();
        if (apart.compareTo(right.movePointLeft(15)) > 0) {
            throw new AssertionError("%s is %d here and %s there".formatted(text, ours, theirs));
        }
    }
}
