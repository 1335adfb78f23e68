/** What is read from files that may be replaced while the process runs. */
@NullMarked
package io.kubescaler.app.secrets;

import org.jspecify.annotations.NullMarked;
