/** Lists and watches one kind of objects, and knows how far what it has heard may be relied on. */
@NullMarked
package io.kubescaler.kubernetes.watch;

import org.jspecify.annotations.NullMarked;
