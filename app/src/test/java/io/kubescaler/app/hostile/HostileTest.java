package io.kubescaler.app.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The simulation itself: the same seed is the same history, and what violates is made small. */
final class HostileTest {
    @Test
    void isTheSameHistoryForTheSameSeed() {
        assertThat(World.run(Scenario.of(4)).lines())
                .hasSizeGreaterThan(50)
                .isEqualTo(World.run(Scenario.of(4)).lines());
    }

    @Test
    void isAnotherHistoryForAnotherSeed() {
        assertThat(World.run(Scenario.of(1)).digest())
                .isNotEqualTo(World.run(Scenario.of(2)).digest());
    }

    @Test
    void leavesOutEveryFaultThatAViolationDoesNotNeed() {
        Scenario scenario = Scenario.of(1);
        List<Fault> needed = List.of(scenario.faults().get(1), scenario.faults().get(3));

        Scenario small = Seeds.smallest(scenario, tried -> tried.faults().containsAll(needed));

        assertThat(small.faults()).isEqualTo(needed);
        assertThat(scenario.faults()).hasSizeGreaterThan(4);
    }
}
