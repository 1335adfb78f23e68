/** Measures the pass and the program. Nothing here runs in a build; {@code docs/performance.md} has the commands. */
@NullMarked
package io.kubescaler.bench;

import org.jspecify.annotations.NullMarked;
