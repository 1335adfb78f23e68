/** Benchmarks of what is not visible outside its package. */
@NullMarked
package io.kubescaler.kubernetes.pool;

import org.jspecify.annotations.NullMarked;
