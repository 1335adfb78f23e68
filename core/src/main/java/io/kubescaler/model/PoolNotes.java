package io.kubescaler.model;

import java.time.Instant;
import java.util.Optional;

/**
 * What must outlive the process and belongs to no node: what a successor has to know of a pool before it acts. Immutable
 * and thread-safe.
 *
 * @param ordersKnown whether {@code order} tells of every order that may still be carried out; false where nothing tells
 *     what an earlier process ordered
 * @param order the last order to grow that the cloud has not answered yet; empty when every order was answered
 * @param serversSeen the server selector, as text, by which at least one server has been seen; empty when none ever was
 */
public record PoolNotes(boolean ordersKnown, Optional<GrowthOrder> order, Optional<String> serversSeen) {
    /** Every order was answered, and no server was ever seen. */
    public static final PoolNotes NONE = new PoolNotes(true, Optional.empty(), Optional.empty());

    /** Nothing tells of an earlier process: there are no notes, or they cannot be read. */
    public static final PoolNotes UNKNOWN = new PoolNotes(false, Optional.empty(), Optional.empty());

    /** Returns these notes with that order as the last one. */
    public PoolNotes withOrder(GrowthOrder last) {
        return new PoolNotes(ordersKnown, Optional.of(last), serversSeen);
    }

    /** Returns these notes when no order can come any more. */
    public PoolNotes withoutOrder() {
        return new PoolNotes(true, Optional.empty(), serversSeen);
    }

    /** Returns these notes with the selector by which servers have been seen. */
    public PoolNotes withServersSeen(String selector) {
        return new PoolNotes(ordersKnown, order, Optional.of(selector));
    }

    /**
     * An order to grow.
     *
     * @param size the size that was ordered: how many nodes in all
     * @param at when it was sent, on the wall clock of the process that sent it
     */
    public record GrowthOrder(int size, Instant at) {}
}
