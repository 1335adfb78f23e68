/**
 * Runs the shipped program as a child process between a cluster and a cloud of any size, and measures it from outside.
 */
@NullMarked
package io.kubescaler.bench.load;

import org.jspecify.annotations.NullMarked;
