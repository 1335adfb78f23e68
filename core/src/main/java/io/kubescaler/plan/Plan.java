package io.kubescaler.plan;

import io.kubescaler.model.PoolHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The outcome of one pass: what to do, why, and what is thought of every node. Immutable and thread-safe.
 *
 * @param pool the pool's name
 * @param now the time that the pass was made for
 * @param condition how the pool stands
 * @param message the condition as a sentence with its numbers
 * @param size the number of nodes that the cloud has been asked for; 0 when it is not known
 * @param free slots free now, for servers nobody has created yet and for unplaced ones
 * @param buffer how many must stand free
 * @param unplaced servers that are on no node yet and could be placed on one of the pool's
 * @param required the buffer, and the slots that the unplaced servers fill: one or more each
 * @param serverPods live pods of the whole cluster that match the server selector; 0 when that is not known
 * @param upcoming slots on nodes that are booting
 * @param slotsPerNewNode slots that a new node will have; empty when not known
 * @param waitingSince since when the server waits for a node that has waited longest, of those that count as unplaced
 *     and those that the pool cannot take; empty when none waits, or when it is not known
 * @param marks changes to our own annotations, to be made before the actions
 * @param actions what to do, in this order
 * @param nodes one report for each node and each instance without one, by name and then by instance
 * @param history what the next pass is to be given
 */
public record Plan(
        String pool,
        Instant now,
        Condition condition,
        String message,
        int size,
        long free,
        int buffer,
        int unplaced,
        long required,
        int serverPods,
        long upcoming,
        OptionalLong slotsPerNewNode,
        Optional<Instant> waitingSince,
        List<Mark> marks,
        List<Action> actions,
        List<NodeReport> nodes,
        PoolHistory history) {
    public Plan {
        marks = List.copyOf(marks);
        actions = List.copyOf(actions);
        // reports that are still to be written are as immutable
        nodes = nodes instanceof Reports ? nodes : List.copyOf(nodes);
    }

    /**
     * Returns an equal plan for whoever keeps it for long: with its reports written, so that it holds on to none of the
     * nodes that it was made from.
     */
    public Plan forKeeping() {
        return new Plan(
                pool,
                now,
                condition,
                message,
                size,
                free,
                buffer,
                unplaced,
                required,
                serverPods,
                upcoming,
                slotsPerNewNode,
                waitingSince,
                marks,
                actions,
                new ArrayList<>(nodes),
                history);
    }
}
