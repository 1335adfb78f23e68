/**
 * A cloud and a cluster in memory, on one clock that can be virtual, sped up or real: for demonstrations, simulations and
 * tests. Everything random comes from one seed, and the same seed gives the same history.
 */
@NullMarked
package io.kubescaler.simulated;

import org.jspecify.annotations.NullMarked;
