/** The Kubernetes cluster, read by list and watch into the model, and written to by conditional patches. */
@NullMarked
package io.kubescaler.kubernetes;

import org.jspecify.annotations.NullMarked;
