package io.kubescaler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ResourcesTest {
    private static final Resources NODE = Resources.of(Map.of("cpu", 4000L, "memory", 1000L, "pods", 10L));

    @Test
    void dropsAmountsOfNothing() {
        assertThat(Resources.of(Map.of("cpu", 0L))).isEqualTo(Resources.NONE).hasSameHashCodeAs(Resources.NONE);
        assertThat(Resources.cpu(0).isEmpty()).isTrue();
        assertThat(NODE.with("memory", 0).names()).containsExactly("cpu", "pods");
    }

    @Test
    void refusesNegativeAmounts() {
        assertThatThrownBy(() -> Resources.of(Map.of("memory", -1L)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("memory")
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> NODE.with("cpu", -5)).hasMessageContaining("cpu");
    }

    @Test
    void hasNothingOfWhatIsNotListed() {
        assertThat(NODE.get("nvidia.com/gpu")).isZero();
        assertThat(NODE.get("cpu")).isEqualTo(4000);
        assertThat(Resources.NONE.get("cpu")).isZero();
    }

    @Test
    void addsResourceByResource() {
        Resources left = Resources.of(Map.of("a", 1L, "c", 3L, "d", 4L));
        Resources right = Resources.of(Map.of("b", 20L, "c", 30L, "e", 50L));
        Resources sum = Resources.of(Map.of("a", 1L, "b", 20L, "c", 33L, "d", 4L, "e", 50L));
        assertThat(left.plus(right)).isEqualTo(sum).hasSameHashCodeAs(sum);
        assertThat(right.plus(left)).isEqualTo(sum);
        assertThat(left.plus(Resources.NONE)).isEqualTo(left);
        assertThat(Resources.NONE.plus(left)).isEqualTo(left);
        assertThat(Resources.sum(List.of(left, right, Resources.NONE))).isEqualTo(sum);
        assertThat(Resources.sum(List.of())).isEqualTo(Resources.NONE);
    }

    @Test
    void staysAtTheMostWhenASumOverflows() {
        Resources most = Resources.cpu(Long.MAX_VALUE);
        assertThat(most.plus(Resources.cpu(1))).isEqualTo(most);
    }

    @Test
    void takesTheLargerOfEach() {
        assertThat(Resources.of(Map.of("a", 1L, "b", 9L)).max(Resources.of(Map.of("a", 2L, "b", 3L, "c", 1L))))
                .isEqualTo(Resources.of(Map.of("a", 2L, "b", 9L, "c", 1L)));
    }

    @Test
    void keepsOnlyWhatIsNamed() {
        assertThat(NODE.only(Set.of("cpu", "nothing"))).isEqualTo(Resources.cpu(4000));
    }

    @Test
    void fitsAsOftenAsTheScarcestResourceAllows() {
        assertThat(NODE.timesFits(Resources.cpu(1000), Resources.NONE)).isEqualTo(4);
        assertThat(NODE.timesFits(Resources.cpu(1000), Resources.cpu(1))).isEqualTo(3);
        assertThat(NODE.timesFits(Resources.of(Map.of("cpu", 1L, "memory", 400L)), Resources.NONE))
                .isEqualTo(2);
        assertThat(NODE.timesFits(Resources.of(Map.of("cpu", 1L, "nvidia.com/gpu", 1L)), Resources.NONE))
                .isZero();
    }

    @Test
    void fitsNotLessThanNeverWhenMoreIsUsedThanThereIs() {
        assertThat(NODE.timesFits(Resources.cpu(1000), Resources.cpu(9000))).isZero();
        assertThat(NODE.timesFits(Resources.cpu(1000), Resources.cpu(Long.MAX_VALUE)))
                .isZero();
    }

    @Test
    void refusesToFitNothing() {
        assertThatThrownBy(() -> NODE.timesFits(Resources.NONE, Resources.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("slot size is empty");
    }

    @Test
    void printsInTheOrderOfTheNames() {
        assertThat(NODE).hasToString("{cpu=4000, memory=1000, pods=10}");
        assertThat(NODE.asMap())
                .containsExactly(Map.entry("cpu", 4000L), Map.entry("memory", 1000L), Map.entry("pods", 10L));
    }

    @Test
    void handsOutCopies() {
        NODE.asMap().clear();
        assertThat(NODE.get("cpu")).isEqualTo(4000);
    }
}
