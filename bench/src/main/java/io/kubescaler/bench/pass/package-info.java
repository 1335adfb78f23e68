/** Benchmarks of the pass alone. */
@NullMarked
package io.kubescaler.bench.pass;

import org.jspecify.annotations.NullMarked;
