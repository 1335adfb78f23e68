package io.kubescaler.kubernetes.objects;

import io.kubescaler.model.Resources;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads Kubernetes quantities such as {@code 500m}, {@code 1.5Gi} or {@code 1e3}. Mirrors {@code
 * k8s.io/apimachinery/pkg/api/resource.ParseQuantity} and, in rounding up, {@code Quantity.MilliValue} and {@code
 * Quantity.Value}, which are what the scheduler counts with. Thread-safe.
 */
public final class Quantity {
    private static final Pattern FORM =
            Pattern.compile("([+-]?)([0-9]*)(\\.([0-9]*))?" + "(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]|[eE][+-]?[0-9]{1,9})?");
    private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);
    private static final BigInteger TWO = BigInteger.TWO;
    // an exponent beyond it leaves what a long can hold, or what rounds up to 1, behind; the bound keeps numbers small
    private static final int LARGEST_EXPONENT = 100;
    // the API server writes 30 at most; the time that a number takes to read grows with the square of its length
    private static final int LONGEST = 1000;

    private Quantity() {}

    /**
     * Returns the amount of a resource in the unit of {@link Resources}: millicores for {@code cpu}, whole units for
     * all others, rounded up.
     *
     * @throws IllegalArgumentException when the text is no quantity, or is negative; the message names it
     */
    public static long amount(String resource, String quantity) {
        return resource.equals(Resources.CPU) ? millis(quantity) : units(quantity);
    }

    /**
     * Returns the quantity in thousandths, rounded up; one past {@link Long#MAX_VALUE} counts as that.
     *
     * @throws IllegalArgumentException when the text is no quantity, or is negative; the message names it
     */
    public static long millis(String quantity) {
        return roundedUp(quantity, 3);
    }

    /**
     * Returns the quantity in whole units, rounded up; one past {@link Long#MAX_VALUE} counts as that.
     *
     * @throws IllegalArgumentException when the text is no quantity, or is negative; the message names it
     */
    public static long units(String quantity) {
        return roundedUp(quantity, 0);
    }

    private static long roundedUp(String quantity, int decimals) {
        if (quantity.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "a quantity of %d characters is too long; write at most %d".formatted(quantity.length(), LONGEST));
        }
        Matcher form = FORM.matcher(quantity);
        if (!form.matches()
                || (form.group(2).isEmpty() && nullToEmpty(form.group(4)).isEmpty())) {
            throw new IllegalArgumentException(
                    "'%s' is no quantity; write a number and a unit, such as 500m, 2, 1.5Gi or 1e3"
                            .formatted(quantity));
        }
        BigDecimal number = new BigDecimal("0" + form.group(2) + "." + nullToEmpty(form.group(4)) + "0");
        if (form.group(1).equals("-") && number.signum() != 0) {
            throw new IllegalArgumentException("the quantity '%s' is negative".formatted(quantity));
        }
        BigDecimal scaled = scaled(number, nullToEmpty(form.group(5))).movePointRight(decimals);
        return scaled.min(LARGEST).setScale(0, RoundingMode.CEILING).longValueExact();
    }

    private static BigDecimal scaled(BigDecimal number, String suffix) {
        if (suffix.isEmpty()) {
            return number;
        }
        if (suffix.length() == 2 && suffix.charAt(1) == 'i') {
            int steps = "KMGTPE".indexOf(suffix.charAt(0)) + 1;
            return number.multiply(new BigDecimal(TWO.pow(10 * steps)));
        }
        if (suffix.length() > 1) {
            int exponent = Integer.parseInt(suffix.substring(1));
            return number.scaleByPowerOfTen(Math.max(-LARGEST_EXPONENT, Math.min(LARGEST_EXPONENT, exponent)));
        }
        return number.scaleByPowerOfTen(3 * ("num kMGTPE".indexOf(suffix.charAt(0)) - 3));
    }

    // a group that took no part in the match is null
    private static String nullToEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
