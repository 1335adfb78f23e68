package io.kubescaler.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.PoolDescription;
import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OtherNodesTest {
    private final FakeWorld world = new FakeWorld();
    private long nanos = Long.MAX_VALUE - 1;
    private final OtherNodes others = new OtherNodes(world, () -> nanos, Duration.ofSeconds(10));

    @Test
    void looksOnceInEachIntervalAndOnceForEachFurtherMachine() throws ProviderException {
        world.node("a", 0).node("b", 0).node("c", 0);
        world.strangers.put("i-b", world.nodes.get("a"));
        world.strangersAreWatched = true;
        PoolDescription first = world.describe();

        assertThat(others.among(Set.of("i-a", "i-b"), first)).containsExactly("i-b");
        assertThat(others.among(Set.of("i-a", "i-b"), first)).containsExactly("i-b");
        assertThat(others.among(Set.of("i-b"), first)).containsExactly("i-b");
        assertThat(world.lookedFor).containsExactlyInAnyOrder("i-a", "i-b");

        world.strangers.clear();
        assertThat(others.among(Set.of("i-b", "i-c"), first)).isEmpty();
        assertThat(world.lookedFor).hasSize(4);
        nanos += Duration.ofSeconds(10).toNanos() - 1;
        assertThat(others.among(Set.of("i-b"), first)).isEmpty();
        assertThat(world.lookedFor).hasSize(4);
        nanos++;
        assertThat(others.among(Set.of("i-b"), first)).isEmpty();
        assertThat(world.lookedFor).hasSize(5);
    }

    @Test
    void looksForNothingWhenEveryMachineHasItsNode() throws ProviderException {
        world.node("a", 0);
        assertThat(others.among(Set.of(), world.describe())).isEmpty();
        assertThat(world.lookedFor).isEmpty();
    }
}
