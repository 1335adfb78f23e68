package io.kubescaler.kubernetes.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "1, 1, 1000",
        "+1, 1, 1000",
        "-0, 0, 0",
        "007, 7, 7000",
        "500m, 1, 500",
        "0.5, 1, 500",
        ".5, 1, 500",
        "1., 1, 1000",
        "1.5, 2, 1500",
        "1500m, 2, 1500",
        "100u, 1, 1",
        "1n, 1, 1",
        "1000001n, 1, 2",
        "2k, 2000, 2000000",
        "3M, 3000000, 3000000000",
        "1G, 1000000000, 1000000000000",
        "1T, 1000000000000, 1000000000000000",
        "1P, 1000000000000000, 1000000000000000000",
        "1E, 1000000000000000000, 9223372036854775807",
        "1Ki, 1024, 1024000",
        "1.5Ki, 1536, 1536000",
        "1Mi, 1048576, 1048576000",
        "0.5Gi, 536870912, 536870912000",
        "1Ti, 1099511627776, 1099511627776000",
        "1Pi, 1125899906842624, 1125899906842624000",
        "1Ei, 1152921504606846976, 9223372036854775807",
        "8Ei, 9223372036854775807, 9223372036854775807",
        "1e3, 1000, 1000000",
        "1E3, 1000, 1000000",
        "1.5e3, 1500, 1500000",
        "15e-1, 2, 1500",
        "1e-9, 1, 1",
        "1e+2, 100, 100000",
        "1e999999999, 9223372036854775807, 9223372036854775807",
        "0e999999999, 0, 0",
        "1e-999999999, 1, 1",
        "99999999999999999999, 9223372036854775807, 9223372036854775807",
    })
    void readsUnitsAndThousandthsRoundedUp(String text, long units, long millis) {
        assertThat(Quantity.units(text)).isEqualTo(units);
        assertThat(Quantity.millis(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "-",
                "m",
                "Ki",
                "1 ",
                " 1",
                "1 Gi",
                "1mi",
                "1K",
                "1ki",
                "1gi",
                "0x10",
                "1e",
                "1e1.5",
                "1e1e1",
                "1,5",
                "1.5.5",
                "--1",
                "NaN",
                "Infinity",
                "1MiB",
                "1e12345678901",
                "٣"
            })
    void refusesWhatIsNoQuantity(String text) {
        assertThatThrownBy(() -> Quantity.units(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "' is no quantity");
    }

    @Test
    void refusesNegativeAmounts() {
        assertThatThrownBy(() -> Quantity.millis("-500m"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the quantity '-500m' is negative");
    }

    @Test
    void countsCpuAloneInThousandths() {
        assertThat(Quantity.amount("cpu", "1500m")).isEqualTo(1500);
        assertThat(Quantity.amount("memory", "1500m")).isEqualTo(2);
        assertThat(Quantity.amount("nvidia.com/gpu", "2")).isEqualTo(2);
    }

    @Test
    void refusesALongOneBeforeItTakesTime() {
        assertThat(Quantity.units("0".repeat(999) + "7")).isEqualTo(7);
        assertThatThrownBy(() -> Quantity.units("1".repeat(5_000_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a quantity of 5000000 characters is too long; write at most 1000");
    }
}
