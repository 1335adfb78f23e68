/** The time from the start of the program to its first decision, and the class archive that shortens it. */
@NullMarked
package io.kubescaler.app.startup;

import org.jspecify.annotations.NullMarked;
