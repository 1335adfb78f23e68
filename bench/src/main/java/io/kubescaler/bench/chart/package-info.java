/** Draws what was measured. */
@NullMarked
package io.kubescaler.bench.chart;

import org.jspecify.annotations.NullMarked;
