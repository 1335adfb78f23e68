/** What is known of a pool at one moment, as plain immutable values. All types are thread-safe. */
@NullMarked
package io.kubescaler.model;

import org.jspecify.annotations.NullMarked;
