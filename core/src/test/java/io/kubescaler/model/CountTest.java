package io.kubescaler.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CountTest {
    @Test
    void saysOneInTheSingularAndAllElseInThePlural() {
        assertThat(Count.of(1, "node")).isEqualTo("1 node");
        assertThat(Count.of(0, "node")).isEqualTo("0 nodes");
        assertThat(Count.of(2, "pass", "passes")).isEqualTo("2 passes");
        assertThat(Count.are(1, "slot")).isEqualTo("1 slot is");
        assertThat(Count.are(-1, "slot")).isEqualTo("-1 slots are");
        assertThat(Count.are(1)).isEqualTo("1 is");
        assertThat(Count.are(3)).isEqualTo("3 are");
    }
}
