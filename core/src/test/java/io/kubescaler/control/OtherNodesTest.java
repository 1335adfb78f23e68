package io.kubescaler.control;

import static io.kubescaler.testing.PoolBuilder.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Instance;
import io.kubescaler.model.Instance.State;
import io.kubescaler.model.Node;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.model.PoolHistory.Awaited;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.testing.PoolBuilder;
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
    void takesANodeThatTellsNothingAndHostsServersForAMachineWhateverTheCloudTells() throws ProviderException {
        world.node("a", 0).node("b", 0);
        world.nodes.remove("b");
        world.strangers.put("b", anonymous());
        world.servers.put("b", 1);
        world.strangersAreWatched = true;
        world.instances.remove("i-b");
        world.instances.put("i-a", machine(Optional.of("test://a")));
        assertThat(others.among(awaited(Optional.of("uid-a"), "i-a"), world.describe()))
                .containsExactly("i-a");
        world.instances.put("i-a", machine(Optional.empty()));
        assertThat(others.among(awaited(Optional.of("uid-a"), "i-a"), world.describe()))
                .containsExactly("i-a");
    }

    private static Node anonymous() {
        return new PoolBuilder()
                .node("b", 0, node -> node.providerId(Optional.empty()))
                .cluster()
                .nodes()
                .get(0);
    }

    private static Instance machine(Optional<String> providerId) {
        return new Instance("i-a", providerId, Optional.empty(), State.RUNNING, "", NOW.minus(Duration.ofHours(2)));
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
