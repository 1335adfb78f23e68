package io.kubescaler.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Node;
import io.kubescaler.model.Node.Marks;
import io.kubescaler.model.Sightings;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SightedNodesTest {
    private static final Instant THEN = PoolBuilder.NOW.minus(Duration.ofDays(1));

    private long nanos;
    private final SightedNodes sighted = new SightedNodes(() -> nanos);

    private static Node node(String name, boolean unschedulable, Optional<Instant> deletingAt) {
        Node plain =
                new PoolBuilder().node(name, 0, any -> {}).cluster().nodes().get(0);
        return FakeWorld.with(
                plain,
                unschedulable,
                new Marks(Optional.of(THEN).filter(it -> unschedulable), Optional.empty(), deletingAt, false));
    }

    private Sightings after(Duration time, Node... nodes) {
        nanos += time.toNanos();
        return sighted.see(List.of(nodes), Set.of(), Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 5_000_000_000L, Long.MIN_VALUE})
    void countsFromWhenItFirstSawANodeSoWhateverIsNotedOnIt(long origin) {
        nanos = origin;
        Node active = node("a", false, Optional.empty());
        Node setAside = node("b", true, Optional.empty());
        Node marked = node("c", true, Optional.of(THEN));
        assertThat(after(Duration.ZERO, active, setAside, marked))
                .isEqualTo(new Sightings(
                        Optional.of(Duration.ZERO),
                        Set.of(),
                        Duration.ZERO,
                        Map.of("b", Duration.ZERO, "c", Duration.ZERO),
                        Map.of("c", Duration.ZERO)));
        assertThat(after(Duration.ofSeconds(9), active, setAside, marked))
                .isEqualTo(new Sightings(
                        Optional.of(Duration.ofSeconds(9)),
                        Set.of(),
                        Duration.ZERO,
                        Map.of("b", Duration.ofSeconds(9), "c", Duration.ofSeconds(9)),
                        Map.of("c", Duration.ofSeconds(9))));
    }

    @Test
    void beginsAnewWithEachMark() {
        after(Duration.ZERO, node("b", true, Optional.of(THEN)));
        Sightings orderedAgain = after(Duration.ofSeconds(31), node("b", true, Optional.of(THEN.plusSeconds(31))));

        assertThat(orderedAgain.setAside("b")).contains(Duration.ofSeconds(31));
        assertThat(orderedAgain.deleting("b")).contains(Duration.ZERO);
    }

    @Test
    void beginsAnewWithEachCordonAndEachNode() {
        Node first = node("b", true, Optional.empty());
        after(Duration.ZERO, first);
        after(Duration.ofSeconds(1), node("b", false, Optional.empty()));
        assertThat(after(Duration.ofSeconds(1), first).setAside("b")).contains(Duration.ZERO);

        Node again = FakeWorld.with(
                first, true, new Marks(Optional.of(THEN.plusSeconds(9)), Optional.empty(), Optional.empty(), false));
        assertThat(after(Duration.ofSeconds(1), again).setAside("b")).contains(Duration.ZERO);
        assertThat(after(Duration.ofSeconds(1), again).setAside("b")).contains(Duration.ofSeconds(1));

        Node anew = new PoolBuilder()
                .node("b", 0, PoolBuilder.NodeBuilder::anew)
                .cluster()
                .nodes()
                .get(0);
        Node another = FakeWorld.with(anew, true, again.marks());
        assertThat(after(Duration.ofSeconds(1), another).setAside("b")).contains(Duration.ZERO);
    }

    @Test
    void doesNotTakeAMarkedNodeThatIsSchedulableForOneThatIsSetAside() {
        Node schedulable = node("b", false, Optional.of(THEN));
        after(Duration.ZERO, schedulable);
        assertThat(after(Duration.ofSeconds(1), schedulable).setAside("b")).isEmpty();
        Node cordoned = FakeWorld.with(
                schedulable, true, new Marks(Optional.empty(), Optional.empty(), Optional.of(THEN), false));
        assertThat(after(Duration.ofSeconds(1), cordoned).setAside("b")).contains(Duration.ZERO);
    }

    @Test
    void beginsAnewInEachTerm() {
        Node marked = node("c", true, Optional.of(THEN));
        after(Duration.ZERO, marked);
        sighted.forget();

        Sightings inTheNext = after(Duration.ofSeconds(60), marked);

        assertThat(inTheNext.setAside("c")).contains(Duration.ZERO);
        assertThat(inTheNext.deleting("c")).contains(Duration.ZERO);
    }

    @Test
    void looksAgainAtTheNodesThatAreOthersThanBefore() {
        Node active = node("a", false, Optional.empty());
        Node free = node("b", false, Optional.empty());
        Node setAside = node("b", true, Optional.empty());
        assertThat(after(Duration.ZERO, active, free).setAside()).isEmpty();
        assertThat(after(Duration.ofSeconds(1), active, setAside).setAside()).containsOnlyKeys("b");
        assertThat(after(Duration.ofSeconds(1), setAside).setAside()).isEqualTo(Map.of("b", Duration.ofSeconds(1)));
        assertThat(after(Duration.ofSeconds(1), active, setAside, node("c", true, Optional.empty()))
                        .setAside())
                .isEqualTo(Map.of("b", Duration.ofSeconds(2), "c", Duration.ZERO));
        assertThat(after(Duration.ofSeconds(1), active, free, free).setAside()).isEmpty();
        assertThat(after(Duration.ofSeconds(1)).setAside()).isEmpty();
    }
}
