package io.kubescaler.words;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {
    @Test
    void leavesOutWhatWouldBreakALine() {
        assertThat(OneLine.of(" a\n\tb\u0007c  d ")).isEqualTo("a b c d");
    }

    @Test
    void cutsWhatIsTooLong() {
        assertThat(OneLine.of("x".repeat(500))).hasSize(500);
        assertThat(OneLine.of("x".repeat(501))).isEqualTo("x".repeat(500) + "...");
    }
}
