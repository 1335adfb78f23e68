package io.kubescaler.model;

import static io.kubescaler.testing.PoolBuilder.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Instance.State;
import io.kubescaler.testing.PoolBuilder;
import io.kubescaler.testing.PoolBuilder.NodeBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class MachineIdentityTest {
    private static final String LABEL = "cloud/id";
    private static final LabelSelector POOL = LabelSelector.parse("pool=games");

    private final Node anonymous = node(Optional.empty());

    private static Node node(Optional<String> providerId) {
        return node(node -> node.providerId(providerId));
    }

    private static Node labelled(String id) {
        return node(node -> node.providerId(Optional.empty()).label(LABEL, id));
    }

    private static Node unreadable(String what) {
        return node(node -> node.providerId(Optional.empty()).unreadable(what));
    }

    private static Node node(Consumer<NodeBuilder> asItIs) {
        return new PoolBuilder()
                .node("n", 0, node -> asItIs.accept(node.age(Duration.ZERO).withoutInstance()))
                .cluster()
                .nodes()
                .get(0);
    }

    private static Instance instance(String id, String providerId, String name) {
        return new Instance(id, Optional.of(providerId), Optional.of(name), State.RUNNING, "", NOW);
    }

    private static MachineIdentity alone(Instance instance) {
        return new MachineIdentity(instance, Optional.of(LABEL), List.of(instance));
    }

    @Test
    void mayBeANodeThatNothingTellsFromIt() {
        assertThat(alone(instance("1", "p1", "")).mayBe(anonymous)).isTrue();
        assertThat(alone(instance("1", "", "")).mayBe(node(Optional.of("p1")))).isTrue();
    }

    @Test
    void isNoNodeThatTellsOtherwise() {
        assertThat(alone(instance("1", "p1", "")).mayBe(node(Optional.of("p2"))))
                .isFalse();
        assertThat(alone(instance("1", "p1", "other")).mayBe(anonymous)).isFalse();
    }

    @Test
    void isNoNodeOfAnotherMachineOfThePool() {
        Instance nameless = instance("1", "", "");
        Instance other = instance("2", "", "n");
        assertThat(new MachineIdentity(nameless, Optional.empty(), List.of(nameless, other)).mayBe(anonymous))
                .isFalse();
    }

    @Test
    void isNoNodeOutsideThatRegisteredBeforeItWasOrdered() {
        Instance later = new Instance(
                "1", Optional.of("p1"), Optional.empty(), State.RUNNING, "", NOW.plus(Duration.ofMinutes(6)));
        assertThat(alone(later).isOlder(anonymous)).isTrue();
        assertThat(alone(later).mayBe(anonymous)).isTrue();
        assertThat(alone(later).mayBeOutside(anonymous, POOL)).isFalse();
    }

    @Test
    void takesAnEmptyTextForNoIdentity() {
        assertThat(alone(instance("1", "", "")).is(node(Optional.of("")))).isFalse();
        assertThat(alone(instance("1", "p1", "")).mayBe(node(Optional.of("")))).isTrue();
        assertThat(alone(instance("1", "", "")).mayBe(labelled(""))).isTrue();
        assertThat(alone(instance("1", "", "")).mayBe(labelled("2"))).isFalse();
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(alone(instance("1", "p1", "")).cannotBeToldFrom(anonymous))
                .isEqualTo("node n may be this machine, and nothing tells them apart: set its spec.providerID");
        assertThat(alone(instance("1", "", "")).cannotBeToldFrom(node(Optional.of("p2"))))
                .endsWith(": set its label cloud/id to the id of its machine");
        Instance nameless = instance("1", "", "");
        assertThat(new MachineIdentity(nameless, Optional.empty(), List.of(nameless)).cannotBeToldFrom(anonymous))
                .endsWith(": the cloud tells neither the provider ID of the machine nor the name of its node");
        assertThat(alone(instance("1", "p1", "")).cannotBeToldFrom(unreadable("spec: not an object")))
                .endsWith(": what cannot be read of it: spec: not an object");
    }

    @Test
    void mayBeOutsideThePoolByItsProviderIdAlone() {
        assertThat(alone(instance("1", "p1", "")).mayBeOutside(anonymous, POOL)).isTrue();
        assertThat(alone(instance("1", "", "")).mayBeOutside(anonymous, POOL)).isFalse();
    }
}
