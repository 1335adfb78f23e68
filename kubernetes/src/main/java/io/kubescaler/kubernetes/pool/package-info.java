/** The nodes and pods of the cluster as each pool sees them, and the writes to its nodes. */
@NullMarked
package io.kubescaler.kubernetes.pool;

import org.jspecify.annotations.NullMarked;
