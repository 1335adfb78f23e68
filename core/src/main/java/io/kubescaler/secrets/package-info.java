/** Secrets that are read from files, and read again when they change. Depends on the JDK and slf4j only. */
@NullMarked
package io.kubescaler.secrets;

import org.jspecify.annotations.NullMarked;
