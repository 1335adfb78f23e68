package io.kubescaler.plan;

import java.util.Optional;

/**
 * What a pass makes of one node or instance. Immutable and thread-safe.
 *
 * @param name the node's name; empty for an instance without a node
 * @param instance the cloud's id of it; empty for a node that the cloud does not list
 * @param state its state
 * @param servers live servers on it
 * @param slots its part of the plan's {@code free} when it is active, of {@code upcoming} when it is booting, else 0
 * @param verdict what was done with it and why, or why nothing
 */
public record NodeReport(
        Optional<String> name, Optional<String> instance, NodeState state, int servers, long slots, String verdict) {}
