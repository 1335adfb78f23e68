/** The commands, and what puts the program together. */
@NullMarked
package io.kubescaler.app.cli;

import org.jspecify.annotations.NullMarked;
