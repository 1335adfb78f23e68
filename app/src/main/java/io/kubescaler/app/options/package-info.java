/** Options that several commands have. */
@NullMarked
package io.kubescaler.app.options;

import org.jspecify.annotations.NullMarked;
