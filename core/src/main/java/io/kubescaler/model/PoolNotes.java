package io.kubescaler.model;

import java.time.Instant;
import java.util.Optional;

/**
 * What must outlive the process and belongs to no node: what a successor has to know of a pool before it acts. Immutable
 * and thread-safe.
 *
 * @param order the last order to grow that the cloud has not answered yet; empty when every order was answered
 * @param serversSeen the server selector, as text, by which at least one server has been seen; empty when none ever was
 */
public record PoolNotes(Optional<GrowthOrder> order, Optional<String> serversSeen) {
    /** Nothing has been noted. */
    public static final PoolNotes NONE = new PoolNotes(Optional.empty(), Optional.empty());

    /** Returns these notes with another order. */
    public PoolNotes withOrder(Optional<GrowthOrder> other) {
        return new PoolNotes(other, serversSeen);
    }

    /** Returns these notes with another selector by which servers have been seen. */
    public PoolNotes withServersSeen(String selector) {
        return new PoolNotes(order, Optional.of(selector));
    }

    /**
     * An order to grow.
     *
     * @param size the size that was ordered: how many nodes in all
     * @param at when it was sent, on the wall clock of the process that sent it
     */
    public record GrowthOrder(int size, Instant at) {}
}
