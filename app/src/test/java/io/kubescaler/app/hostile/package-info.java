/**
 * The production controller against every fault that can be named, on a virtual clock: one seed decides everything that
 * happens, and small checkers look at every step.
 */
@NullMarked
package io.kubescaler.app.hostile;

import org.jspecify.annotations.NullMarked;
