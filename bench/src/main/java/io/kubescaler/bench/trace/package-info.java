/** Makes traces of servers. */
@NullMarked
package io.kubescaler.bench.trace;

import org.jspecify.annotations.NullMarked;
