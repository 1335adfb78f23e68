package io.kubescaler.app.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord;
import io.kubescaler.model.Node;
import io.kubescaler.plan.Action;
import io.kubescaler.plan.Condition;
import io.kubescaler.plan.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The watcher of nodes that are taken back while the cloud cannot be read. */
final class NodesComeBackWithoutTheCloudTest extends PoolAtRest {
    private NodesComeBackWithoutTheCloud watcher;
    private Node other;

    NodesComeBackWithoutTheCloudTest() {
        super(Scenario.uneventful());
    }

    @BeforeEach
    void haveAServerWaitThatOnlyACordonedNodeTakes() {
        watcher = new NodesComeBackWithoutTheCloud(world);
        watcher.passed(replica, record());
        other = world.journals().nodesNow().stream()
                .filter(it -> !it.name().equals(node.name()))
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < Scenario.SLOTS_PER_NODE; i++) {
            world.cluster().bindPod(Scenario.server("full-" + i), other.name());
        }
        cordoned(marks(replica.wallTime(), replica.wallTime()));
        world.cluster().createPod(Scenario.server("waits"));
        look();
    }

    @Test
    void noticesThatItIsLeftCordoned() {
        watcher.passed(replica, withoutTheCloud());

        assertThat(violations("I13"))
                .singleElement()
                .asString()
                .contains("leaves node %s cordoned while the cloud is away and server waits waits"
                        .formatted(node.name()));
    }

    @Test
    void noticesThatAnotherIsTakenBackInItsPlace() {
        watcher.passed(replica, withoutTheCloud(uncordon(other)));

        assertThat(violations("I13")).hasSize(1);
    }

    @Test
    void saysNothingWhenItIsTakenBack() {
        watcher.passed(replica, withoutTheCloud(uncordon(node)));

        assertThat(violations("I13")).isEmpty();
    }

    @Test
    void saysNothingWhenItIsToBeKept() {
        world.cluster().setKeep(node.name(), true);
        look();
        watcher.passed(replica, withoutTheCloud());

        assertThat(violations("I13")).isEmpty();
    }

    @Test
    void saysNothingWhenNobodyHasHeardOfTheCloudInThisTerm() {
        new NodesComeBackWithoutTheCloud(world).passed(replica, withoutTheCloud());

        assertThat(violations("I13")).isEmpty();
    }

    // before the replica takes it back
    private void look() {
        pass(Duration.ofMillis(200));
        replica.cluster().observe();
    }

    private PassRecord withoutTheCloud(Action... actions) {
        return new PassRecord(plan(Condition.CLOUD_UNREADABLE, "it is away", actions), List.of(), Duration.ZERO);
    }

    private static Action uncordon(Node node) {
        return new Action.Uncordon(node.name(), World.machineOf(node), new Reason.RoomForServer(4, 0));
    }
}
