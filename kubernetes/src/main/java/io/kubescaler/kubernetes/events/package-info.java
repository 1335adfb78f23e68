/** Tells what the scaler does as Kubernetes Events, where {@code kubectl describe node} shows them. */
@NullMarked
package io.kubescaler.kubernetes.events;

import org.jspecify.annotations.NullMarked;
