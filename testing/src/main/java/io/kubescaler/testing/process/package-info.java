/** Programs run beside the tests, and the wire to them. */
@NullMarked
package io.kubescaler.testing.process;

import org.jspecify.annotations.NullMarked;
