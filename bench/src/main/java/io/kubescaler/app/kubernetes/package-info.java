/** Benchmarks of what is not visible outside its package. */
@NullMarked
package io.kubescaler.app.kubernetes;

import org.jspecify.annotations.NullMarked;
