package io.kubescaler.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    @ParameterizedTest
    @CsvSource({"abc,abc,0", "'',abc,3", "abc,ab,1", "abc,abd,1", "abc,acb,1", "kitten,sitting,3", "ca,abc,3"})
    void countsChangesOfLetters(String left, String right, int distance) {
        assertThat(Nearest.distance(left, right)).isEqualTo(distance);
        assertThat(Nearest.distance(right, left)).isEqualTo(distance);
    }

    @Test
    void prefersTheNearestAndThenTheFirstByName() {
        assertThat(Nearest.to("http.prot", List.of("http.host", "http.port"))).contains("http.port");
        assertThat(Nearest.to("bat", List.of("rat", "cat"))).contains("cat");
    }

    @Test
    void findsNothingWhenAllAreFarAway() {
        assertThat(Nearest.to("zebra", List.of("cordon-delay"))).isEmpty();
        assertThat(Nearest.to("zebra", List.of())).isEmpty();
    }
}
