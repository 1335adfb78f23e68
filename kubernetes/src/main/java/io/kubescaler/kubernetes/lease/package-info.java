/** Leader election over a Lease, fenced so that two replicas never act at once. */
@NullMarked
package io.kubescaler.kubernetes.lease;

import org.jspecify.annotations.NullMarked;
