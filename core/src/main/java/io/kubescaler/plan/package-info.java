/** The decision: a pure function from a snapshot, a policy and a time to a plan. No I/O, no clock, no randomness. */
@NullMarked
package io.kubescaler.plan;

import org.jspecify.annotations.NullMarked;
