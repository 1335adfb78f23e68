package io.kubescaler.app.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.model.Node;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Reason;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The watcher of the node that a replica runs on. */
final class OwnNodeGoesLastTest extends PoolAtRest {
    private Node own;
    private Node other;

    OwnNodeGoesLastTest() {
        super(Scenario.uneventful().movedOntoThePool());
    }

    @BeforeEach
    void tellThemApart() {
        own = world.node(replica.ownNode().orElseThrow()).orElseThrow();
        other = world.journals().nodesNow().stream()
                .filter(it -> !it.name().equals(own.name()))
                .findFirst()
                .orElseThrow();
        node = other;
    }

    @Test
    void saysNothingOfAPoolThatDoesWhatItShould() {
        assertThat(world.journals().nodesNow()).as("a surplus node is gone").hasSize(2);
        assertThat(world.history().violations()).isEmpty();
    }

    @Test
    void noticesThatItIsSetAsideInPlaceOfAnother() {
        tell(watcher -> watcher.passed(replica, record(cordon(own))));

        assertThat(violations("own node")).singleElement().asString().contains(other.name() + " could go");
    }

    @Test
    void saysNothingWhenTheOtherGoesToo() {
        tell(watcher -> watcher.passed(replica, record(cordon(other), cordon(own))));

        assertThat(violations("own node")).isEmpty();
    }

    @Test
    void saysNothingWhenTheOtherIsToBeKept() {
        world.cluster().setKeep(other.name(), true);
        look();
        tell(watcher -> watcher.passed(replica, record(cordon(own), delete(own))));

        assertThat(violations("own node")).isEmpty();
    }

    @Test
    void saysNothingWhenTheOtherHasLessToGive() {
        // more than the other has free
        world.cluster().bindPod(Scenario.server("s"), own.name());
        look();
        tell(watcher -> watcher.passed(replica, record(cordon(own))));

        assertThat(violations("own node")).isEmpty();
    }

    @Test
    void noticesThatItIsDeletedInPlaceOfAnother() {
        setOtherAside();
        tell(watcher -> watcher.passed(replica, record(delete(own))));

        assertThat(violations("own node")).singleElement().asString().contains("deletes node " + own.name());
    }

    @Test
    void saysNothingOfItsDeletionWhenTheOtherHasAServer() {
        world.cluster().bindPod(Scenario.server("s"), other.name());
        setOtherAside();
        tell(watcher -> watcher.passed(replica, record(delete(own))));

        assertThat(violations("own node")).isEmpty();
    }

    @Test
    void saysNothingOfItsDeletionWhenTheOtherGoesToo() {
        setOtherAside();
        tell(watcher -> watcher.passed(replica, record(delete(other), delete(own))));

        assertThat(violations("own node")).isEmpty();
    }

    @Test
    void endsAReplicaWithItsNode() {
        world.cluster().removeNode(own.name());

        assertThat(replica.isAlive()).isFalse();
        pass(Duration.ofSeconds(10));
        assertThat(world.replica(0).orElseThrow().ownNode()).contains(other.name());
    }

    // before the replica takes it back
    private void setOtherAside() {
        cordoned(marks(replica.wallTime(), replica.wallTime()));
        look();
    }

    private void look() {
        pass(Duration.ofMillis(200));
        replica.cluster().observe();
    }

    private static Action cordon(Node node) {
        return new Action.Cordon(node.name(), true, new Reason.Surplus(8, 4, 4, 0));
    }

    private Action delete(Node node) {
        return new Action.Delete(
                World.machineOf(node),
                Optional.of(node.name()),
                new Reason.Expired(replica.wallTime(), Duration.ofMinutes(5), Duration.ofMinutes(2)));
    }
}
