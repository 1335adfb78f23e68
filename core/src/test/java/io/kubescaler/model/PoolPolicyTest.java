package io.kubescaler.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubescaler.testing.PolicyBuilder;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class PoolPolicyTest {
    private static PoolPolicy policy(int buffer, int minimum, int maximum) {
        return PoolBuilder.policy(buffer, minimum, maximum);
    }

    private static PoolPolicy times(Duration expiration, Duration timeout, Duration delay) {
        return policy(Resources.cpu(1), expiration, timeout, delay, Optional.empty());
    }

    private static PoolPolicy policy(
            Resources slot, Duration expiration, Duration timeout, Duration delay, Optional<Resources> hint) {
        PolicyBuilder builder = new PolicyBuilder()
                .numbers(0, 0, 1)
                .slotSize(slot)
                .emptyNodeExpiration(expiration)
                .provisioningTimeout(timeout)
                .cordonDelay(delay)
                .startupTaints(new HashSet<>(Set.of("a")));
        hint.ifPresent(builder::nodeAllocatable);
        return builder.build();
    }

    private static void refuses(String part, ThrowingCallable made) {
        assertThatThrownBy(made).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(part);
    }

    @Test
    void takesTheSmallestNumbers() {
        assertThat(policy(0, 0, 1).maximum()).isEqualTo(1);
        assertThat(policy(0, 3, 3).minimum()).isEqualTo(3);
        assertThat(times(Duration.ZERO, Duration.ofNanos(1), Duration.ZERO).cordonDelay())
                .isZero();
    }

    @Test
    void refusesNumbersThatCannotBe() {
        refuses("buffer is -1", () -> policy(-1, 0, 1));
        refuses("minimum is -1", () -> policy(0, -1, 1));
        refuses("maximum is 0", () -> policy(0, 0, 0));
        refuses("minimum 3 is above maximum 2", () -> policy(0, 3, 2));
    }

    @Test
    void refusesTimesThatCannotBe() {
        Duration negative = Duration.ofSeconds(-1);
        Duration fine = Duration.ofSeconds(1);
        refuses("emptyNodeExpiration is negative: PT-1S", () -> times(negative, fine, fine));
        refuses("provisioningTimeout must be above 0: PT-1S", () -> times(fine, negative, fine));
        refuses("provisioningTimeout must be above 0: PT0S", () -> times(fine, Duration.ZERO, fine));
        refuses("cordonDelay is negative: PT-1S", () -> times(fine, fine, negative));
    }

    @Test
    void refusesSizesWithoutCpu() {
        Duration fine = Duration.ofSeconds(1);
        Resources memory = Resources.of(Map.of("memory", 1L));
        refuses("slotSize names no CPU", () -> policy(memory, fine, fine, fine, Optional.empty()));
        refuses("nodeAllocatable names no CPU", () -> policy(Resources.cpu(1), fine, fine, fine, Optional.of(memory)));
    }

    @Test
    void countsThePodInTheSlotAndCopiesWhatItIsGiven() {
        PoolPolicy policy = times(Duration.ZERO, Duration.ofSeconds(1), Duration.ZERO);
        assertThat(policy.slotSize()).isEqualTo(Resources.of(Map.of("cpu", 1L, "pods", 1L)));
        assertThatThrownBy(() -> policy.startupTaints().add("b")).isInstanceOf(UnsupportedOperationException.class);
    }
}
