package io.kubescaler.control;

import io.kubescaler.model.PoolNotes;
import io.kubescaler.model.PoolNotes.GrowthOrder;
import io.kubescaler.model.TimeBudget;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Knows which orders to grow the cloud may still carry out, of this process or of the one that led before it. Such an order
 * names a size: carried out after a larger one it removes nodes, and the cloud chooses which. So while one may come, no
 * other size is ordered. For one thread.
 */
final class GrowthOrders {
    private final PoolJournal journal;
    private final TimeBudget budget;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final List<Open> open = new ArrayList<>();

    /**
     * An order of which nobody knows what became of it.
     *
     * @param size the size that was ordered; empty when it is not even known whether there was an order
     * @param voidAtNanos when it is void: the cloud carries it out before or never
     */
    private record Open(OptionalInt size, long voidAtNanos) {}

    GrowthOrders(PoolJournal journal, TimeBudget budget, Clock clock, LongSupplier nanoTime) {
        this.journal = journal;
        this.budget = budget;
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** Takes over from whoever led before: what is noted as unanswered may still come. */
    void inherit() {
        PoolNotes notes = journal.read();
        if (!notes.ordersKnown()) {
            mayCome(OptionalInt.empty(), budget.inheritedOrder());
        }
        notes.order().ifPresent(order -> mayCome(OptionalInt.of(order.size()), budget.inheritedOrder()));
    }

    // clocks of two processes are never compared: the time counts from when this one learnt of the order, which is
    // later
    private void mayCome(OptionalInt size, Duration within) {
        open.add(new Open(size, nanoTime.getAsLong() + within.toNanos()));
    }

    /** Returns whether an order may still be carried out. */
    boolean mayStillCome() {
        long now = nanoTime.getAsLong();
        open.removeIf(order -> order.voidAtNanos() - now <= 0);
        return !open.isEmpty();
    }

    /**
     * Returns the size to order in place of the wanted one: the same as that of the orders that may still come, for a
     * repeated order does no harm.
     *
     * @param present the size that the pool has
     * @throws Unsafe when no order is safe now
     */
    int safeSize(int wanted, int present) throws Unsafe {
        if (!mayStillCome()) {
            return wanted;
        }
        Set<OptionalInt> sizes = open.stream().map(Open::size).collect(Collectors.toSet());
        OptionalInt only = sizes.size() == 1 ? sizes.iterator().next() : OptionalInt.empty();
        if (only.isPresent() && only.getAsInt() <= wanted && only.getAsInt() > present) {
            return only.getAsInt();
        }
        throw new Unsafe(
                sizes.contains(OptionalInt.empty())
                        ? "nothing tells which orders an earlier process had sent; one may still be carried out for %d s"
                                .formatted(secondsLeft())
                        : "%s had no answer and may still be carried out for %d s"
                                .formatted(told(sizes), secondsLeft()));
    }

    private static String told(Set<OptionalInt> sizes) {
        String all = sizes.stream()
                .mapToInt(OptionalInt::orElseThrow)
                .sorted()
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(" and to "));
        return (sizes.size() == 1 ? "an order to grow to " : "orders to grow to ") + all;
    }

    private long secondsLeft() {
        long last = open.stream()
                .mapToLong(order -> order.voidAtNanos() - nanoTime.getAsLong())
                .max()
                .orElse(0);
        return Duration.ofNanos(last).toSeconds() + 1;
    }

    /**
     * Notes an order that is about to be sent, where a successor reads it.
     *
     * @throws ClusterException when it could not be noted; the order must then not be sent
     */
    void sending(int size) throws ClusterException {
        GrowthOrder order = new GrowthOrder(size, clock.instant());
        journal.write(notes -> notes.withOrder(order));
    }

    /** Notes that the cloud did not say what became of the order, or that the call broke off. */
    void unanswered(int size) {
        mayCome(OptionalInt.of(size), TimeBudget.LATE_ORDER);
    }

    /** Returns whether the notes tell of an order that can no longer come, or of orders that nobody knows. */
    boolean hasSpentNote() {
        PoolNotes notes = journal.read();
        return !mayStillCome() && (notes.order().isPresent() || !notes.ordersKnown());
    }

    /**
     * Notes that no order can come any more.
     *
     * @throws ClusterException when it is not noted; a successor then waits in vain
     */
    void clearNote() throws ClusterException {
        journal.write(PoolNotes::withoutOrder);
    }

    /** No order is safe now. The message is fit for people. */
    static final class Unsafe extends Exception {
        private static final long serialVersionUID = 1L;

        Unsafe(String message) {
            super(message);
        }
    }
}
