/** Keeps one pool at its buffer: observes, plans and acts, one pass at a time. */
@NullMarked
package io.kubescaler.control;

import org.jspecify.annotations.NullMarked;
