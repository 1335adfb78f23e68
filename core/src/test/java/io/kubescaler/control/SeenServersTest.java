package io.kubescaler.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PoolController.Ports;
import io.kubescaler.model.LabelSelector;
import io.kubescaler.model.PoolNotes;
import io.kubescaler.model.PoolPolicy;
import io.kubescaler.model.ServersFound.CarriedLabel;
import io.kubescaler.plan.Condition;
import io.kubescaler.testing.PolicyBuilder;
import io.kubescaler.testing.PoolBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a controller knows of the servers that have been seen, over restarts. */
final class SeenServersTest {
    private final FakeWorld world = new FakeWorld();
    private final Notes notes = new Notes();
    private final PoolPolicy policy = PoolBuilder.policy();

    /** A journal that remembers what was written, and may refuse. */
    private static final class Notes implements PoolJournal {
        private final List<PoolNotes> written = new ArrayList<>();
        private PoolNotes now = PoolNotes.NONE;
        private boolean refuses;

        @Override
        public PoolNotes read() {
            return now;
        }

        @Override
        public void write(UnaryOperator<PoolNotes> change) throws ClusterException {
            PoolNotes notes = change.apply(now);
            written.add(notes);
            if (refuses) {
                throw new ClusterException(ClusterException.Kind.UNAVAILABLE, "503");
            }
            now = notes;
        }
    }

    private PoolController controller(PoolPolicy asked, boolean dryRun) {
        return new PoolController(asked, new Ports(world, world, () -> true, notes), world.timing(), dryRun);
    }

    private FakeWorld surplus() {
        world.serversElsewhere = 0;
        return world.node("a", 0).node("b", 0).node("c", 0);
    }

    @Test
    void setsNothingAsideUntilOneIsSeenAndNotesItOnce() {
        surplus();
        PoolController controller = controller(policy, false);

        PassRecord unseen = controller.pass();
        assertThat(unseen.plan().condition()).isEqualTo(Condition.NO_SERVER_SEEN);
        assertThat(world.writes()).isEmpty();
        assertThat(notes.written).isEmpty();

        world.serversElsewhere = 1;
        controller.pass();
        controller.pass();

        assertThat(notes.written)
                .singleElement()
                .extracting(PoolNotes::serversSeen)
                .isEqualTo(Optional.of("app=server"));
        assertThat(world.writes()).containsExactly("cordon a", "cordon b");
    }

    @Test
    void knowsAfterARestartWhatWasSeenBefore() {
        surplus();
        notes.now = PoolNotes.NONE.withServersSeen("app=server");

        controller(policy, false).pass();

        assertThat(world.writes()).containsExactly("cordon a", "cordon b");
    }

    @Test
    void knowsNothingBySelectorsOfBefore() {
        surplus();
        notes.now = PoolNotes.NONE.withServersSeen("app=server");
        PoolPolicy changed = new PolicyBuilder()
                .serverSelector(LabelSelector.parse("app=sever"))
                .build();

        PassRecord pass = controller(changed, false).pass();

        assertThat(pass.plan().condition()).isEqualTo(Condition.NO_SERVER_SEEN);
        assertThat(world.writes()).isEmpty();
    }

    @Test
    void readsTheNotesOnEachPassUntilServersHaveBeenSeen() {
        surplus();
        PoolController controller = controller(policy, false);
        controller.pass();
        assertThat(world.writes()).isEmpty();

        notes.now = PoolNotes.NONE.withServersSeen("app=server");
        controller.pass();

        assertThat(world.writes()).containsExactly("cordon a", "cordon b");
    }

    @Test
    void triesAFailedNoteAgainWithPausesAndActsMeanwhile() {
        surplus();
        world.serversElsewhere = 1;
        notes.refuses = true;
        PoolController controller = controller(policy, false);

        controller.pass();
        assertThat(world.writes()).containsExactly("cordon a", "cordon b");
        controller.pass();
        controller.pass();
        assertThat(notes.written).as("at once, and then after a pause").hasSize(2);

        notes.refuses = false;
        world.pass(Duration.ofSeconds(1));
        controller.pass();
        controller.pass();
        assertThat(notes.written).hasSize(3);
        assertThat(notes.now.serversSeen()).contains("app=server");
    }

    @Test
    void notesNothingInADryRun() {
        surplus();
        world.serversElsewhere = 1;

        controller(policy, true).pass();

        assertThat(notes.written).isEmpty();
    }

    @Test
    void looksWhichLabelsPodsCarryInsteadNowAndThen() {
        surplus().carried = List.of(new CarriedLabel("app=severs", 2));
        PoolController controller = controller(policy, false);

        assertThat(controller.pass().plan().message()).contains("the nearest first: app=severs (2)");
        world.pass(Duration.ofMinutes(9));
        controller.pass();
        assertThat(world.calls.stream().filter(call -> call.startsWith("readLabels")))
                .hasSize(1);

        world.pass(Duration.ofMinutes(2));
        controller.pass();
        assertThat(world.calls.stream().filter(call -> call.startsWith("readLabels")))
                .hasSize(2);
    }

    @Test
    void saysSoWhenTheLabelsCannotBeRead() {
        surplus()
                .clusterErrors
                .put(
                        "readLabels app=server",
                        new ClusterException(ClusterException.Kind.UNAVAILABLE, "no answer in time"));

        PassRecord pass = controller(policy, false).pass();

        assertThat(pass.plan().condition()).isEqualTo(Condition.NO_SERVER_SEEN);
        assertThat(pass.plan().message()).doesNotContain("nearest");
    }
}
