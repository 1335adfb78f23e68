package io.kubescaler.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolHistory.Awaited;
import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class OtherNodesTest {
    private final FakeWorld world = new FakeWorld();
    private long nanos = Long.MAX_VALUE - 1;
    private final OtherNodes others = new OtherNodes(world, () -> nanos, Duration.ofSeconds(10));

    private static Map<String, Awaited> withoutNode(String... ids) {
        return awaited(Optional.empty(), ids);
    }

    private static Map<String, Awaited> awaited(Optional<String> node, String... ids) {
        Awaited one = new Awaited(node, Duration.ZERO, Optional.empty(), false, false);
        return Stream.of(ids).collect(Collectors.toMap(id -> id, id -> one));
    }

    @Test
    void looksOnceInEachIntervalAndOnceForEachFurtherMachine() throws ProviderException {
        world.node("a", 0).node("b", 0).node("c", 0);
        world.strangers.put("i-b", world.nodes.get("a"));
        world.strangersAreWatched = true;
        PoolDescription first = world.describe();

        assertThat(others.among(withoutNode("i-a", "i-b"), first)).containsExactly("i-b");
        assertThat(others.among(withoutNode("i-a", "i-b"), first)).containsExactly("i-b");
        assertThat(others.among(withoutNode("i-b"), first)).containsExactly("i-b");
        assertThat(world.lookedFor).containsExactlyInAnyOrder("i-a", "i-b");

        world.strangers.clear();
        assertThat(others.among(withoutNode("i-b", "i-c"), first)).isEmpty();
        assertThat(world.lookedFor).hasSize(4);
        nanos += Duration.ofSeconds(10).toNanos() - 1;
        assertThat(others.among(withoutNode("i-b"), first)).isEmpty();
        assertThat(world.lookedFor).hasSize(4);
        nanos++;
        assertThat(others.among(withoutNode("i-b"), first)).isEmpty();
        assertThat(world.lookedFor).hasSize(5);
    }

    @Test
    void looksForNothingWhenEveryMachineHasItsNode() throws ProviderException {
        world.node("a", 0);
        assertThat(others.among(withoutNode(), world.describe())).isEmpty();
        assertThat(world.lookedFor).isEmpty();
    }

    @Test
    void looksForThoseWithANodeByWhatOtherNodesTellAlone() throws ProviderException {
        world.node("a", 0).node("b", 0);
        world.strangers.put("i-a", world.nodes.get("b"));
        world.strangersAreWatched = true;
        assertThat(others.among(awaited(Optional.of("uid-a"), "i-a"), world.describe()))
                .isEmpty();
        assertThat(others.among(awaited(Optional.of("uid-b"), "i-a", "i-b"), world.describe()))
                .containsExactly("i-b");
        assertThat(world.lookedFor).isEmpty();
    }
}
