package io.kubescaler.simulated;

import io.kubescaler.model.Pod;
import java.time.Instant;

/**
 * A live pod that died because its node went. For a dedicated server this is what must never happen. Immutable and
 * thread-safe.
 *
 * @param pod the pod as it was
 * @param node the node that went
 * @param at when
 */
public record PodDeath(Pod pod, String node, Instant at) {}
