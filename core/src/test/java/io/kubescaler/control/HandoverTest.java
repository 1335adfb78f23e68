package io.kubescaler.control;

import static io.kubescaler.testing.PoolBuilder.NOW;
import static io.kubescaler.testing.PoolBuilder.policy;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubescaler.control.PassRecord.Outcome;
import io.kubescaler.control.PassRecord.Result;
import io.kubescaler.control.PoolController.Ports;
import io.kubescaler.model.PoolNotes;
import io.kubescaler.model.PoolNotes.GrowthOrder;
import io.kubescaler.provider.ProviderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * What a scaler knows of the orders of the one before it. Nodes have 4 slots and the buffer is 4; each controller is a
 * process of its own, and the journal is what they share.
 */
final class HandoverTest {
    private final FakeWorld world = new FakeWorld();
    private final FakeJournal journal = new FakeJournal();
    private int terms;
    private final List<String> atTheOrder = new ArrayList<>();

    private static final class FakeJournal implements PoolJournal {
        private PoolNotes notes = PoolNotes.NONE;
        private Optional<ClusterException> failure = Optional.empty();

        @Override
        public PoolNotes read() {
            return notes;
        }

        @Override
        public void write(UnaryOperator<PoolNotes> change) throws ClusterException {
            if (failure.isPresent()) {
                throw failure.get();
            }
            notes = change.apply(notes);
        }

        private Optional<GrowthOrder> order() {
            return notes.order();
        }
    }

    private final class Term implements Leadership {
        @Override
        public boolean mayAct() {
            return true;
        }

        @Override
        public String term() {
            return String.valueOf(terms);
        }
    }

    private PoolController process() {
        return new PoolController(policy(), new Ports(world, world, new Term(), journal), world.timing(), false);
    }

    private static List<Result> results(PassRecord pass) {
        return pass.outcomes().stream().map(Outcome::result).toList();
    }

    private static String onlyMessage(PassRecord pass) {
        assertThat(pass.outcomes()).hasSize(1);
        return pass.outcomes().get(0).message();
    }

    private void leaderDiesOverAnOrderFor2() {
        world.node("a", 4);
        world.before.put("grow 2", () -> {
            throw new StackOverflowError("the process ends here");
        });
        try {
            process().pass();
        } catch (StackOverflowError end) {
            atTheOrder.add("ended");
        }
        assertThat(atTheOrder).containsExactly("ended");
        world.writes();
    }

    @Test
    void anOrderIsNotedBeforeItIsSent() {
        world.node("a", 4);
        world.before.put("grow 2", () -> atTheOrder.add(journal.order().toString()));
        process().pass();
        assertThat(atTheOrder)
                .containsExactly(Optional.of(new GrowthOrder(2, NOW)).toString());
    }

    @Test
    void theNoteOfAnOrderGoesWhenTheCloudHasAnswered() {
        world.node("a", 4);
        process().pass();
        assertThat(journal.order()).isEmpty();
        world.unplaced = 8;
        process().pass();
        assertThat(world.writes()).containsExactly("grow 2", "grow 4");
    }

    @Test
    void anOrderThatCannotBeNotedIsNotSent() {
        world.node("a", 4);
        journal.failure = Optional.of(new ClusterException(ClusterException.Kind.UNAVAILABLE, "the lease is away"));
        assertThat(onlyMessage(process().pass())).contains("the lease is away");
        assertThat(world.writes()).isEmpty();
    }

    @Test
    void aSuccessorOrdersNoOtherSizeWhileThatOfItsPredecessorMayStillBeCarriedOut() {
        leaderDiesOverAnOrderFor2();
        world.unplaced = 16;
        world.size = 2;
        PoolController successor = process();
        assertThat(onlyMessage(successor.pass()))
                .as("6 nodes are wanted; carried out late, the order for 2 would remove 4 of them")
                .isEqualTo("an order to grow to 2 had no answer and may still be carried out for 91 s");
        world.pass(Duration.ofSeconds(89));
        assertThat(results(successor.pass())).containsExactly(Result.SKIPPED);
        assertThat(world.writes()).isEmpty();
        world.pass(Duration.ofSeconds(1));
        successor.pass();
        assertThat(world.writes()).containsExactly("grow 6");
    }

    @Test
    void aSuccessorRepeatsTheOrderOfItsPredecessorAtOnce() {
        leaderDiesOverAnOrderFor2();
        assertThat(results(process().pass())).containsExactly(Result.DONE);
        assertThat(world.writes()).containsExactly("grow 2");
    }

    @Test
    void aNoteOfAnOrderThatIsVoidGoesByItself() {
        leaderDiesOverAnOrderFor2();
        world.size = 2;
        PoolController successor = process();
        successor.pass();
        assertThat(journal.order()).isPresent();
        world.pass(Duration.ofSeconds(90));
        successor.pass();
        assertThat(journal.order()).isEmpty();
    }

    @Test
    void waitsWithItsFirstOrderWhereNothingTellsOfEarlierOnes() {
        world.node("a", 4);
        journal.notes = PoolNotes.UNKNOWN;
        PoolController process = process();
        assertThat(onlyMessage(process.pass()))
                .isEqualTo(
                        "nothing tells which orders an earlier process had sent; one may still be carried out for 91 s");
        world.pass(Duration.ofSeconds(90));
        process.pass();
        assertThat(world.writes()).containsExactly("grow 2");
        assertThat(journal.notes.ordersKnown()).isTrue();
    }

    @Test
    void whoComesToLeadAgainKnowsItsOwnOrderAndThatOfWhoLedMeanwhile() {
        world.node("a", 4);
        PoolController first = process();
        world.cloudErrors.put("grow 2", new ProviderException.Transient("no answer"));
        first.pass();
        world.cloudErrors.clear();
        journal.notes = PoolNotes.NONE.withOrder(new GrowthOrder(5, NOW));
        world.unplaced = 16;
        world.writes();
        terms++;
        assertThat(onlyMessage(first.pass())).contains("grow to 2 and to 5");
        assertThat(world.writes()).isEmpty();
    }

    @Test
    void whatWasDecidedInOneTermIsNotCarriedOutInAnother() {
        world.node("a", 4);
        // another one has led, and ordered, while the pass was under way
        world.before.put("describe", () -> {
            terms++;
            journal.notes = PoolNotes.NONE.withOrder(new GrowthOrder(9, NOW));
        });
        PoolController first = process();
        assertThat(results(first.pass())).containsExactly(Result.NOT_ACTING);
        assertThat(world.writes()).isEmpty();
        assertThat(journal.order()).map(GrowthOrder::size).contains(9);
        assertThat(onlyMessage(first.pass())).contains("grow to 9");
    }

    @Test
    void aLeaseThatWasLostAndTakenAgainByNobodyElseIsTheSameTerm() {
        world.node("a", 4);
        world.cloudErrors.put("grow 2", new ProviderException.QuotaExceeded("droplet limit"));
        PoolController first = process();
        first.pass();
        assertThat(first.pass().plan().message()).as("the pause is remembered").contains("droplet limit");
    }
}
